// Asks a running station over its own HTTP API; a command that hangs is worse than one that says nobody answered.
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { FAULTS, type FaultCode, StationError } from '../fault.ts'
import type { CliIo } from './io.ts'
import { tlsTo } from './station-tls.ts'

export const DEFAULT_URL = new URL('http://127.0.0.1:8080')
const ANSWER_MS = 5_000
/** What is sent may be an order file of some MB, which the station gives up after 60 s. */
const TAKE_MS = 90_000
const BODY_MAX = 16 * 1024 * 1024
/** Wrong fields of a request that are said; more are one mistake many times. */
const FIELDS_MAX = 20

/** Where a station is and how it is trusted, as the options of a command say it. */
export interface StationDoor {
  readonly url?: URL
  /** A file with the certificate of the station, or of who signed it. */
  readonly ca?: string
  /** SHA-256 of the station's certificate, as its console prints it. */
  readonly fingerprint?: string
  /** A file with a token; tokens never stand in a command line or an environment, where others read them. */
  readonly tokenFile?: string
}

/**
 * The JSON at a path of the station; `body` makes it a POST.
 * @throws StationError STATION_NOT_RUNNING when nobody answers in 5 s, or what answers is no station;
 *   STATION_CERTIFICATE when it is not trusted; the station's own code, BACKEND_NOT_FOUND for instance, when it refuses
 */
export async function askStation(
  io: CliIo,
  at: URL | StationDoor,
  path: string,
  method: 'GET' | 'POST' = 'GET',
  body: unknown = {},
): Promise<unknown> {
  const door = at instanceof URL ? { url: at } : at
  const answer = await answerOf(io, door, path, method, body)
  return read(new URL(path, door.url ?? DEFAULT_URL), answer)
}

/**
 * The answer at a path as it is, a refusal too.
 * @throws StationError STATION_NOT_RUNNING when nobody answers in 5 s; STATION_CERTIFICATE when it is not trusted;
 *   FILE_UNREADABLE, USAGE_COMMAND for what the options name
 */
export async function answerOf(
  io: Pick<CliIo, 'clock' | 'signal'>,
  door: StationDoor,
  path: string,
  method: 'GET' | 'POST' = 'GET',
  body: unknown = {},
): Promise<Answer> {
  const base = door.url ?? DEFAULT_URL
  const late = new AbortController()
  const text = method === 'POST' ? JSON.stringify(body) : ''
  const cancel = io.clock.after(text.length > 2 ? TAKE_MS : ANSWER_MS, () => late.abort())
  const url = new URL(path, base)
  const signal = AbortSignal.any([late.signal, io.signal])
  try {
    const headers = { ...tokenOf(door), accept: 'application/json' }
    return await sent(url, door, { method, headers, signal }, text)
  } catch (error) {
    if (error instanceof StationError) throw error
    throw new StationError('STATION_NOT_RUNNING', base.href, { cause: error })
  } finally {
    cancel()
  }
}

export interface Answer {
  readonly status: number
  readonly text: string
}
interface Sending {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

async function sent(url: URL, door: StationDoor, how: Sending, text: string): Promise<Answer> {
  const isSecure = url.protocol === 'https:'
  // Who it is is known before a word, and a token above all, goes there.
  const socket = isSecure ? await tlsTo(url, door, how.signal) : null
  const headers = {
    ...how.headers,
    ...(how.method === 'POST'
      ? { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
      : {}),
  }
  const options = { method: how.method, signal: how.signal, headers } as const
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked =
        socket === null
          ? plain(url, { ...options, agent: false }, resolve)
          : secure(url, { ...options, createConnection: () => socket }, resolve)
      asked.once('error', reject).end(text)
    })
    const pieces: Buffer[] = []
    let bytes = 0
    for await (const piece of answer as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > BODY_MAX)
        throw new StationError('STATION_NOT_RUNNING', `${url.href} does not end`)
      pieces.push(piece)
    }
    return { status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }
  } finally {
    socket?.destroy()
  }
}

function read(url: URL, { status, text }: Answer): unknown {
  if (status >= 200 && status < 300) return jsonOf(url, text)
  const said = problemIn(text)
  if (said !== null)
    throw new StationError(said.code, [url.href, ...said.fields.slice(0, FIELDS_MAX)].join('; '))
  if (status === 404) throw new StationError('BACKEND_NOT_FOUND', url.href)
  throw new StationError('STATION_NOT_RUNNING', `${url.href} answers ${status}`)
}

function jsonOf(url: URL, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StationError('STATION_NOT_RUNNING', url.origin, { cause })
  }
}

/** The fault code and the wrong fields of a problem document (RFC 9457) of a station; null for any other text. */
export function problemIn(text: string): { code: FaultCode; fields: readonly string[] } | null {
  try {
    const { code, fields } = JSON.parse(text) as { code?: unknown; fields?: unknown }
    if (typeof code !== 'string' || !Object.hasOwn(FAULTS, code)) return null
    const list = Array.isArray(fields) ? (fields as { path?: unknown; message?: unknown }[]) : []
    const lines = list.map((one) => `${String(one.path)}: ${String(one.message)}`)
    return { code: code as FaultCode, fields: lines }
  } catch {
    return null
  }
}

function tokenOf({ url = DEFAULT_URL, tokenFile }: StationDoor): Record<string, string> {
  if (tokenFile === undefined) return {}
  const isNear = /^(?:localhost|127\.|\[::1\])/.test(url.hostname)
  if (url.protocol !== 'https:' && !isNear)
    throw new StationError('USAGE_COMMAND', 'a token goes over https: alone')
  const token = fileText(tokenFile).trim()
  if (!/^[\x21-\x7e]{8,512}$/.test(token))
    throw new StationError('FILE_UNREADABLE', `${tokenFile} holds no token`)
  return { authorization: `Bearer ${token}` }
}

/** @throws StationError FILE_UNREADABLE */
export function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StationError('FILE_UNREADABLE', file, { cause })
  }
}
