// The description held against a real station: every answer fits, Spectral has nothing to say, a generated client works.
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROUTE_DOCS } from '../../../agent/wire/openapi-docs.ts'
import { type StationProcess, startStation } from '../../browser/station-process.ts'
import { apiCheck, type Description } from '../../fakes/api-check.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const TOOLS = join(ROOT, 'test/tools/openapi/node_modules')
const run = promisify(execFile)
/** A program of the tools' own folder, on this Node. */
const tool = (path: string, args: readonly string[], cwd: string) =>
  spawnSync(process.execPath, [join(TOOLS, path), ...args], { cwd, encoding: 'utf8' })

let folder = ''
let station: StationProcess
let described: Description

const get = async (path: string) => {
  const response = await fetch(`${station.url}${path}`)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reseal-api-'))
  const data = join(folder, 'data')
  const devices = ['demo', '--devices', '8', '--bays', '4', '--seed', '7', '--faults']
  const ends = ['--exit-when-done', '--json', '--data', data]
  await run(process.execPath, ['agent/main.ts', ...devices, ...ends], { cwd: ROOT })
  station = await startStation(data, 0)
  described = (await get('/api/openapi.json')).body as unknown as Description
  writeFileSync(join(folder, 'api.json'), JSON.stringify(described))
})
afterAll(async () => {
  await station.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a station with nothing special has every path of the description but those of accounts', () => {
  const told = ROUTE_DOCS.filter(({ route }) => !/session|accounts|tokens|audit|probe$/.test(route))
  const paths = Object.keys(described.paths)
  const missing = told
    .map(({ route, as }) => (as ?? route.split(' ')[1] ?? '').replace(/:(\w+)/g, '{$1}'))
    .filter((path) => !paths.includes(path))
  expect(missing).toEqual([])
})

test('every answer to a question fits its description', async () => {
  const check = apiCheck()
  const runs = (await get('/api/v1/runs?max=500')).body['runs'] as {
    readonly record: { readonly run: string; readonly device: { readonly serial: string } }
  }[]
  expect(runs.length).toBeGreaterThan(7)
  const { run: newest, device } = runs[0]?.record ?? { run: '', device: { serial: '' } }
  const day = { from: '2026-01-05T00:00:00Z', to: '2026-01-06T00:00:00Z' }
  /** What stands for a gap of a path, and what one must ask by. */
  const values: Readonly<Record<string, string>> = {
    bay: '1',
    run: newest,
    serial: device.serial,
    order: 'VB-1001',
    hook: 'none',
    digest: '0'.repeat(64),
  }
  const queries: Readonly<Record<string, string>> = {
    '/api/v1/throughput': `?${new URLSearchParams(day)}`,
  }
  const bays = (await get('/api/v1/bays')).body['bays'] as { readonly bay: string }[]
  const known = { ...values, bay: bays[0]?.bay ?? '1' } as Readonly<Record<string, string>>
  const seen: Record<string, number> = {}
  for (const [path, operations] of Object.entries(described.paths)) {
    const answer = operations['get']?.responses['200']?.content
    if (answer?.['application/json'] === undefined) continue
    const url = path.replace(/\{(\w+)\}/g, (_gap, name: string) =>
      encodeURIComponent(known[name] ?? 'none'),
    )
    const { status, body } = await get(`${url}${queries[path] ?? ''}`)
    seen[path] = status
    expect(check('GET', path, status, body), url).toEqual([])
  }
  // Nothing of this kind stands on a virtual bench; the answer is a problem document, and fits too.
  const nothing = Object.entries(seen).filter(([, status]) => status !== 200)
  expect(nothing.map(([path]) => path)).toEqual(
    Object.keys(seen).filter((path) => /\{hook\}|\{digest\}/.test(path)),
  )
  expect(Object.keys(seen).length).toBeGreaterThan(12)
})

test('every run of a ledger fits the description of a run', async () => {
  const check = apiCheck()
  for (let path = '/api/v1/runs?max=3'; path !== ''; ) {
    const { body } = await get(path)
    expect(check('GET', '/api/v1/runs', 200, body)).toEqual([])
    path = body['next'] === null ? '' : `/api/v1/runs?max=3&cursor=${body['next']}`
  }
})

describe('Spectral', () => {
  const lint = (file: string) => {
    writeFileSync(join(folder, 'rules.yaml'), 'extends: ["spectral:oas"]\n')
    const args = ['lint', file, '--ruleset', 'rules.yaml', '--format', 'json', '--quiet']
    const { stdout, stderr } = tool('@stoplight/spectral-cli/dist/index.js', args, folder)
    expect(stderr).toBe('')
    return JSON.parse(stdout || '[]') as { readonly severity: number; readonly code: string }[]
  }

  test('finds neither error nor warning by its rules for OpenAPI', () => {
    expect(lint('api.json')).toEqual([])
  })

  test('would find an error', () => {
    const broken = { ...described, paths: { '/a/{b}': { get: { responses: {} } } } }
    writeFileSync(join(folder, 'broken.json'), JSON.stringify(broken))
    expect(lint('broken.json').filter(({ severity }) => severity === 0)).not.toEqual([])
  })
})

