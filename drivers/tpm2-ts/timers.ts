// The package's only timers: how long a command may take, and how long to wait before it is sent again.
import { setTimeout as wait } from 'node:timers/promises'
import { TpmFault } from './fault.ts'

/** Waits; rejects when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export const sleep: Sleep = (ms, signal) => wait(ms, undefined, { signal })

/**
 * One signal for one command at a time. It is kept from command to command, because making an
 * AbortSignal.timeout() for each costs 10 µs, a fifth of a short command.
 */
export class Deadline {
  #controller = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #outer: AbortSignal | undefined
  readonly #onOuter = () => this.#controller.abort(this.#outer?.reason)

  /** Aborts after `ms`, or when the caller's own signal does. */
  start(ms: number, what: string, outer: AbortSignal | undefined): AbortSignal {
    if (this.#controller.signal.aborted) this.#controller = new AbortController()
    const controller = this.#controller
    this.#outer = outer
    if (outer?.aborted) this.#onOuter()
    else outer?.addEventListener('abort', this.#onOuter)
    this.#timer = setTimeout(() => {
      controller.abort(new TpmFault('TPM_TIMEOUT', `${what} had no answer within ${ms} ms.`))
    }, ms)
    return controller.signal
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#onOuter)
    this.#outer = undefined
  }
}

/** The fault of an aborted signal: a time-out if its reason says so, else the caller's will. */
export function faultOfAbort(signal: AbortSignal): TpmFault {
  const reason: unknown = signal.reason
  if (reason instanceof TpmFault) return reason
  const isTimeout = reason instanceof DOMException && reason.name === 'TimeoutError'
  return isTimeout
    ? new TpmFault('TPM_TIMEOUT', 'The command had no answer in time.', { cause: reason })
    : new TpmFault('TPM_CANCELLED', 'The caller ended the command.', { cause: reason })
}
