// One TPM at the far end of a probe: a command goes out with the probe's next question, its answer comes with the one after.
import { StationError } from '../../agent/fault.ts'
import type { Clock, TpmRelay } from '../../agent/ports.ts'
import { refusalOfCommand } from './allow-list.ts'
import { type Frame, READY, refusalOf, refusalText } from './frame.ts'

interface InFlight {
  readonly number: number
  readonly command: Uint8Array
  /** The probe has it. */
  isOut: boolean
  readonly done: (answer: Uint8Array) => void
  readonly failed: (error: unknown) => void
}

/** What the probe is told: a command, nothing yet, or that there will be none. */
export type Next = Frame | 'nothing' | 'over'

/** A command refused here is a fault of the station's own code: the device never sees it. */
const forbidden = (why: string) => new StationError('STATION_PROBE_COMMAND', why)

export class Relay implements TpmRelay {
  readonly #clock: Clock
  readonly #where: string
  #number = READY
  #inFlight: InFlight | null = null
  /** The number of a command that the probe has and nobody waits for any more. */
  #abandoned: number | null = null
  #wake: (() => void) | null = null
  #isPolled = false
  #over: StationError | null = null

  constructor(clock: Clock, where: string) {
    this.#clock = clock
    this.#where = where
  }

  /**
   * Sends one command to the device's TPM.
   * @throws StationError STATION_PROBE_COMMAND when it is on no list, BACKEND_BUSY while one is in flight,
   *   DEVICE_PROBE_GONE when the probe ended, DEVICE_PROBE_REFUSED when the device would not; the signal's reason on abort
   */
  async send(command: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const refusal = refusalOfCommand(command)
    if (refusal !== null) throw forbidden(refusal)
    if (this.#over !== null) throw this.#over
    if (this.#inFlight !== null) throw new StationError('BACKEND_BUSY', this.#where)
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
    // Numbers are never used twice in a session, so that no answer fits two questions.
    this.#number += 1
    const own: InFlight = {
      number: this.#number,
      command: new Uint8Array(command),
      isOut: false,
      done: resolve,
      failed: reject,
    }
    const leave = () => {
      if (this.#inFlight !== own) return
      if (own.isOut) this.#abandoned = own.number
      this.#inFlight = null
      reject(signal.reason)
    }
    this.#inFlight = own
    signal.addEventListener('abort', leave, { once: true })
    this.#wake?.()
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  /**
   * A question of the probe, with the answer to what it had; waits for the next command, `waitMs` at most.
   * @throws StationError DEVICE_PROBE_REPLAY when the frame's number is not the one that is due, or another question waits
   */
  async exchange(frame: Frame, waitMs: number, gone: AbortSignal): Promise<Next> {
    if (this.#isPolled) throw new StationError('DEVICE_PROBE_REPLAY', 'a second question at once')
    this.#take(frame)
    this.#isPolled = true
    try {
      if (!this.#hasNews()) await this.#news(waitMs, gone)
      if (gone.aborted) return 'nothing'
      const next = this.#inFlight
      if (next !== null && !next.isOut) {
        next.isOut = true
        return { number: next.number, payload: next.command }
      }
      return this.#over === null ? 'nothing' : 'over'
    } finally {
      this.#isPolled = false
    }
  }

  /** Ends the relay: what is in flight fails with this error, and the probe is told that it may go. */
  close(why: StationError): void {
    if (this.#over !== null) return
    this.#over = why
    const own = this.#inFlight
    this.#inFlight = null
    own?.failed(why)
    this.#wake?.()
  }

  #hasNews(): boolean {
    return this.#over !== null || (this.#inFlight !== null && !this.#inFlight.isOut)
  }

  async #news(waitMs: number, gone: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    const cancel = this.#clock.after(waitMs, resolve)
    gone.addEventListener('abort', () => resolve(), { once: true })
    await promise
    cancel()
    this.#wake = null
  }

  #take({ number, payload }: Frame): void {
    const own = this.#inFlight
    const due = own?.isOut === true ? own.number : this.#abandoned
    if (due === null) {
      if (number === READY || this.#over !== null) return
      throw new StationError('DEVICE_PROBE_REPLAY', `answer ${number}, none is due`)
    }
    if (number !== due)
      throw new StationError('DEVICE_PROBE_REPLAY', `answer ${number} in place of ${due}`)
    this.#abandoned = null
    if (own === null || own.number !== number) return
    this.#inFlight = null
    const refusal = refusalOf(payload)
    if (refusal === null) own.done(payload)
    else own.failed(new StationError('DEVICE_PROBE_REFUSED', refusalText(refusal)))
  }
}
