// Lets many attestations share one event loop: their answers may come together, but are taken up one a turn.
import type { TpmTransport } from '../../agent/ports.ts'

/** At most one for each attestation that is under way: each has one command in flight. */
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

/** The transport, whose answers wait for a turn of their own. */
export const fair = (transport: TpmTransport): TpmTransport => ({
  send: async (command, signal) => {
    const answer = await transport.send(command, signal)
    await ownTurn()
    return answer
  },
})
