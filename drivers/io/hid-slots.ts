// How many calls into the kernel may wait for HID peripherals at once, and how long one is waited for.
import { StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'

/** Node has 4 threads for such calls; one is kept free for files, whatever hangs on the bus. */
const SLOTS = 3
/** A control transfer on a sick peripheral may take 5 s (facts/hardware §4.2); a well one takes milliseconds. */
export const HID_CALL_MS = 1000

export class Slots {
  readonly #waiting: (() => void)[] = []
  #free = SLOTS

  /**
   * Runs `call` when a slot is free. With a clock it is given up after `HID_CALL_MS`, and keeps its slot until the kernel
   * lets it go.
   * @throws StationError STATION_HID_SILENT when it took too long; what `call` throws
   */
  async run<T>(call: () => Promise<T>, clock?: Clock): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    const work = call()
    const free = (): void => {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
    work.then(free, free)
    return clock === undefined ? work : bounded(work, clock)
  }
}

function bounded<T>(work: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(HID_CALL_MS, () =>
      reject(new StationError('STATION_HID_SILENT', `no answer in ${HID_CALL_MS} ms`)),
    )
    work.then(resolve, reject).finally(stop)
  })
}
