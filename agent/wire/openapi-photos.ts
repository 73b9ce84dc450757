// What the routes of photos and of a run's proof are for, as the API's description tells it.
import { z } from 'zod'
import { bayParam, runParam } from './http.ts'
import type { RouteDoc } from './openapi.ts'
import { photoAnswer, photoParam, photosAnswer, proofAnswer } from './photo.ts'

export const PHOTO_DOCS: readonly RouteDoc[] = [
  {
    route: 'POST /api/v1/bays/:bay/photo',
    id: 'addPhoto',
    tag: 'bays',
    summary: 'Add a photo to the open run of a bay, else to the one that closed last there.',
    notes:
      'JPEG, PNG or WebP by its own bytes, 8 MiB at most, 10 for a run. Everything that is not needed to draw it is taken out, its turning (EXIF orientation) too: turn it before. The digest is that of the bytes as they are kept; the same picture again is the same photo.',
    params: bayParam,
    bodyMedia: 'image/jpeg',
    answers: {
      201: {
        is: 'It is kept, and the chain names it.',
        json: z.object({ run: z.string(), max: z.int(), photo: photoAnswer }),
      },
    },
  },
  {
    route: 'GET /api/v1/runs/:run/photos',
    id: 'listPhotos',
    tag: 'runs',
    summary: 'The photos of a run, oldest first.',
    params: runParam,
    answers: { 200: { is: 'What is kept.', json: photosAnswer } },
  },
  {
    route: 'GET /api/v1/runs/:run/photos/:digest',
    id: 'getPhoto',
    tag: 'runs',
    summary: 'One photo of a run.',
    params: photoParam,
    answers: { 200: { is: 'The picture.', media: 'image/*' } },
  },
  {
    route: 'GET /api/v1/runs/:run/proof',
    id: 'proveRun',
    tag: 'runs',
    summary: 'Whether a closed run stands in the chain as it was written.',
    notes:
      'Holds the stored record against its digest and its entry against the ones before and behind it. `reseal verify` checks the whole chain.',
    params: runParam,
    answers: { 200: { is: 'What was found.', json: proofAnswer } },
  },
]
