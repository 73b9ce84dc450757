// Serves the description of the API, made from the schemas that validate it, and the files of its viewer.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { ServerRoute } from '../wire/openapi.ts'
import { HttpProblem } from './problem.ts'

/** Of swagger-ui-dist; the page `/api` of the dashboard starts them. */
const VIEWER: ReadonlyMap<string, string> = new Map([
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['swagger-ui.css', 'text/css; charset=utf-8'],
])

/** `routes` grows until the server listens; the document is made when it is first asked for. */
export function openApiRoutes(
  app: FastifyInstance,
  routes: readonly ServerRoute[],
  version: string,
): void {
  let text: Promise<string> | null = null
  app.get('/api/openapi.json', { config: { may: 'health.read' } }, async (_request, reply) => {
    text ??= describe(routes, version).catch((error: unknown) => {
      // The next who asks tries anew.
      text = null
      throw error
    })
    return reply.type('application/json; charset=utf-8').send(await text)
  })
  const files = new Map<string, Promise<string>>()
  app.get('/api/viewer/:file', { config: { may: 'anyone' } }, async (request, reply) => {
    const { file = '' } = request.params as { readonly file?: string }
    const type = VIEWER.get(file)
    if (type === undefined) throw new HttpProblem(404, 'BACKEND_NOT_FOUND')
    const body = files.get(file) ?? viewerFile(file)
    files.set(file, body)
    reply.headers({ 'cache-control': 'public, max-age=86400', 'content-type': type })
    return body
  })
}

/** The schemas of all answers are loaded for this alone, and most stations are never asked. */
async function describe(routes: readonly ServerRoute[], version: string): Promise<string> {
  const [{ openApiOf }, { ROUTE_DOCS }] = await Promise.all([
    import('../wire/openapi.ts'),
    import('../wire/openapi-docs.ts'),
  ])
  return JSON.stringify(openApiOf(routes, ROUTE_DOCS, { version }))
}

async function viewerFile(name: string): Promise<string> {
  const folder = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
  const text = await readFile(join(folder, name), 'utf8')
  // Pictures inside the style sheet are data: addresses, which the policy of this station refuses; it stands without them.
  return name.endsWith('.css') ? text.replace(/url\((["']?)data:[^)]*?\1\)/g, 'none') : text
}
