// Many look-ups at once, as a table that grows while it is read: ten thousand serial numbers need no more memory than a page.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { askedIn, LOOKUP_CSV_HEADING } from '../core/lookup-csv.ts'
import type { Clock, LookupReader } from '../ports.ts'
import { BULK_BYTES_MAX, BULK_MAX, bulkBody } from '../wire/lookup.ts'
import { valid } from './bay-routes.ts'
import { HttpProblem } from './problem.ts'

/** Look-ups of one turn at the reader: some ms, so that others come in between. */
const AT_ONCE = 64
/** JSON may write each character as six. */
const BODY_MAX = BULK_BYTES_MAX + 64 * 1024
/** Tables that are made at the same time. */
const OPEN_MAX = 4

/** The table in pieces: its heading, then a page of lines for each turn of the reader. */
export async function* lookupLines(
  reader: Pick<LookupReader, 'answerLines'>,
  asked: readonly string[],
  clock: Clock,
): AsyncGenerator<string> {
  yield LOOKUP_CSV_HEADING
  let next: Promise<string> | null = null
  for (let from = 0; from < asked.length; from += AT_ONCE) {
    const page = next ?? reader.answerLines(asked.slice(from, from + AT_ONCE), clock.now())
    const after = asked.slice(from + AT_ONCE, from + 2 * AT_ONCE)
    // The next page is asked for while this one goes out; a failure is met where it is awaited.
    next = after.length === 0 ? null : reader.answerLines(after, clock.now())
    next?.catch(() => undefined)
    yield await page
  }
}

export function lookupRoutes(
  app: FastifyInstance,
  reader: Pick<LookupReader, 'answerLines'>,
  clock: Clock,
): void {
  let open = 0
  const bulk = { config: { may: 'exports.read', audit: 'export' }, bodyLimit: BODY_MAX } as const
  app.post('/api/v1/devices/lookup.csv', bulk, (request, reply) => {
    const asked = askedIn(valid(bulkBody, request.body).text)
    if (asked.length === 0 || asked.length > BULK_MAX) {
      const detail = `text: 1 to ${BULK_MAX} devices, one a line; it has ${asked.length}`
      throw new HttpProblem(400, 'BACKEND_REQUEST_INVALID', detail)
    }
    if (open >= OPEN_MAX) throw new HttpProblem(503, 'BACKEND_TOO_MANY')
    open += 1
    const table = Readable.from(lookupLines(reader, asked, clock))
    table.once('close', () => {
      open -= 1
    })
    reply.header('content-disposition', 'attachment; filename="reseal-lookup.csv"')
    return reply.type('text/csv; charset=utf-8').send(table)
  })
}
