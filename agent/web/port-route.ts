// Switching a bay's port of a managed switch, from board and command line; the desk says whether it may be now.
import type { FastifyInstance } from 'fastify'
import { bayId } from '../core/ids.ts'
import type { BenchControl, PortDesk } from '../ports.ts'
import { bayParam, portBody } from '../wire/http.ts'
import { nameOf } from './auth/person.ts'
import { valid } from './bay-routes.ts'
import { HttpProblem } from './problem.ts'

export function portRoute(app: FastifyInstance, bench: BenchControl, ports: PortDesk): void {
  app.post(
    '/api/v1/bays/:bay/port',
    { config: { may: 'bays.service', audit: 'port' } },
    async (request) => {
      const { params, body } = request
      const { bay } = valid(bayParam, params)
      if (bench.bay(bay) === null) throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No bay ${bay}.`)
      const { want, what, evenWithOpenRun, by } = valid(portBody, body)
      await ports.set(bayId(bay), { want, what, evenWithOpenRun, by: nameOf(request, by) })
      return { bay, want, what }
    },
  )
}
