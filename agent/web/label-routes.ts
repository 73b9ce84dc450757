// Labels of closed runs: as fields for a page, as text for a foreign printer, and onto the station's own printer.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { labelOf } from '../core/labels/label.ts'
import { type LabelFormat, zplOf } from '../core/labels/zpl.ts'
import type { BenchControl, LabelDesk, LedgerReader, StoredRun } from '../ports.ts'
import { bayParam, runParam } from '../wire/http.ts'
import { labelBody, labelQuery } from '../wire/labels.ts'
import { demandOrder } from './auth/permits.ts'
import { valid } from './bay-routes.ts'
import { HttpProblem } from './problem.ts'

const READ = { config: { may: 'runs.read' } } as const
const PRINT = { config: { may: 'labels.print', audit: 'label' } } as const

export function labelRoutes(
  app: FastifyInstance,
  bench: BenchControl,
  reader: LedgerReader,
  desk: LabelDesk,
): void {
  const closed = async (request: FastifyRequest): Promise<StoredRun> => {
    const { run } = valid(runParam, request.params)
    const stored = await reader.run(run)
    if (stored === null) throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No closed run ${run}.`)
    demandOrder(request, stored.record.workOrder)
    return stored
  }
  const print = async (request: FastifyRequest, { record }: StoredRun) => {
    request.note({ of: record.run, detail: { serial: record.device.serial } })
    const format = formatOf(desk.format, valid(labelBody, request.body))
    await desk.print(labelOf(record, desk.base()), format)
    return { printed: true, run: record.run, format }
  }

  app.get('/api/v1/runs/:run/label', READ, async (request) => {
    const { record } = await closed(request)
    const { hasPrinter, format } = desk
    return { label: labelOf(record, desk.base()), hasPrinter, format }
  })
  app.get('/api/v1/runs/:run/label.zpl', READ, async (request, reply) => {
    const { dpi, ...asked } = valid(labelQuery, request.query)
    const { record } = await closed(request)
    const format = formatOf(desk.format, {
      ...asked,
      ...(dpi === undefined ? {} : { dpi: dpi === '300' ? 300 : 203 }),
    })
    reply.type('text/plain; charset=utf-8')
    return zplOf(labelOf(record, desk.base()), format)
  })
  app.post('/api/v1/runs/:run/label', PRINT, async (request) =>
    print(request, await closed(request)),
  )
  app.post('/api/v1/bays/:bay/label', PRINT, async (request) => {
    const { bay } = valid(bayParam, request.params)
    if (bench.bay(bay) === null) throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No bay ${bay}.`)
    const [last] = await reader.runs({ max: 1, bay })
    if (last === undefined)
      throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No run was closed in bay ${bay} yet.`)
    demandOrder(request, last.record.workOrder)
    return print(request, last)
  })
}

type Asked = { readonly [K in keyof LabelFormat]?: LabelFormat[K] | undefined }

/** The config's format with what a request says otherwise. */
function formatOf(usual: LabelFormat, asked: Asked): LabelFormat {
  return {
    size: asked.size ?? usual.size,
    dpi: asked.dpi ?? usual.dpi,
    language: asked.language ?? usual.language,
    copies: asked.copies ?? usual.copies,
  }
}
