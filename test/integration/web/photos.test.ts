// Photos over HTTP on a real ledger: bounded, cleaned, kept by digest, named in the chain, given out as pictures and nothing else.
import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import { silentLog } from '../../../agent/log.ts'
import { startWeb } from '../../../agent/web/web.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { jpeg, png, pngChunk, SECRET, webp } from '../../core/photos/pictures.ts'
import { BoardBench, viewOf } from '../../fakes/board-bench.ts'
import { aDir, aLedger, aReader } from '../ledger/parts/samples.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly bytes: Buffer
  // Tests read the answers of several routes.
  readonly json: Record<string, unknown>
}

async function bench() {
  const clock = systemClock()
  const dir = aDir()
  const ledger = await aLedger(dir)
  const reader = await aReader(dir)
  const board = new BoardBench([
    viewOf('1', 'working', clock, { run: 'R1', serial: 'S1' }),
    viewOf('2', 'empty', clock),
  ])
  const web = await startWeb({
    bench: board,
    reader,
    clock,
    log: silentLog,
    host: '127.0.0.1',
    port: 0,
    resealAnswer: async () => ({}),
    station: { site: 'hall', station: 's1', version: '0.1.0', virtual: true },
    board: '/nonexistent',
    photos: { dir, ledger },
  })
  onTestFinished(() => web.close())
  const port = Number(new URL(web.url).port)
  const ask = (path: string, type?: string, body?: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST'
      const headers = type === undefined ? {} : { 'content-type': type }
      const out = request({ host: '127.0.0.1', port, path, method, headers }, (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const isJson = (incoming.headers['content-type'] ?? '').includes('json')
          const json = isJson ? JSON.parse(bytes.toString()) : {}
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, bytes, json })
        })
      })
      out.on('error', reject)
      out.end(body)
    })
  const add = (body: Buffer, type = 'image/png', bay = '1') =>
    ask(`/api/v1/bays/${bay}/photo`, type, body)
  return { dir, board, clock, ask, add, photos: () => ask('/api/v1/runs/R1/photos') }
}

/** A clean picture of its own for each number. */
const other = (n: number) => {
  const bytes = png()
  const at = bytes.indexOf('gAMA')
  const gamma = pngChunk('gAMA', Buffer.from([0, 0, 0xb1, n]))
  return Buffer.concat([bytes.subarray(0, at - 4), gamma, bytes.subarray(at + 12)])
}

test('a photo is kept without its metadata, under the digest of what is kept, and the chain holds', async () => {
  const { dir, add, ask, photos } = await bench()
  for (const [bytes, type] of [
    [jpeg(), 'image/jpeg'],
    [png(), 'image/png'],
    [webp(), 'image/webp'],
  ] as const) {
    const { status, json } = await add(bytes, type)
    expect(status).toBe(201)
    const { digest } = json['photo'] as { digest: string }
    const shown = await ask(`/api/v1/runs/R1/photos/${digest}`)
    expect(shown.status).toBe(200)
    expect(createHash('sha256').update(shown.bytes).digest('hex')).toBe(digest)
    expect(shown.bytes.includes(SECRET)).toBe(false)
    expect(shown.headers).toMatchObject({
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
  }
  const listed = (await photos()).json['photos'] as { type: string; by: string }[]
  expect(listed.map(({ type }) => type)).toEqual(['image/jpeg', 'image/png', 'image/webp'])
  const verified = await verifyLedger(dir)
  expect(verified.ok).toBe(true)
})

test('the type is what the bytes say, whatever the request calls them', async () => {
  const { add } = await bench()
  const { json } = await add(png(), 'image/jpeg')
  expect(json['photo']).toMatchObject({ type: 'image/png' })
})

test('ten photos a run, two sent at once counted right, and the same picture is the same photo', async () => {
  const { dir, add, photos } = await bench()
  const first = await add(other(1))
  expect((await add(other(1))).json['photo']).toEqual(first.json['photo'])
  const all = await Promise.all([2, 3, 4, 5, 6, 7].map((n) => add(other(n))))
  expect(all.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201])
  const rest = await Promise.all([8, 9, 10, 11, 12].map((n) => add(other(n))))
  expect(rest.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 409, 409])
  expect(rest.find(({ status }) => status === 409)?.json['code']).toBe('OPERATOR_PHOTO_LIMIT')
  expect((await photos()).json['photos']).toHaveLength(10)
  expect(readdirSync(join(dir, 'photos'))).toHaveLength(10)
})

test('what is no picture, too large, for no run or no bay is refused and nothing is kept', async () => {
  const { dir, add, ask, photos } = await bench()
  const page = Buffer.from('<!doctype html><script>alert(1)</script>')
  expect(await add(page)).toMatchObject({ status: 415, json: { code: 'OPERATOR_PHOTO_KIND' } })
  expect((await add(page, 'text/html')).status).toBe(415)
  expect((await add(png(), 'application/octet-stream')).status).toBe(415)
  expect((await add(Buffer.from('{}'), 'application/json')).status).toBe(415)
  expect((await add(png(), 'image/png', '2')).json['code']).toBe('OPERATOR_PHOTO_NO_RUN')
  expect((await add(png(), 'image/png', '9')).status).toBe(404)
  const large = Buffer.concat([png(), Buffer.alloc(8 * 1024 * 1024)])
  expect((await add(large)).status).toBe(413)
  // Bytes of a picture are taken on this route alone.
  expect((await ask('/api/v1/scan', 'image/png', png())).status).toBe(415)
  expect((await photos()).json['photos']).toEqual([])
  expect(() => readdirSync(join(dir, 'photos'))).toThrow('ENOENT')
})

test('a photo of another run, a path, or a file that was changed is not given out', async () => {
  const { dir, board, clock, add, ask } = await bench()
  const { digest } = (await add(png())).json['photo'] as { digest: string }
  board.show(viewOf('2', 'working', clock, { run: 'R2', serial: 'S2' }))
  expect((await ask(`/api/v1/runs/R2/photos/${digest}`)).status).toBe(404)
  expect((await ask('/api/v1/runs/R1/photos/..%2f..%2fledger.db')).status).toBe(400)
  expect((await ask(`/api/v1/runs/R1/photos/${'0'.repeat(64)}`)).status).toBe(404)
  writeFileSync(join(dir, 'photos', `${digest}.png`), 'something else')
  expect((await ask(`/api/v1/runs/R1/photos/${digest}`)).status).toBe(404)
})
