// Look-ups in the ledger: closed runs in pages, one run, and the reseal status of a device.
import type { FastifyInstance } from 'fastify'
import type { LedgerReader } from '../ports.ts'
import { runParam, runsQuery, serialParam } from '../wire/http.ts'
import { valid } from './bay-routes.ts'
import { causeOf } from './cause.ts'
import { HttpProblem } from './problem.ts'

const PAGE = 50
const RUNS = { config: { may: 'runs.read' } } as const
const DEVICES = { config: { may: 'devices.read' } } as const

export function runRoutes(
  app: FastifyInstance,
  reader: LedgerReader,
  resealAnswer: (serial: string) => Promise<unknown>,
): void {
  app.get('/api/v1/runs', RUNS, async ({ query }) => {
    const { cursor, max = PAGE, serial, verdict, bay, since, until } = valid(runsQuery, query)
    const runs = await reader.runs({
      max,
      ...(cursor === undefined ? {} : { before: cursor }),
      ...(serial === undefined ? {} : { serial }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(bay === undefined ? {} : { bay }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
    })
    // The cursor of the next page; null on the last one.
    const next = runs.length === max ? (runs.at(-1)?.seq ?? null) : null
    return { runs, next }
  })
  app.get('/api/v1/runs/:run', RUNS, async ({ params }) => {
    const { run } = valid(runParam, params)
    const stored = await reader.run(run)
    if (stored === null) throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No closed run ${run}.`)
    const cause = causeOf(stored.record)
    return cause === null ? stored : { ...stored, cause }
  })
  app.get('/api/v1/devices/:serial/reseal', DEVICES, ({ params }) =>
    resealAnswer(valid(serialParam, params).serial),
  )
}
