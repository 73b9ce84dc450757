// Counts how often the broker refused a message, so that one it will never take cannot hold up the others.

/** Architecture, engine rule 8: a row refused three times is parked. */
const OUT = 3

/**
 * A refusal is a PUBACK that says no, or, as MQTT 3.1.1 has no such thing, a connection that is cut while the message was
 * alone in flight, by a broker that is there again at the very first try. A broker that died refused nothing.
 */
export class Strikes {
  readonly #counts = new Map<string, number>()
  #alone: string | null = null

  refused(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** The connection is gone with these in flight. */
  lost(inFlight: readonly string[]): void {
    this.#alone = inFlight.length === 1 ? (inFlight[0] ?? null) : null
  }

  connected(firstTry: boolean): void {
    if (firstTry && this.#alone !== null) this.refused(this.#alone)
    this.#alone = null
  }

  isOut(key: string): boolean {
    return (this.#counts.get(key) ?? 0) >= OUT
  }

  forget(key: string): void {
    this.#counts.delete(key)
  }
}