/** What somebody else's program would do: written against the generated client alone. */
const PROGRAM = `
import { createClient } from './client/client'
import { doLampTest, getBay, getReseal, getRun, getStation, listRuns, lookUpMany } from './client'

export async function walk(baseUrl: string) {
  const client = createClient({ baseUrl })
  const { data: station } = await getStation({ client, throwOnError: true })
  const serials: string[] = []
  let cursor: number | undefined
  do {
    const query = cursor === undefined ? { max: 3 } : { max: 3, cursor }
    const { data: page } = await listRuns({ client, query, throwOnError: true })
    for (const { record } of page.runs) if (record.device.serial !== null) serials.push(record.device.serial)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  const serial = serials[0] ?? ''
  const { data: answer } = await getReseal({ client, path: { serial }, throwOnError: true })
  const verdict: 'resealed' | 'not-resealed' | 'open' | 'not-seen' = answer.answer
  const { data: unknown } = await getReseal({ client, path: { serial: 'NEVER SEEN/1' }, throwOnError: true })
  const bay = station.bays[0] ?? ''
  const key = { 'Idempotency-Key': 'walk-1' }
  const taken = await doLampTest({ client, path: { bay }, body: { by: 'program' }, headers: key })
  const again = await doLampTest({ client, path: { bay }, body: { by: 'program' }, headers: key })
  const refused = await getBay({ client, path: { bay: 'none' } })
  const noRun = await getRun({ client, path: { run: 'none' } })
  return {
    site: station.site,
    serials,
    verdict,
    words: answer.words,
    unknown: unknown.answer,
    taken: taken.data?.taken,
    replayed: again.response.headers.get('idempotency-replayed'),
    refused: refused.error?.code,
    noRun: noRun.error?.status,
    canLookUpMany: typeof lookUpMany,
  }
}
`
const WRONG = `
import { createClient } from './client/client'
import { getStation } from './client'
const { data } = await getStation({ client: createClient({}), throwOnError: true })
export const nothing: string = data.noSuchField
`

describe('a client that a generator made of the description', () => {
  const program = () => join(folder, 'program')

  beforeAll(() => {
    mkdirSync(program())
    symlinkSync(TOOLS, join(program(), 'node_modules'))
    const args = ['-i', join(folder, 'api.json'), '-o', 'client', '-c', '@hey-api/client-fetch']
    const { status, stdout, stderr } = tool('@hey-api/openapi-ts/bin/run.js', args, program())
    expect(status, `${stdout}${stderr}`).toBe(0)
    writeFileSync(join(program(), 'walk.ts'), PROGRAM)
    writeFileSync(join(program(), 'wrong.ts'), WRONG)
  })

  test('knows the types of questions and answers', () => {
    const options = ['--noEmit', '--strict', '--target', 'esnext', '--module', 'esnext']
    const more = ['--moduleResolution', 'bundler', '--lib', 'esnext,dom,dom.iterable']
    // The product's own compiler: the client must pass more than the one that it was made for.
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const { stdout } = spawnSync(
      process.execPath,
      [tsc, ...options, ...more, 'walk.ts', 'wrong.ts'],
      { cwd: program(), encoding: 'utf8' },
    )
    const [only = '', ...others] = stdout.trim().split('\n')
    expect(only).toMatch(/^wrong\.ts.*noSuchField/)
    expect(others).toEqual([])
  })

  test('walks through the ledger, asks, acts once, and hears refusals by code', async () => {
    await build({
      root: program(),
      logLevel: 'error',
      build: {
        lib: { entry: join(program(), 'walk.ts'), formats: ['es'], fileName: () => 'walk.mjs' },
        outDir: join(program(), 'out'),
        minify: false,
      },
    })
    const { walk } = (await import(join(program(), 'out/walk.mjs'))) as {
      walk: (
        url: string,
      ) => Promise<{ readonly serials: readonly string[]; readonly words: string }>
    }
    const { serials, words, ...said } = await walk(station.url)
    expect(said).toEqual({
      site: 'virtual',
      verdict: expect.stringMatching(/^(?:not-)?resealed$|^open$/),
      unknown: 'not-seen',
      taken: 'taken',
      replayed: 'true',
      refused: 'BACKEND_NOT_FOUND',
      noRun: 404,
      canLookUpMany: 'function',
    })
    // The bench goes on working meanwhile.
    expect(serials.length).toBeGreaterThan(7)
    expect(words).toMatch(/\w/)
  })
})
