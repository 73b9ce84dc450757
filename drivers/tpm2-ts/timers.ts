// The package's only timers: how long a command may take, and how long to wait before it is sent again.
import { setTimeout as wait } from 'node:timers/promises'
import { TpmFault } from './fault.ts'

/** Waits; rejects when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export const sleep: Sleep = (ms, signal) => wait(ms, undefined, { signal })

/**
 * One signal for one command at a time. It and its timers are kept from command to command: making an
 * AbortSignal.timeout() for each costs 10 µs, as much as a short command.
 */
export class Deadline {
  readonly #timers = new Map<number, NodeJS.Timeout>()
  #controller = new AbortController()
  #ms: number | null = null
  #what = ''
  #outer: AbortSignal | undefined
  readonly #onOuter = () => this.#controller.abort(this.#outer?.reason)

  /** Aborts after `ms`, or when the caller's own signal does. */
  start(ms: number, what: string, outer: AbortSignal | undefined): AbortSignal {
    if (this.#controller.signal.aborted) this.#controller = new AbortController()
    this.#ms = ms
    this.#what = what
    this.#outer = outer
    if (outer?.aborted) this.#onOuter()
    else outer?.addEventListener('abort', this.#onOuter)
    const timer = this.#timers.get(ms)
    if (timer !== undefined) timer.refresh()
    // The connection keeps the process alive while a command is in flight; a timer left over must not.
    else this.#timers.set(ms, setTimeout(() => this.#fire(ms), ms).unref())
    return this.#controller.signal
  }

  stop(): void {
    this.#ms = null
    this.#outer?.removeEventListener('abort', this.#onOuter)
    this.#outer = undefined
  }

  /** A timer goes off `ms` after the last start with this time; then the command may be another one. */
  #fire(ms: number): void {
    if (this.#ms !== ms) return
    const sentence = `${this.#what} had no answer within ${ms} ms.`
    this.#controller.abort(new TpmFault('TPM_TIMEOUT', sentence))
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
