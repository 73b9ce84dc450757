// Keeps retained topics at the committed state: each is rendered when it goes out, so that a burst of changes is one message.
import { isStationError } from '../fault.ts'
import type { Broker } from '../ports.ts'
import type { Link } from './link.ts'
import type { Strikes } from './strikes.ts'

export interface RetainedParts {
  readonly broker: Broker
  readonly strikes: Strikes
  /** The broker refused this topic three times. */
  readonly muted: (topic: string, bytes: number) => void
}

type Render = () => string | null

export class Retained {
  readonly #parts: RetainedParts
  readonly #dirty = new Map<string, Render>()
  readonly #busy = new Set<string>()
  /** Size at which a topic was refused for good; a smaller message is tried again. */
  readonly #muted = new Map<string, number>()
  #woken: (() => void) | null = null

  constructor(parts: RetainedParts) {
    this.#parts = parts
  }

  /** The topic is out of date; `render` gives its payload when its turn comes, null = nothing to say. */
  mark(topic: string, render: Render): void {
    this.#dirty.set(topic, render)
    this.#woken?.()
  }

  /** Tells everything that is marked, one message at a time. */
  async birth(link: Link): Promise<void> {
    for (const topic of [...this.#dirty.keys()]) {
      if (!(await link.take(topic))) return
      await this.#tell(topic, link)
    }
  }

  /** Tells what is marked from now on, until the link is over. */
  async run(link: Link): Promise<void> {
    while (!link.signal.aborted) {
      const topic = [...this.#dirty.keys()].find((name) => !this.#busy.has(name))
      if (topic === undefined) await this.#wait(link.signal)
      else if (await link.take(topic)) void this.#tell(topic, link)
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done)
        this.#woken = null
        resolve()
      }
      this.#woken = done
      signal.addEventListener('abort', done, { once: true })
    })
  }

  async #tell(topic: string, link: Link): Promise<void> {
    const { broker, strikes } = this.#parts
    const render = this.#dirty.get(topic)
    this.#dirty.delete(topic)
    this.#busy.add(topic)
    const payload = render?.() ?? null
    let delivered = false
    try {
      if (payload !== null && !this.#isMuted(topic, payload.length)) {
        await broker.publish({ topic, payload, qos: 1, retain: true })
        strikes.forget(topic)
        delivered = true
      }
    } catch (error) {
      const refused = isStationError(error) && error.code === 'BACKEND_MESSAGE_REFUSED'
      if (refused && render !== undefined && payload !== null) {
        strikes.refused(topic)
        if (!this.#dirty.has(topic)) this.#dirty.set(topic, render)
      }
    } finally {
      this.#busy.delete(topic)
      link.release(topic, delivered)
      this.#woken?.()
    }
  }

  #isMuted(topic: string, bytes: number): boolean {
    const { strikes, muted } = this.#parts
    if (strikes.isOut(topic)) {
      strikes.forget(topic)
      this.#muted.set(topic, bytes)
      muted(topic, bytes)
    }
    const limit = this.#muted.get(topic)
    if (limit === undefined) return false
    if (bytes < limit) this.#muted.delete(topic)
    return bytes >= limit
  }
}
