// Makes the OpenAPI 3.1 document from the very schemas that validate requests, so that description and check are one.
import { z } from 'zod'
import { problemAnswer } from './answers.ts'

/** What comes back: a schema for JSON, or a media type for anything else. */
export type AnswerDoc =
  | { readonly is: string; readonly json: z.ZodType }
  | { readonly is: string; readonly media: string }

/** One route as people read it. Each route of the server needs one; test/integration/web/openapi.test.ts names those without. */
export interface RouteDoc {
  /** `GET /api/v1/bays/:bay`, as it is registered. */
  readonly route: string
  /** Where a route has a path for each action: the path that is told in its place. */
  readonly as?: string
  /** Name of the call in clients, unique: `listRuns`. */
  readonly id: string
  readonly tag: Tag
  /** One line. */
  readonly summary: string
  /** What more one must know to use it. */
  readonly notes?: string
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** A body that is no JSON. */
  readonly bodyMedia?: string
  readonly answers: Readonly<Record<number, AnswerDoc>>
}

export const TAGS = {
  station: 'The station as a whole: who it is, how it is, its events and figures.',
  bays: 'What the bays show and what people do at them.',
  runs: 'Closed runs with their proof.',
  devices: 'Whether a device is resealed.',
  throughput: 'Figures for managers.',
  orders: 'Work orders: what a batch of devices is expected to be.',
  labels: 'Labels, command barcodes and the printer.',
  trust: 'Sign-in, accounts, tokens and the audit.',
  webhooks: 'Who is told of what happened.',
} as const
export type Tag = keyof typeof TAGS

/** A route of the server as it was registered. */
export interface ServerRoute {
  readonly method: string
  readonly path: string
  /** Permission that it asks for; null: it does not say. */
  readonly may: string | null
}

export interface OpenApiOptions {
  readonly version: string
  /** Answers may hold nothing that is not told: for tests. Programs must expect further fields. */
  readonly strict?: boolean
}

type Json = Record<string, unknown>

/** Methods that a browser or a bundle asks by itself and nobody calls. */
const UNTOLD = new Set(['HEAD', 'OPTIONS'])
/** Pages and their files. */
const FILES = new Set(['/*', '/api/viewer/:file'])
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const keyOf = ({ method, path }: ServerRoute) => `${method} ${path}`

/** Routes of the server that no RouteDoc tells of, apart from the files of the board. */
export const untold = (
  routes: readonly ServerRoute[],
  docs: readonly RouteDoc[],
): readonly string[] => {
  const told = new Set(docs.map(({ route }) => route))
  const keys = routes
    .filter(({ method, path }) => !UNTOLD.has(method) && !FILES.has(path))
    .map(keyOf)
  return [...new Set(keys)].filter((key) => !told.has(key))
}

/** The document of a server with these routes. A route without a RouteDoc is left out. */
export function openApiOf(
  routes: readonly ServerRoute[],
  docs: readonly RouteDoc[],
  options: OpenApiOptions,
): Json {
  const names = new Names()
  const paths: Record<string, Json> = {}
  for (const doc of docs) {
    const route = routes.find((one) => keyOf(one) === doc.route)
    if (route === undefined) continue
    const path = (doc.as ?? route.path).replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, doc, names) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Reseal station',
      version: options.version,
      description:
        'Times are UTC: milliseconds since 1970 where a field is a number, ISO 8601 where it is a text. ' +
        'Answers may get further fields. Refusals are problem documents (RFC 9457) with a fault code and a hint. ' +
        'More than 250 requests a second of one client are refused with 429 and Retry-After.',
      contact: { name: 'The owner of this bench' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This station' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: names.schemas(options.strict ?? false),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token for a program.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-reseal',
          description:
            'The cookie of a person who signed in; a change sends `x-reseal-csrf` with the text of the cookie `__Host-reseal-csrf` besides.',
        },
      },
    },
    // Where the station has no accounts, loopback needs nothing.
    security: [{ token: [] }, { session: [] }, {}],
  }
}

