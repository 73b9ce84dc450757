// The crowd at a station: 100 boards' streams, one that does not read, 50 look-ups a second: `node crowd-desk.ts <url> <seconds>`.
import { Agent, get, type IncomingMessage } from 'node:http'
import process from 'node:process'
import { serialOf } from '../../test/integration/ledger/parts/fill.ts'

/** What the crowd saw. */
export interface CrowdDesk {
  readonly lookupMs: readonly number[]
  /** Streams that are still open, and what came through all of them. */
  readonly open: number
  readonly frames: number
  /** Ledger events that a stream missed or had twice. */
  readonly gaps: number
  /** Times that the one who does not read was cut off. */
  readonly dropped: number
  /** Ledger events it was given on its return, without a gap. */
  readonly resumed: number
}

const STREAMS = 100
const LOOKUPS_PER_SECOND = 50
const RUNS = 1_000_000
/** A prime, so that what is asked for lies all over the ledger. */
const STRIDE = 7919

const [, , url = '', seconds = '20'] = process.argv
const endMs = performance.now() + Number(seconds) * 1000
// In turns, so that none is idle for so long that the station closes it in the moment in which it is used again.
const agent = new Agent({ keepAlive: true, maxSockets: 16, scheduling: 'fifo' })

const opened = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}${path}`, { headers }, resolve).on('error', reject)
  })

let frames = 0
let gaps = 0

/** Counts frames and holds the numbers of ledger events against each other; answers the last number. */
function follow(stream: IncomingMessage, from: number | null): { readonly last: () => number } {
  let last = from
  let rest = ''
  stream.setEncoding('latin1').on('data', (text: string) => {
    rest += text
    for (let at = rest.indexOf('\n\n'); at >= 0; at = rest.indexOf('\n\n')) {
      const id = /^id: (\d+)$/m.exec(rest.slice(0, at))?.[1]
      rest = rest.slice(at + 2)
      frames += 1
      if (id === undefined) continue
      if (last !== null && Number(id) !== last + 1) gaps += 1
      last = Number(id)
    }
  })
  // The station cuts off who is behind; the others are counted at the end.
  stream.on('error', () => undefined)
  return { last: () => last ?? 0 }
}

const streams = await Promise.all(Array.from({ length: STREAMS }, () => opened('/api/v1/events')))
for (const stream of streams) follow(stream, null)

/** Opens a stream, stops reading until it is cut off, and comes back for what it missed. */
async function sluggish(): Promise<{ dropped: number; resumed: number }> {
  const stream = await opened('/api/v1/events')
  const seen = follow(stream, null)
  while (seen.last() === 0 && performance.now() < endMs) await pause(50)
  const gone = new Promise<boolean>((resolve) => stream.once('close', () => resolve(true)))
  stream.pause()
  // A stream that is not read does not hear of its end: the socket does.
  const cut = new Promise<boolean>((resolve) => stream.socket.once('close', () => resolve(true)))
  const late = pause(Math.max(0, endMs - performance.now() - 3000)).then(() => false)
  const dropped = (await Promise.race([gone, cut, late])) ? 1 : 0
  const last = seen.last()
  const again = await opened('/api/v1/events', { 'last-event-id': String(last) })
  const back = follow(again, last)
  await pause(2000)
  again.destroy()
  return { dropped, resumed: back.last() - last }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const lookupMs: number[] = []
async function lookUp(n: number): Promise<void> {
  const from = performance.now()
  const path = `/api/v1/devices/${serialOf((n * STRIDE) % RUNS)}/reseal`
  await new Promise<void>((resolve, reject) => {
    get(`${url}${path}`, { agent }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`look-up: ${answer.statusCode}`))
      })
    }).on('error', reject)
  })
  lookupMs.push(performance.now() - from)
}

const slow = sluggish()
const asked: Promise<void>[] = []
for (let n = 1; performance.now() < endMs; n += 1) {
  asked.push(lookUp(n))
  await pause(1000 / LOOKUPS_PER_SECOND)
}
await Promise.all(asked)
const { dropped, resumed } = await slow
const open = streams.filter(({ destroyed, complete }) => !destroyed && !complete).length
const figures: CrowdDesk = { lookupMs, open, frames, gaps, dropped, resumed }
process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exit(0)
