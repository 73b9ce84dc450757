// Asks a running station over its own HTTP API; a command that hangs is worse than one that says nobody answered.
import { StationError } from '../fault.ts'
import type { CliIo } from './io.ts'

export const DEFAULT_URL = new URL('http://127.0.0.1:8080')
const ANSWER_MS = 5_000
const BODY_MAX = 16 * 1024 * 1024

/**
 * The JSON at a path of the station.
 * @throws StationError STATION_NOT_RUNNING when nobody answers in 5 s, or what answers is no station;
 *   BACKEND_NOT_FOUND for a 404
 */
export async function askStation(
  io: CliIo,
  base: URL,
  path: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<unknown> {
  const late = new AbortController()
  const cancel = io.clock.after(ANSWER_MS, () => late.abort())
  const url = new URL(path, base)
  try {
    const signal = AbortSignal.any([late.signal, io.signal])
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const body = method === 'POST' ? '{}' : null
    const response = await fetch(url, { method, body, signal, headers })
    const text = await response.text()
    if (response.status === 404) throw new StationError('BACKEND_NOT_FOUND', url.href)
    if (!response.ok || text.length > BODY_MAX)
      throw new StationError('STATION_NOT_RUNNING', `${url.href} answers ${response.status}`)
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof StationError) throw error
    throw new StationError('STATION_NOT_RUNNING', base.href, { cause: error })
  } finally {
    cancel()
  }
}
