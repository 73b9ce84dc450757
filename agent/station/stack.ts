// What was opened is closed in reverse, also when a later part fails to open.

/** Closers in the order of opening. */
export class Stack {
  readonly #closers: { readonly name: string; readonly close: () => Promise<void> | void }[] = []

  /** Remembers how to close a part. */
  defer(name: string, close: () => Promise<void> | void): void {
    this.#closers.push({ name, close })
  }

  /** Closes all, last first; a part that fails to close is told and does not keep the others open. */
  async close(failed: (name: string, error: unknown) => void): Promise<void> {
    for (let one = this.#closers.pop(); one !== undefined; one = this.#closers.pop()) {
      try {
        await one.close()
      } catch (error) {
        failed(one.name, error)
      }
    }
  }
}
