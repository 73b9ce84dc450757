// When the station does its own part of an attestation: while the TPM computes, and in turns with everybody else.
import { ActivateCredential, Create, CreatePrimary } from 'tpm2-ts'
import type { TpmTransport } from '../../agent/ports.ts'

/** At most a few for each attestation that is under way. */
const waiting: (() => void)[] = []

function turn(): void {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(turn)
}

/**
 * Resolves in a later turn of the event loop, in no turn two of them: between two answers with their certificates,
 * signatures and hashes the bays have theirs. 24 answers in one turn held the loop up for 80 ms.
 */
export function ownTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(turn)
  })
}

/** Commands for which a TPM needs ms at least, most of them far more. */
const LONG = { CreatePrimary, Create, ActivateCredential } as const
export type Long = keyof typeof LONG

/** Work of the station's own that needs no answer of the command during which it is done. */
export class Meanwhile {
  readonly #planned: { readonly during: Long; readonly run: () => void }[] = []

  /**
   * Does `work` once during the next command of this kind. The answer gives its result, or throws its error; before
   * that command, or without one, it does the work at once.
   */
  plan<T>(during: Long, work: () => T): () => T {
    let made: { readonly value: T } | { readonly error: unknown } | null = null
    const run = () => {
      try {
        made ??= { value: work() }
      } catch (error) {
        made = { error }
      }
      return made
    }
    this.#planned.push({ during, run })
    return () => {
      const done = made ?? run()
      if ('error' in done) throw done.error
      return done.value
    }
  }

  /** The transport during whose commands planned work is done, and whose answers wait for a turn of their own. */
  over(transport: TpmTransport): TpmTransport {
    return {
      send: async (command, signal) => {
        const answering = transport.send(command, signal)
        if (this.#planned.length > 0) void this.#during(codeOf(command))
        const answer = await answering
        await ownTurn()
        return answer
      },
    }
  }

  async #during(code: number): Promise<void> {
    for (;;) {
      const at = this.#planned.findIndex(({ during }) => LONG[during].code === code)
      const [next] = at < 0 ? [] : this.#planned.splice(at, 1)
      if (next === undefined) return
      await ownTurn()
      next.run()
    }
  }
}

/** The command code of a header (Part 1, section 18). */
const codeOf = (command: Uint8Array): number =>
  Buffer.from(command.buffer, command.byteOffset, command.length).readUInt32BE(6)
