// The station that runs where a config says: what it misses, asked of itself, for parts that it holds and nobody else can touch.
import { get as getPlain } from 'node:http'
import { get as getTls } from 'node:https'
import { isIP } from 'node:net'
import type { StationConfig } from '../../station-config/loader.ts'
import { readyAnswer } from '../wire/answers.ts'
import type { CliIo } from './io.ts'

/** What `/readyz` says: the parts that are not as they should be. */
export type Running = ReturnType<typeof readyAnswer.parse>

const ANSWER_MS = 3_000
/** A bench of hundreds of bays that misses everything. */
const ANSWER_MAX = 1024 * 1024

/** The answer of the station at the board's address; null when no station answers in 3 s. */
export async function runningAt(
  io: Pick<CliIo, 'clock'>,
  { host, port, tls }: StationConfig['web'],
): Promise<Running | null> {
  const authority = isIP(host) === 6 ? `[${host}]` : host
  const text = await textAt(
    io,
    new URL(`${tls === null ? 'http' : 'https'}://${authority}:${port}/readyz`),
  )
  try {
    return readyAnswer.parse(JSON.parse(text))
  } catch {
    return null
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
