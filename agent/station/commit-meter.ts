// Times the ledger's commits for the figures of the station; the bench knows nothing of it.
import type { Clock, Ledger } from '../ports.ts'

export type CommitTold = (ok: boolean, ms: number) => void

export class CommitMeter {
  readonly #timers: Clock
  #tell: CommitTold | null = null

  /** `timers` is real time: a disk does not live on bench time. */
  constructor(timers: Clock) {
    this.#timers = timers
  }

  /** Who is told of each commit from now on. */
  listen(tell: CommitTold): void {
    this.#tell = tell
  }

  /** The same ledger, each commit of which is told. */
  watch<T extends Ledger>(ledger: T): T {
    const commit: Ledger['commit'] = async (entry) => {
      const from = this.#timers.mono()
      try {
        const committed = await ledger.commit(entry)
        this.#tell?.(true, this.#timers.mono() - from)
        return committed
      } catch (error) {
        this.#tell?.(false, this.#timers.mono() - from)
        throw error
      }
    }
    return new Proxy(ledger, {
      get(target, name) {
        if (name === 'commit') return commit
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}
