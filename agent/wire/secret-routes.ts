// Which answers hold a secret: told once, never kept for a repeated request, never compressed.

/** As `GET /path`. Compression would let the size of an answer tell of the secret in it (BREACH). */
export const SECRET_ROUTES: ReadonlySet<string> = new Set([
  'GET /api/v1/bays',
  'GET /api/v1/bays/:bay',
  'POST /api/v1/bays/:bay/probe',
  'GET /api/v1/session',
  'POST /api/v1/session',
  'POST /api/v1/session/password',
  'POST /api/v1/session/first',
  'POST /api/v1/accounts',
  'POST /api/v1/accounts/:account/password',
  'POST /api/v1/accounts/:account/badge',
  'POST /api/v1/tokens',
])
