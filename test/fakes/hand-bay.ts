// A bench of bays by hand on a ledger in memory: wire and buttons on strings, for what the bench itself does.
import { Bench } from '../../agent/bench/bench.ts'
import type { BayWanted } from '../../agent/bench/place.ts'
import { bayId } from '../../agent/core/ids.ts'
import type { Order } from '../../agent/core/order.ts'
import type { BayView } from '../../agent/core/view.ts'
import type {
  ButtonHealth,
  ButtonReport,
  LinkReport,
  Signal,
  Source,
  Taken,
} from '../../agent/ports.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { randomIds } from '../../drivers/host/ids.ts'
import { DEFAULT_ESTIMATE } from '../../station-config/defaults.ts'
import { rulesOf } from '../core/flow/rules.ts'
import { ORDER } from '../core/flow/world.ts'
import { FakeLedger } from './fake-ledger.ts'

export const clock = systemClock()

/** A source that says what the test says, to everybody who watches. */
export class Feed<T> implements Source<T> {
  readonly #queues = new Set<{ readonly items: T[]; wake: () => void }>()

  get watchers(): number {
    return this.#queues.size
  }

  say(item: T): void {
    for (const queue of this.#queues) {
      queue.items.push(item)
      queue.wake()
    }
  }

  async *watch(signal: AbortSignal): AsyncGenerator<T> {
    const queue: { readonly items: T[]; wake: () => void } = { items: [], wake: () => undefined }
    this.#queues.add(queue)
    try {
      while (!signal.aborted) {
        const item = queue.items.shift()
        if (item !== undefined) yield item
        else
          await new Promise<void>((resolve) => {
            queue.wake = resolve
            signal.addEventListener('abort', () => resolve(), { once: true })
          })
      }
    } finally {
      this.#queues.delete(queue)
    }
  }
}

export class HandBay {
  readonly link = new Feed<LinkReport>()
  readonly buttons = new Feed<ButtonReport | ButtonHealth>()
  readonly shown: Signal[] = []
  readonly wanted: BayWanted

  constructor(name: string) {
    this.wanted = {
      rules: rulesOf({ keyboard: 'manual', screen: 'operator' }, { steadyMs: 20, removedMs: 50 }),
      order: null,
      parts: {
        bay: bayId(name),
        link: this.link,
        keyboard: null,
        screen: null,
        buttons: this.buttons,
        lamp: {
          show: async (signal) => void this.shown.push(signal),
          close: async () => undefined,
        },
      },
    }
  }

  plug(link: 'up' | 'down'): void {
    this.link.say({ kind: 'link', link, at: clock.now() })
  }
}

export class HandBench {
  readonly ledger = new FakeLedger()
  readonly refused: Taken[] = []
  #bench: Bench | null = null

  static async open(bays: readonly HandBay[], order: Order = ORDER): Promise<HandBench> {
    const own = new HandBench()
    own.#bench = await Bench.open({
      clock,
      ids: randomIds(),
      ledger: own.ledger,
      reader: own.ledger,
      orders: {
        lookup: () => ({ order, otherOrder: null, listed: true }),
        ztdOf: () => null,
      },
      network: { check: async () => [] },
      host: { bootId: () => 'boot', diskFree: async () => 1e12, findings: async () => [] },
      bays: bays.map(({ wanted }) => wanted),
      estimate: DEFAULT_ESTIMATE,
      onRefused: (_bay, taken) => own.refused.push(taken),
    })
    return own
  }

  get bench(): Bench {
    if (this.#bench === null) throw new Error('not open')
    return this.#bench
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const limit = performance.now() + 5000
    while (!holds()) {
      const views = JSON.stringify(this.bench.bays().map(({ bay, state }) => [bay, state]))
      if (performance.now() > limit) throw new Error(`${what} did not come: ${views}`)
      await clock.sleep(2)
    }
  }

  /** Waits until a bay is in a state and, where it asks, has its question. */
  async state(bay: string, state: string): Promise<BayView> {
    await this.until(`${bay} in ${state}`, () => this.bench.bay(bay)?.state === state)
    return this.bench.bay(bay) as BayView
  }

  /** A device is there and identified; its run stands at the options. */
  async toSummon(bay: HandBay): Promise<void> {
    const id = bay.wanted.parts.bay
    bay.plug('up')
    await this.state(id, 'present')
    await this.bench.scan('5CG12345AB', 'ann', id)
    await this.state(id, 'summon')
  }
}