function operation(route: ServerRoute, doc: RouteDoc, names: Names): Json {
  const upper = `${doc.id[0]?.toUpperCase()}${doc.id.slice(1)}`
  const isChange = CHANGES.has(route.method)
  const answers = Object.entries(doc.answers).map(([status, answer]) => [
    status,
    {
      description: answer.is,
      content:
        'json' in answer
          ? { 'application/json': { schema: names.answer(answer.json, `${upper}Answer${status}`) } }
          : { [answer.media]: { schema: { type: 'string' } } },
    },
  ])
  const refusal = {
    content: { 'application/problem+json': { schema: names.answer(problemAnswer, 'Problem') } },
  }
  const parameters = [
    ...parametersOf(doc.params, 'path'),
    ...parametersOf(doc.query, 'query'),
    ...(isChange ? [IDEMPOTENCY_KEY] : []),
  ]
  return {
    operationId: doc.id,
    tags: [doc.tag],
    summary: doc.summary,
    description: doc.notes ?? doc.summary,
    ...(route.may === null ? {} : { 'x-reseal-permission': route.may }),
    ...(route.may === 'anyone' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(doc, upper, names),
    responses: {
      ...Object.fromEntries(answers),
      ...(route.method === 'GET'
        ? { 304: { description: 'As you have it: `If-None-Match`.' } }
        : {}),
      '4XX': { description: 'The request is refused.', ...refusal },
      '5XX': { description: 'The station cannot do it now.', ...refusal },
    },
  }
}

function bodyOf(doc: RouteDoc, upper: string, names: Names): Json {
  if (doc.body !== undefined) {
    const schema = names.request(doc.body, `${upper}Body`)
    return { requestBody: { required: true, content: { 'application/json': { schema } } } }
  }
  if (doc.bodyMedia === undefined) return {}
  const schema = { type: 'string', contentMediaType: doc.bodyMedia }
  return { requestBody: { required: true, content: { [doc.bodyMedia]: { schema } } } }
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'The same key with the same request answers the same and does it once, for an hour; with another request it is 422.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
}

/** Digits in a query are numbers to a client. */
const asNumber = (schema: Json): Json =>
  schema['pattern'] === '^\\d{1,15}$' ? { type: 'integer', minimum: 0 } : schema

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (schema === undefined) return []
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    readonly properties?: Readonly<Record<string, Json>>
    readonly required?: readonly string[]
  }
  return Object.entries(whole.properties ?? {}).map(([name, own]) => ({
    name,
    in: where,
    required: where === 'path' || (whole.required ?? []).includes(name),
    ...(typeof own['description'] === 'string' ? { description: own['description'] } : {}),
    schema: asNumber(own),
  }))
}

/** Schemas by name, each written once. */
class Names {
  readonly #requests = z.registry<{ id: string }>()
  readonly #answers = z.registry<{ id: string }>()
  readonly #known = new Map<z.ZodType, string>()

  answer(schema: z.ZodType, name: string): Json {
    return this.#refer(this.#answers, schema, name)
  }

  request(schema: z.ZodType, name: string): Json {
    return this.#refer(this.#requests, schema, name)
  }

  #refer(registry: z.core.$ZodRegistry<{ id: string }>, schema: z.ZodType, name: string): Json {
    const known = this.#known.get(schema)
    if (known === undefined) {
      this.#known.set(schema, name)
      registry.add(schema, { id: name })
    }
    return { $ref: uri(known ?? name) }
  }

  schemas(strict: boolean): Json {
    const write = (registry: z.core.$ZodRegistry<{ id: string }>, io: 'input' | 'output') =>
      z.toJSONSchema(registry, {
        io,
        uri,
        unrepresentable: 'any',
        override: ({ jsonSchema }) => {
          // Programs must live with fields that a later version adds.
          if (io === 'output' && !strict && jsonSchema.additionalProperties === false)
            delete jsonSchema.additionalProperties
        },
      }).schemas
    const all = { ...write(this.#requests, 'input'), ...write(this.#answers, 'output') }
    return Object.fromEntries(
      Object.entries(all).map(([name, { $id: _id, $schema: _dialect, ...rest }]) => [name, rest]),
    )
  }
}

const uri = (name: string) => `#/components/schemas/${name}`
