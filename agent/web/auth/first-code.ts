// The one-time code by which the first admin is made: who reads the console of the bench PC owns the bench.
import type { Clock } from '../../ports.ts'
import { isSame, secretHash } from './accounts.ts'
import { typedSecret } from './password.ts'

/** Long enough to walk from the console to a desk; `systemctl restart reseal` prints another one. */
const LIVES_MS = 60 * 60_000

const plain = (code: string) => code.toUpperCase().replace(/[^0-9A-Z]/g, '')

export class FirstCode {
  readonly #clock: Pick<Clock, 'mono'>
  #hash: string | null = null
  #until = 0

  constructor(clock: Pick<Clock, 'mono'>) {
    this.#clock = clock
  }

  /** A new code; an older one counts no more. */
  make(): string {
    const code = typedSecret()
    this.#hash = secretHash(plain(code))
    this.#until = this.#clock.mono() + LIVES_MS
    return code
  }

  fits(code: string): boolean {
    if (this.#hash === null || this.#clock.mono() > this.#until) return false
    return isSame(secretHash(plain(code)), this.#hash)
  }

  use(): void {
    this.#hash = null
  }
}
