// Hands a person the code and the line that start a probe at a bay; the probe itself comes in by its own listener.
import type { FastifyInstance } from 'fastify'
import { bayId } from '../core/ids.ts'
import type { BenchControl, ProbeIntake } from '../ports.ts'
import { bayParam } from '../wire/http.ts'
import { valid } from './bay-routes.ts'
import { HttpProblem } from './problem.ts'

export function probeRoute(
  app: FastifyInstance,
  bench: BenchControl,
  probes: Pick<ProbeIntake, 'issue'> | null,
): void {
  app.post(
    '/api/v1/bays/:bay/probe',
    { config: { may: 'bays.answer', audit: 'probe' } },
    ({ params }) => {
      const { bay } = valid(bayParam, params)
      if (bench.bay(bay) === null) throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No bay ${bay}.`)
      if (probes === null)
        throw new HttpProblem(
          404,
          'BACKEND_NOT_FOUND',
          'The config has no probe: listen there first.',
        )
      return probes.issue(bayId(bay))
    },
  )
}
