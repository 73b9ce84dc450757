// Holds what a server answers against the strict form of its description: a field that is not told is an error.
import { Ajv2020 } from 'ajv/dist/2020.js'
import { openApiOf, type ServerRoute } from '../../agent/wire/openapi.ts'
import { ROUTE_DOCS } from '../../agent/wire/openapi-docs.ts'

interface Operation {
  readonly operationId: string
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}
export interface Description {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** The routes that the descriptions tell of, as a server with all of them would have them. */
export const toldRoutes = (): readonly ServerRoute[] =>
  ROUTE_DOCS.map(({ route }) => {
    const [method = '', path = ''] = route.split(' ')
    return { method, path, may: null }
  })

export type ApiCheck = (method: string, path: string, status: number, body: unknown) => string[]

const pointer = (text: string) =>
  encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))

/** A check of one JSON answer; `path` as the description has it: `/api/v1/bays/{bay}`. Empty: it is as told. */
export function apiCheck(routes: readonly ServerRoute[] = toldRoutes()): ApiCheck {
  const options = { version: '0', strict: true }
  const document = openApiOf(routes, ROUTE_DOCS, options) as unknown as Description
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema(document, 'api')
  return (method, path, status, body) => {
    const responses = document.paths[path]?.[method.toLowerCase()]?.responses ?? {}
    const isTold = responses[status] !== undefined
    const exact = isTold ? String(status) : `${Math.floor(status / 100)}XX`
    const media = isTold ? 'application/json' : 'application/problem+json'
    if (responses[exact]?.content?.[media] === undefined)
      return [`${method} ${path} does not tell of ${status}`]
    const where = ['paths', path, method.toLowerCase(), 'responses', exact, 'content', media]
    const check = ajv.compile({ $ref: `api#/${where.map(pointer).join('/')}/schema` })
    if (check(body)) return []
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${method} ${path} ${status}: ${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
}
