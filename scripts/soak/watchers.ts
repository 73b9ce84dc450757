// Boards that look at the station of the days while its clock is stepped: streams that come and go, one that stays, one that hardly reads.
import { Agent, get, type IncomingMessage } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import type { BenchControl } from '../../agent/ports.ts'
import { Random, type SteppedClock } from '../../drivers/virtual/index.ts'

const COMING = 6
const STAY_MIN_MS = 20_000
const STAY_MAX_MS = 10 * 60_000
/** Time stands still for one page so often, so that what was written to the streams is read by then; virtual ms. */
const LOOK_MS = 15_000
/** A reader that does not read is far beyond what it may be behind by then, virtual ms. */
const DEAF_MS = 3 * 60 * 60_000
const PATHS = [
  ...['/api/v1/station', '/api/v1/bays', '/metrics', '/api/v1/runs', '/livez'],
  '/api/v1/throughput',
]
/** Turns of the event loop in which the kernel hands over what was written. */
const TURNS = 20

/** What of agent/dashboard/store.ts a stream feeds: the state of the page in the browser. */
interface PageStore {
  takeStation(station: unknown): void
  takeAll(views: unknown): void
  take(view: unknown): void
  views(): readonly { readonly bay: string }[]
  on(topic: string, fn: () => void): () => void
  revision(topic: string): number
}

/** The dashboard's own module, which belongs to a browser and is typed there. */
async function pageStore(): Promise<PageStore> {
  // A browser that was never told a language.
  Object.defineProperty(globalThis, 'localStorage', { value: { getItem: () => null } })
  const { store } = await import(new URL('../../agent/dashboard/store.ts', import.meta.url).href)
  return store
}

export class Watchers {
  readonly #clock: SteppedClock
  readonly #url: string
  readonly #over = new AbortController()
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 2 })
  readonly #random = new Random(17, 'watchers')
  readonly #store: PageStore
  #all: Promise<unknown> = Promise.resolve()
  opened = 0
  frames = 0
  pages = 0
  /** Streams that the station ended because their reader was behind. */
  dropped = 0

  constructor(clock: SteppedClock, url: string, store: PageStore) {
    this.#clock = clock
    this.#url = url
    this.#store = store
  }

  static async start(clock: SteppedClock, url: string): Promise<Watchers> {
    const made = new Watchers(clock, url, await pageStore())
    const coming = Array.from({ length: COMING }, () => made.#comeAndGo())
    made.#all = Promise.all([...coming, made.#stay(), made.#hardlyRead(), made.#look()])
    return made
  }

  /** Ends all streams; resolves when none is open. */
  async stop(): Promise<void> {
    this.#over.abort()
    await this.#all
    this.#agent.destroy()
  }

  /** Bays whose view on the page differs from the bench's; how far a wait has come is counted on from when it was told. */
  behind(bench: BenchControl): readonly string[] {
    const text = (view: object) => JSON.stringify({ ...view, progress: null })
    const shown = new Map(this.#store.views().map((view) => [view.bay, text(view)]))
    return bench
      .bays()
      .filter((view) => shown.get(view.bay) !== text(view))
      .map(({ bay }) => bay)
  }

  /** Times that the page painted something anew. */
  get painted(): number {
    return this.#store.revision('strip')
  }

  async #comeAndGo(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const stream = await this.#open('/api/v1/events', (frame) => frame.length)
      await this.#clock.sleep(this.#random.int(STAY_MIN_MS, STAY_MAX_MS), this.#over.signal)
      await gone(stream)
    }
  }

  /** The page that hangs on the wall: its state is fed by the stream as the browser does it. */
  async #stay(): Promise<void> {
    const store = this.#store
    const takers: Readonly<Record<string, (data: unknown) => void>> = {
      station: (data) => store.takeStation(data),
      bays: (data) => store.takeAll(data),
      bay: (data) => store.take(data),
    }
    const stream = await this.#open('/api/v1/events?want=bays', (frame) => {
      const [, event = '', data = 'null'] = /^event: (\w+)\ndata: (.*)$/m.exec(frame) ?? []
      takers[event]?.(JSON.parse(data))
    })
    const cut = () => {
      this.dropped++
    }
    stream.once('close', cut)
    await this.#whole()
    stream.off('close', cut)
    await gone(stream)
  }

  async #hardlyRead(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const stream = await this.#open('/api/v1/events', (frame) => frame.length)
      stream.pause()
      await this.#clock.sleep(DEAF_MS, this.#over.signal)
      // It reads what is left and finds the end that the station made.
      await this.#clock.track(drained(stream))
      if (stream.destroyed) this.dropped++
      await gone(stream)
    }
  }

  async #look(): Promise<void> {
    for (let n = 0; !this.#over.signal.aborted; n++) {
      await this.#clock.sleep(LOOK_MS, this.#over.signal)
      await this.#clock.track(this.#page(PATHS[n % PATHS.length] ?? ''))
    }
  }

  async #page(path: string): Promise<void> {
    const answer = await asked(`${this.#url}${path}`, this.#agent)
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`)
    await new Promise((resolve) => answer.resume().once('end', resolve))
    this.pages++
  }

  async #open(path: string, take: (frame: string) => unknown): Promise<IncomingMessage> {
    const stream = await this.#clock.track(asked(`${this.#url}${path}`, false))
    if (stream.statusCode !== 200) throw new Error(`${path}: ${stream.statusCode}`)
    this.opened++
    let rest = ''
    stream.setEncoding('utf8').on('data', (piece: string) => {
      const frames = (rest + piece).split('\n\n')
      rest = frames.pop() ?? ''
      this.frames += frames.length
      for (const frame of frames) take(frame)
    })
    // A stream that is cut off ends with a fault.
    stream.on('error', () => undefined)
    return stream
  }

  #whole(): Promise<void> {
    const { signal } = this.#over
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
  }
}

const asked = (url: string, agent: Agent | false): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, resolve).once('error', reject)
  })

async function drained(stream: IncomingMessage): Promise<void> {
  stream.resume()
  for (let n = 0; n < TURNS * 50 && !stream.destroyed; n++) await turn()
}

async function gone(stream: IncomingMessage): Promise<void> {
  stream.destroy()
  for (let n = 0; n < TURNS; n++) await turn()
}
