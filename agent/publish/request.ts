// Reads a request on `/query/reseal`: what stranger wrote it is not known, so nothing in it is trusted.
import type { FaultCode } from '../fault.ts'
import type { Incoming } from '../ports.ts'

/** A serial number, a topic and a correlation; more is no request of ours. */
const REQUEST_MAX_BYTES = 2048
const CORRELATION_MAX = 128
/** Longest serial number: the SMBIOS field that Windows reads has no limit, labels stay far below this. */
const SERIAL_MAX = 128

export interface Request {
  /** Null when there is no topic that an answer may go to: then nothing is said. */
  readonly answerTo: string | null
  /** From a 3.1.1 request; comes back in the payload. */
  readonly correlation: string | null
  /** From an MQTT 5 request; comes back as the property it was. */
  readonly correlationData: Uint8Array | null
  readonly serial: string | null
  readonly problem: { readonly code: FaultCode; readonly detail: string } | null
}

/** Total: any bytes give a request or a problem. */
export function readRequest(message: Incoming, takesAnswers: (topic: string) => boolean): Request {
  const { responseTopic, correlation: correlationData } = message
  const fields = fieldsOf(message.payload)
  const given = fields === null ? null : fields['responseTopic']
  const topic = responseTopic ?? (typeof given === 'string' ? given : null)
  const named = fields === null ? null : fields['correlation']
  const base = {
    answerTo: topic !== null && takesAnswers(topic) ? topic : null,
    correlation: typeof named === 'string' && named.length <= CORRELATION_MAX ? named : null,
    correlationData:
      correlationData !== null && correlationData.length <= CORRELATION_MAX
        ? correlationData
        : null,
  }
  const wrong = (detail: string): Request => ({
    ...base,
    serial: null,
    problem: { code: 'BACKEND_REQUEST_INVALID', detail },
  })
  if (fields === null) return wrong(`no JSON object of at most ${REQUEST_MAX_BYTES} bytes`)
  if (named !== undefined && base.correlation === null) {
    return wrong(`correlation: a text of at most ${CORRELATION_MAX} characters`)
  }
  if (correlationData !== null && base.correlationData === null) {
    return wrong(`correlation data: at most ${CORRELATION_MAX} bytes`)
  }
  const serial = fields['serial']
  if (typeof serial !== 'string' || !isSerial(serial)) {
    return wrong(`serial: a printable text of 1 to ${SERIAL_MAX} characters`)
  }
  return { ...base, serial: serial.trim(), problem: null }
}

const isSerial = (text: string) =>
  text.trim().length >= 1 && text.length <= SERIAL_MAX && !/\p{Cc}|\p{Cs}/u.test(text)

function fieldsOf(payload: Uint8Array): Readonly<Record<string, unknown>> | null {
  if (payload.length > REQUEST_MAX_BYTES) return null
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}
