// Boards that look at the station of the soak from the desk's process: streams that come and go, pages that are read.
const VIEWERS = 8
const LOOK_MS = 500
const PATHS = ['/api/v1/station', '/api/v1/bays', '/api/v1/runs', '/api/v1/throughput', '/metrics']

export class Viewers {
  #url = ''
  #shift = new AbortController()
  #all: Promise<unknown> = Promise.resolve()
  /** Pieces of streams and answers that came. */
  taken = 0

  start(url: string): void {
    this.#url = url
    this.#shift = new AbortController()
    const watching = Array.from({ length: VIEWERS }, (_, at) => this.#watch(at))
    this.#all = Promise.all([...watching, this.#read()])
  }

  async stop(): Promise<void> {
    this.#shift.abort()
    await this.#all
  }

  /** A stream that is dropped and opened again every few seconds, as boards on bad radio do. */
  async #watch(at: number): Promise<void> {
    const { signal } = this.#shift
    while (!signal.aborted) {
      const drop = AbortSignal.any([signal, AbortSignal.timeout(2000 + at * 700)])
      try {
        const { body } = await fetch(`${this.#url}/api/v1/events`, { signal: drop })
        for await (const _ of body ?? []) this.taken++
      } catch {
        // Dropped on purpose.
      }
    }
  }

  async #read(): Promise<void> {
    const { signal } = this.#shift
    for (let n = 0; !signal.aborted; n++) {
      const path = PATHS[n % PATHS.length] ?? ''
      const answer = await fetch(`${this.#url}${path}`).catch(() => null)
      await answer?.arrayBuffer()
      if (answer !== null) this.taken++
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }
}
