// The test's hand on the fake switch: cables, MACs, restarts, silence; each order is carried out when its promise resolves.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export type SwitchOrder =
  | {
      readonly do: 'link'
      readonly port: number
      readonly up: boolean
      readonly speed?: number
      /** UDP port that hears a trap about it. */
      readonly trap?: number
    }
  /** Down and up again, faster than anybody can ask. */
  | { readonly do: 'flap'; readonly port: number; readonly trap?: number }
  /** Port 0 forgets the MAC. */
  | { readonly do: 'learn'; readonly mac: string; readonly port: number; readonly vlan?: number }
  | { readonly do: 'restart' }
  | { readonly do: 'remove' | 'restore'; readonly port: number }
  | {
      readonly do: 'mode'
      readonly mode: { readonly silent?: boolean; readonly slowMs?: number; readonly loss?: number }
    }
  | { readonly do: 'look' }

export interface SwitchState {
  /** ifAdminStatus and pethPsePortAdminEnable by port, 1 on, 2 off. */
  readonly admin: readonly number[]
  readonly poe: readonly number[]
  /** Datagrams that came in. */
  readonly asked: number
  readonly upTime: number
}

export class FakeSwitch {
  readonly #child: ChildProcess
  readonly port: number

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
  }

  /** Community `bench`; user `reseal` with `a-long-auth-key` (sha256) and `a-long-priv-key` (aes). */
  static async start(ports = 48): Promise<FakeSwitch> {
    const child = fork(new URL('./fake-switch-process.ts', import.meta.url), [String(ports)])
    const [{ port }] = (await once(child, 'message')) as [{ port: number }]
    return new FakeSwitch(child, port)
  }

  async order(order: SwitchOrder): Promise<SwitchState> {
    const answer = once(this.#child, 'message')
    this.#child.send(order)
    return (await answer)[0] as SwitchState
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.disconnect()
    await ended
  }
}
