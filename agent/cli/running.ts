// The station that runs where a config says: what it misses, asked of itself, for parts that it holds and nobody else can touch.
import { get as getPlain } from 'node:http'
import { get as getTls } from 'node:https'
import { isIP } from 'node:net'
import type { StationConfig } from '../../station-config/loader.ts'
import { type FaultCode, isStationError } from '../fault.ts'
import { readyAnswer } from '../wire/answers.ts'
import type { CliIo } from './io.ts'
import { answerOf, problemIn, type StationDoor } from './station-http.ts'

/** What `/readyz` says: the parts that are not as they should be. */
export type Running = ReturnType<typeof readyAnswer.parse>

/** What stands at the address of the board: a station that says what it misses, or one that does not tell whoever asks. */
export type Heard =
  | { readonly is: 'running'; readonly says: Running }
  | { readonly is: 'shut'; readonly code: FaultCode; readonly where: string }

const ANSWER_MS = 3_000
/** A bench of hundreds of bays that misses everything. */
const ANSWER_MAX = 1024 * 1024

/** The station at the board's address; null when none answers in time. Never rejects. */
export async function runningAt(
  io: Pick<CliIo, 'clock' | 'signal'>,
  { host, port, tls }: StationConfig['web'],
  door: StationDoor = {},
): Promise<Heard | null> {
  const authority = isIP(host) === 6 ? `[${host}]` : host
  const url = new URL(`${tls === null ? 'http' : 'https'}://${authority}:${port}/readyz`)
  const isGuarded = [door.ca, door.fingerprint, door.tokenFile].some((one) => one !== undefined)
  try {
    const text = isGuarded
      ? (await answerOf(io, { ...door, url }, url.pathname)).text
      : await textAt(io, url)
    const problem = problemIn(text)
    if (problem !== null) return { is: 'shut', code: problem.code, where: url.origin }
    return { is: 'running', says: readyAnswer.parse(JSON.parse(text)) }
  } catch (error) {
    if (!isStationError(error) || error.code === 'STATION_NOT_RUNNING') return null
    return { is: 'shut', code: error.code, where: error.where }
  }
}

/** Nothing secret is sent, so any certificate will do. What is ill answers 503, which is an answer. */
function textAt({ clock }: Pick<CliIo, 'clock'>, url: URL): Promise<string> {
  return new Promise((resolve) => {
    const get = url.protocol === 'https:' ? getTls : getPlain
    let text = ''
    const asked = get(url, { rejectUnauthorized: false }, (answer) => {
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        text += piece
        if (text.length > ANSWER_MAX) end('')
      })
      answer.on('end', () => end(text))
      answer.on('error', () => end(''))
    })
    const cancel = clock.after(ANSWER_MS, () => end(''))
    const end = (said: string) => {
      cancel()
      asked.destroy()
      resolve(said)
    }
    asked.on('error', () => end(''))
  })
}
