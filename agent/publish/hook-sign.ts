// Signs a webhook's message as Standard Webhooks do, so that receivers verify it by a library of their own language.
import { createHmac } from 'node:crypto'

/** Marks a secret that is written in base64. */
const PREFIX = 'whsec_'

/** The key of a secret: base64 behind `whsec_`, else the bytes of the text itself. */
export const keyOf = (secret: string): Buffer =>
  secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8')

/**
 * Headers of one message: HMAC-SHA256 over `id.timestamp.body` (standardwebhooks.com). The id is the same for every try;
 * the time is that of this try, so that a receiver may refuse what is replayed later.
 * @param at UTC ms
 */
export function signedHeaders(
  key: Buffer,
  id: string,
  at: number,
  body: string,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1000))
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return {
    'content-type': 'application/json',
    'user-agent': 'reseal',
    'idempotency-key': id,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}
