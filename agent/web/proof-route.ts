// Whether one run still stands in the chain as it was written, for its page and for remote IT.
import type { FastifyInstance } from 'fastify'
import type { LedgerReader } from '../ports.ts'
import { runParam } from '../wire/http.ts'
import { demandOrder } from './auth/permits.ts'
import { valid } from './bay-routes.ts'
import { HttpProblem } from './problem.ts'

export function proofRoute(app: FastifyInstance, reader: LedgerReader): void {
  app.get('/api/v1/runs/:run/proof', { config: { may: 'runs.read' } }, async (request) => {
    const { run } = valid(runParam, request.params)
    const [stored, proof] = await Promise.all([reader.run(run), reader.proof?.(run) ?? null])
    if (stored === null || proof === null)
      throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No closed run ${run}.`)
    demandOrder(request, stored.record.workOrder)
    const { chain, digestFits, prevFits, nextFits } = proof
    const holds = digestFits && prevFits && nextFits !== false
    return { run, ...chain, digestFits, prevFits, nextFits, holds }
  })
}
