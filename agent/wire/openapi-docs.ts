// The list of everything that the API can do, gathered from the tables beside each part's schemas.

import type { RouteDoc } from './openapi.ts'
import { DESK_DOCS } from './openapi-desks.ts'
import { LABEL_DOCS } from './openapi-labels.ts'
import { PHOTO_DOCS } from './openapi-photos.ts'
import { STATION_DOCS } from './openapi-station.ts'
import { TRUST_DOCS } from './openapi-trust.ts'
import { THROUGHPUT_DOCS } from './throughput.ts'

/** A new part of the API adds its table here. */
export const ROUTE_DOCS: readonly RouteDoc[] = [
  ...STATION_DOCS,
  ...DESK_DOCS,
  ...PHOTO_DOCS,
  ...TRUST_DOCS,
  ...LABEL_DOCS,
  ...THROUGHPUT_DOCS,
]
