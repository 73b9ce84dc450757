// Photos of a run: taken at the bay by a phone, listed and shown with the run, never as anything but a picture.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isStationError } from '../fault.ts'
import type { BenchControl, LedgerReader } from '../ports.ts'
import { bayParam, runParam } from '../wire/http.ts'
import { photoParam } from '../wire/photo.ts'
import { demandOrder } from './auth/permits.ts'
import { nameOf } from './auth/person.ts'
import { valid } from './bay-routes.ts'
import { BrokenPicture } from './photos/broken.ts'
import { PHOTO_BYTES_MAX, PHOTOS_PER_RUN, type PhotoStore } from './photos/photo-store.ts'
import { PICTURE_TYPES } from './photos/picture.ts'
import { HttpProblem } from './problem.ts'

/** Nothing in a photo may run or load, even if a browser took it for a page. */
const STILL = "default-src 'none'; sandbox"

export function photoRoutes(
  app: FastifyInstance,
  bench: BenchControl,
  reader: LedgerReader,
  store: PhotoStore,
): void {
  /** The open run of a bay or a closed one, with the serial number that it has. */
  const known = async (request: FastifyRequest, run: string) => {
    const open = bench.bays().find((view) => view.run === run)
    const stored = await reader.run(run)
    if (stored !== null) demandOrder(request, stored.record.workOrder)
    if (stored === null && open === undefined)
      throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No run ${run}.`)
    return stored?.record.device.serial ?? open?.serial ?? null
  }

  app.get('/api/v1/runs/:run/photos', { config: { may: 'runs.read' } }, async (request) => {
    const { run } = valid(runParam, request.params)
    return { run, max: PHOTOS_PER_RUN, photos: await store.of(run, await known(request, run)) }
  })

  app.get(
    '/api/v1/runs/:run/photos/:digest',
    { config: { may: 'runs.read' } },
    async (request, reply) => {
      const { run, digest } = valid(photoParam, request.params)
      const photos = await store.of(run, await known(request, run))
      const photo = photos.find((one) => one.digest === digest)
      const bytes = photo === undefined ? null : await store.read(photo)
      if (photo === undefined || bytes === null)
        throw new HttpProblem(404, 'BACKEND_NOT_FOUND', 'No such photo of this run.')
      reply.headers({
        'content-security-policy': STILL,
        'content-disposition': `inline; filename="${digest.slice(0, 12)}"`,
        'cache-control': 'private, max-age=3600',
      })
      return reply.type(photo.type).send(bytes)
    },
  )

  // Pictures are bytes on this route alone; everywhere else the server takes JSON and nothing more.
  void app.register(async (scope) => {
    scope.addContentTypeParser([...PICTURE_TYPES], { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    scope.post(
      '/api/v1/bays/:bay/photo',
      {
        bodyLimit: PHOTO_BYTES_MAX,
        config: { may: 'photos.add', takes: PICTURE_TYPES, audit: 'photo' },
      },
      async (request, reply) => {
        const { bay } = valid(bayParam, request.params)
        const view = bench.bay(bay)
        if (view === null) throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No bay ${bay}.`)
        if (!Buffer.isBuffer(request.body)) throw new HttpProblem(415, 'OPERATOR_PHOTO_KIND')
        if (view.run === null) throw new HttpProblem(409, 'OPERATOR_PHOTO_NO_RUN')
        const by = nameOf(request, undefined)
        const photo = await store
          .add(view.run, view.serial, request.body, by)
          .catch((error: unknown) => {
            throw refusal(error)
          })
        request.note({ of: view.run, detail: { bay, serial: view.serial, digest: photo.digest } })
        return reply.status(201).send({ run: view.run, max: PHOTOS_PER_RUN, photo })
      },
    )
  })
}

function refusal(error: unknown): unknown {
  if (error instanceof BrokenPicture)
    return new HttpProblem(415, 'OPERATOR_PHOTO_KIND', `The picture: ${error.message}.`)
  if (isStationError(error) && error.code === 'OPERATOR_PHOTO_LIMIT')
    return new HttpProblem(409, error.code)
  return error
}
