// What the soak's station process asks of the desk at the other side of its cables.
import { type ChildProcess, fork } from 'node:child_process'

export interface DeskPlaces {
  readonly chips: readonly string[]
  readonly picos: readonly string[]
  readonly scanners: readonly string[]
  readonly lamps: readonly string[]
  readonly cards: readonly string[]
  readonly switchPort: number
}

export type DeskOrder =
  | { readonly do: 'places' }
  | { readonly do: 'card'; readonly at: number; readonly up: boolean }
  | { readonly do: 'port'; readonly port: number; readonly up: boolean }
  /** A device has the keyboard, or has not. */
  | { readonly do: 'chip'; readonly at: number; readonly on: boolean }
  | { readonly do: 'scan'; readonly at: number; readonly texts: readonly string[] }
  /** Plugs come out from now on, and boards look at this address. */
  | { readonly do: 'storm'; readonly board: string }
  /** No more of it; answers with `Calm` when all are in again. */
  | { readonly do: 'calm' }

/** What there was so far. */
export interface Calm {
  /** Plugs that came out. */
  readonly pulls: number
  /** Pieces of streams and answers that boards got. */
  readonly seen: number
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

/** The desk, started; each order is carried out when its promise resolves. */
export class Desk {
  readonly #child: ChildProcess
  readonly #open = new Map<number, (answer: Answer) => void>()
  #next = 1

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (answer: Answer) => {
      this.#open.get(answer.id)?.(answer)
      this.#open.delete(answer.id)
    })
  }

  static async start(counts: Readonly<Record<string, number>>): Promise<Desk> {
    const path = new URL('./desk.ts', import.meta.url)
    const child = fork(path, [JSON.stringify(counts)], { execArgv: [] })
    const desk = new Desk(child)
    await new Promise<void>((resolve, reject) => {
      desk.#open.set(0, () => resolve())
      child.once('exit', (code) => reject(new Error(`the desk ended with ${code}`)))
    })
    return desk
  }

  async ask<T = unknown>(order: DeskOrder): Promise<T> {
    const id = this.#next++
    const answer = await new Promise<Answer>((resolve) => {
      this.#open.set(id, resolve)
      this.#child.send({ id, order })
    })
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value as T
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.disconnect()
    await ended
  }
}
