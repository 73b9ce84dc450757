// The audit for whoever may read it: pages by cursor, and the whole of it as one export.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { iso } from '../../core/ids.ts'
import type { AuditQuery, AuditReader, AuditRow } from '../../ports.ts'
import { auditQuery } from '../../wire/accounts.ts'
import { valid } from '../bay-routes.ts'

const PAGE = 100
const EXPORT_PAGE = 500
const MAY = 'audit.read'

const shown = ({ at, ...row }: AuditRow) => ({ ...row, at: iso(at) })

function queryOf(query: unknown): Omit<AuditQuery, 'max'> & { readonly max: number | undefined } {
  const { cursor, max, what, since, until } = valid(auditQuery, query)
  return {
    max,
    ...(cursor === undefined ? {} : { before: cursor }),
    ...(what === undefined ? {} : { what }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }
}

export function auditRoutes(app: FastifyInstance, reader: AuditReader): void {
  app.get('/api/v1/audit', { config: { may: MAY } }, async ({ query }) => {
    const asked = queryOf(query)
    const max = asked.max ?? PAGE
    const rows = await reader.audits({ ...asked, max })
    const next = rows.length === max ? (rows.at(-1)?.seq ?? null) : null
    return { rows: rows.map(shown), next }
  })

  /** NDJSON, newest first, in memory that does not grow. */
  app.get('/api/v1/audit.ndjson', { config: { may: MAY, audit: 'export' } }, (request, reply) => {
    const asked = queryOf(request.query)
    request.note({ of: 'audit' })
    async function* lines() {
      for (let before = asked.before; ; ) {
        const page = { ...asked, max: EXPORT_PAGE, ...(before === undefined ? {} : { before }) }
        const rows = await reader.audits(page)
        if (rows.length > 0) yield `${rows.map((row) => JSON.stringify(shown(row))).join('\n')}\n`
        before = rows.at(-1)?.seq
        if (before === undefined || rows.length < EXPORT_PAGE) return
      }
    }
    return reply
      .type('application/x-ndjson')
      .header('content-disposition', 'attachment; filename="reseal-audit.ndjson"')
      .send(Readable.from(lines()))
  })
}
