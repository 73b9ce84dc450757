// Reads bounded bodies and writes answers of the intake: problem documents (RFC 9457) for every refusal.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { FAULTS, type FaultCode, StationError } from '../../agent/fault.ts'

export interface Reply {
  readonly status: number
  readonly type?: string
  readonly body?: Uint8Array
}

/** HTTP status of a refusal; 413 is `bodyOf`'s own. */
const STATUS: Readonly<Partial<Record<FaultCode, number>>> = {
  OPERATOR_PROBE_CODE: 401,
  BACKEND_FORBIDDEN: 403,
  BACKEND_NOT_FOUND: 404,
  DEVICE_PROBE_REPLAY: 409,
  DEVICE_PROBE_DATA: 400,
  BACKEND_TOO_MANY: 429,
}

export const statusOf = (code: FaultCode): number => STATUS[code] ?? 503

/**
 * All bytes of a request, `max` at most.
 * @throws StationError DEVICE_PROBE_DATA when there are more, or the device ended in the middle
 */
export async function bodyOf(request: IncomingMessage, max: number): Promise<Uint8Array> {
  const tooLong = () => new StationError('DEVICE_PROBE_DATA', `more than ${max} bytes`)
  if (Number(request.headers['content-length'] ?? 0) > max) throw tooLong()
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of request.iterator({
      destroyOnReturn: false,
    }) as AsyncIterable<Buffer>) {
      size += part.length
      if (size > max) throw tooLong()
      parts.push(part)
    }
  } catch (cause) {
    if (cause instanceof StationError) throw cause
    throw new StationError('DEVICE_PROBE_DATA', 'the request broke off', { cause })
  }
  return Buffer.concat(parts)
}

export function send(response: ServerResponse, { status, type, body }: Reply): void {
  if (response.destroyed) return
  response.writeHead(status, {
    'cache-control': 'no-store',
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(body === undefined ? {} : { 'content-length': body.length }),
  })
  response.end(body)
}

/** Says no; what is still coming in is not read, so the connection ends with the answer. */
export function refuse(
  response: ServerResponse,
  request: IncomingMessage,
  status: number,
  code: FaultCode,
): void {
  if (response.destroyed || response.headersSent) return
  const { meaning: title, hint } = FAULTS[code]
  const document = { type: `urn:reseal:fault:${code}`, title, status, code, hint }
  const body = Buffer.from(JSON.stringify(document))
  send(response, { status, type: 'application/problem+json', body })
  // Bytes that nobody reads would hold the answer back for ever.
  if (!request.complete) response.once('finish', () => request.destroy())
}
