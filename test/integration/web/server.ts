// Starts the web server on a free port with a fake bench and ledger, and asks it things without a browser's manners.
import { request } from 'node:http'
import { resealAnswer } from '../../../agent/core/reseal-answer.ts'
import { silentLog } from '../../../agent/log.ts'
import type { Clock } from '../../../agent/ports.ts'
import type { RouteNeed } from '../../../agent/web/auth/permits.ts'
import { startWeb, type WebParts } from '../../../agent/web/web.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { BoardBench, viewOf } from '../../fakes/board-bench.ts'
import { BoardReader } from '../../fakes/board-reader.ts'

export const STATION = { site: 'site1', station: 's1', version: '0.1.0', virtual: true }

export interface Served {
  readonly url: string
  readonly port: number
  readonly bench: BoardBench
  readonly reader: BoardReader
  readonly clock: Clock
  /** What each route needs. */
  readonly routes: readonly RouteNeed[]
  close(): Promise<void>
}

export async function serve(
  more: { clock?: Clock; board?: string; parts?: Partial<WebParts> } = {},
): Promise<Served> {
  const clock = more.clock ?? systemClock()
  const bench = new BoardBench([viewOf('1', 'working', clock), viewOf('2', 'empty', clock)])
  const reader = new BoardReader()
  const web = await startWeb({
    bench,
    reader,
    clock,
    resealAnswer: async (serial) => resealAnswer(serial, await reader.device(), clock.now()),
    log: silentLog,
    host: '127.0.0.1',
    port: 0,
    station: STATION,
    board: more.board ?? '/nonexistent',
    ...more.parts,
  })
  const port = Number(new URL(web.url).port)
  const { url, routes } = web
  return { url, port, bench, reader, clock, routes, close: () => web.close() }
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  // Tests read the answers of many routes.
  readonly json: Record<string, unknown>
}

interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One raw request: `fetch` would not let a test lie about Host, Origin and Sec-Fetch-Site. */
export function ask(port: number, path: string, more: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = more
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const type = incoming.headers['content-type'] ?? ''
        const json = type.includes('json') ? JSON.parse(text) : {}
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

export const post = (
  port: number,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  ask(port, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

export interface Frame {
  readonly event: string
  readonly id: number | null
  readonly data: unknown
}

/** An event stream as a list that grows; `until` waits for a frame, with a bound. */
export class Stream {
  readonly frames: Frame[] = []
  status = 0
  isOver = false
  #rest = ''
  readonly #outgoing
  readonly #waiting = new Set<() => void>()

  constructor(port: number, path: string, headers: Readonly<Record<string, string>> = {}) {
    this.#outgoing = request({ host: '127.0.0.1', port, path, headers }, (incoming) => {
      this.status = incoming.statusCode ?? 0
      incoming.on('data', (chunk: Buffer) => this.#take(chunk.toString()))
      incoming.on('close', () => this.#end())
      incoming.on('error', () => this.#end())
    })
    this.#outgoing.on('error', () => this.#end())
    this.#outgoing.end()
  }

  until(what: string, is: (frames: readonly Frame[]) => boolean, ms = 5_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        reject(new Error(`no ${what} in ${ms} ms: ${JSON.stringify(this.frames).slice(0, 500)}`))
      }, ms)
      const look = () => {
        if (!is(this.frames)) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  ids(): number[] {
    return this.frames.flatMap(({ id }) => (id === null ? [] : [id]))
  }

  close(): void {
    this.#outgoing.destroy()
  }

  #end(): void {
    this.isOver = true
    for (const look of [...this.#waiting]) look()
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
      const event = field('event')
      if (event === undefined) continue
      const id = field('id')
      this.frames.push({
        event,
        id: id === undefined ? null : Number(id),
        data: JSON.parse(field('data') ?? 'null'),
      })
    }
    for (const look of [...this.#waiting]) look()
  }
}
