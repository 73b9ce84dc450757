// The payload of an outbox row: the envelope in front of the body's own text, so that a backlog is not parsed to be sent.
import { rowMessage, type Stamp } from '../core/messages.ts'
import type { OutboxRow } from '../ports.ts'

/**
 * Names of the envelope, and numbers, which an object lists first: a body that may hold one of them at its top is put
 * together by `rowMessage`, which lets none shadow.
 */
const SPECIAL_NAME = /"(?:schema|station|epoch|seq|at|clock|\d+)":/

/** JSON text of a row's message, byte for byte that of `rowMessage`. */
export function rowText(stamp: Stamp, row: OutboxRow): string {
  const { topic, text } = row
  if (text === undefined || text === '{}' || SPECIAL_NAME.test(text))
    return JSON.stringify(rowMessage(stamp, topic, row.body))
  return `${JSON.stringify(rowMessage(stamp, topic, {})).slice(0, -1)},${text.slice(1)}`
}
