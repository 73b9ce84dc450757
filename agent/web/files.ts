// The bundled board, read into memory at start: what is not in the list does not exist, so no path leads outside.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'

export interface BoardFile {
  readonly body: Buffer
  readonly type: string
  readonly etag: string
  /** Its name carries its hash: it never changes. */
  readonly isForever: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}
/** The bundle is a handful of files; more or larger ones are not ours. */
const FILES_MAX = 100
const BYTES_MAX = 5_000_000

/** Files of the board by URL path. Empty when it is not bundled: the API works without it. */
export function readBoard(folder: string): ReadonlyMap<string, BoardFile> {
  const files = new Map<string, BoardFile>()
  for (const name of listFiles(folder)) {
    const type = TYPES[extname(name)]
    const path = join(folder, name)
    if (type === undefined || statSync(path).size > BYTES_MAX || files.size >= FILES_MAX) continue
    const body = readFileSync(path)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    const file = { body, type, etag, isForever: name.startsWith('assets/') }
    files.set(pathOf(name), file)
  }
  const index = files.get('/index.html')
  if (index !== undefined) files.set('/', index)
  return files
}

/** A page stands at its name alone: pages/throughput/index.html is /throughput. */
const pathOf = (name: string): string =>
  `/${/^pages\/([\w-]+)\/index\.html$/.exec(name)?.[1] ?? name}`

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch {
    return []
  }
}
