// A network card of the machine, its cable moved by the host.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { until } from '../../fakes/pty.ts'
import { host } from './host.ts'

const NET = '/sys/class/net'
const CARRIER_MS = 10_000

/** One card by the number that the host gave its hardware address. */
export class Card {
  readonly #number: number
  readonly #slot: string
  readonly #driver: string
  readonly iface: string

  constructor(number: number) {
    this.#number = number
    this.iface = Card.find(number) ?? ''
    this.#slot = basename(realpathSync(join(NET, this.iface, 'device')))
    this.#driver = realpathSync(join(NET, this.iface, 'device/driver'))
  }

  static find(number: number): string | undefined {
    const address = `52:54:00:00:00:0${number}`
    return readdirSync(NET).find((name) => read(join(NET, name, 'address')) === address)
  }

  get driver(): string {
    return basename(this.#driver)
  }

  get downs(): number {
    return Number(read(join(NET, this.iface, 'carrier_down_count')))
  }

  wake(): void {
    execFileSync('ip', ['link', 'set', this.iface, 'up'])
  }

  /** Moves the cable and waits until the kernel's driver has noticed. */
  async cable(isIn: boolean): Promise<void> {
    await host.ask('cable', { card: `card${this.#number}`, isIn })
    const carrier = isIn ? '1' : '0'
    await until(
      `carrier ${carrier} of ${this.iface}`,
      () => read(join(NET, this.iface, 'carrier')) === carrier,
      CARRIER_MS,
    )
  }

  remove(): void {
    writeFileSync(join(this.#driver, 'unbind'), this.#slot)
  }

  /** The card comes back with its cable out. */
  async restore(): Promise<void> {
    await host.ask('cable', { card: `card${this.#number}`, isIn: false })
    writeFileSync(join(this.#driver, 'bind'), this.#slot)
    await until('the card is back', () => Card.find(this.#number) === this.iface, CARRIER_MS)
    this.wake()
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
