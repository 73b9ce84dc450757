// Asks the running station of a data directory over its UNIX socket; light, because dnsmasq waits for whoever imports it.
import { request } from 'node:http'
import { join } from 'node:path'
import { FAULTS, type FaultCode, StationError } from '../fault.ts'

/** Where a station listens for commands on its PC. */
export const SOCKET_FILE = 'station.sock'
const BODY_MAX = 64 * 1024

const isCode = (code: unknown): code is FaultCode => typeof code === 'string' && code in FAULTS

/** The fault that a problem document names, with what it says of the place. */
function faultOf(status: number, text: string, socket: string): StationError {
  try {
    const { code, detail } = JSON.parse(text) as { code?: unknown; detail?: unknown }
    if (isCode(code)) return new StationError(code, typeof detail === 'string' ? detail : socket)
  } catch {
    // No problem document: not our station.
  }
  return new StationError('STATION_NOT_RUNNING', `${socket} answers ${status}`)
}

/**
 * Posts a document to the station; the document that it answers.
 * @param waitMs longest wait for the answer
 * @throws StationError STATION_NOT_RUNNING when nobody listens, else the fault that the station names
 */
export function postToStation(
  dataDir: string,
  path: string,
  document: object,
  waitMs: number,
): Promise<unknown> {
  const socketPath = join(dataDir, SOCKET_FILE)
  const body = JSON.stringify(document)
  const headers = {
    host: 'localhost',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  const signal = AbortSignal.timeout(waitMs)
  return new Promise((resolve, reject) => {
    const gone = (cause: unknown) =>
      reject(new StationError('STATION_NOT_RUNNING', socketPath, { cause }))
    const asked = request({ socketPath, path, method: 'POST', headers, signal }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('error', gone)
      answer.on('data', (chunk: string) => {
        text += chunk
        if (text.length > BODY_MAX) asked.destroy(new Error('the answer is too long'))
      })
      answer.on('end', () => {
        const status = answer.statusCode ?? 0
        if (status !== 200) reject(faultOf(status, text, socketPath))
        else resolve(JSON.parse(text))
      })
    })
    asked.on('error', gone)
    asked.end(body)
  })
}
