// What the server owes programs besides answers: once is once, small is small, the same is not sent again, a flood is told.
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../../agent/ports.ts'
import { RATE_BURST, RATE_PER_SECOND } from '../../../agent/web/rates.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { ask, post, type Served, serve } from './server.ts'

let served: Served
let shift = 0
/** The PC's clock, moved on by hand where an hour must pass. */
const clock = (): Clock => {
  const real = systemClock()
  return { ...real, now: () => real.now() + shift, mono: () => real.mono() + shift, rate: 1 }
}
beforeEach(async () => {
  shift = 0
  served = await serve({ clock: clock() })
})
afterEach(() => served.close())

const abort = '/api/v1/bays/1/actions/abort'

describe('a request with an Idempotency-Key', () => {
  const send = (key: string, body: object = { by: 'ana' }, path = abort) =>
    post(served.port, path, body, { 'idempotency-key': key })

  test('is done once, and answers the same again', async () => {
    const first = await send('k1')
    const again = await send('k1')
    expect(first.status).toBe(200)
    expect(again).toMatchObject({ status: 200, json: first.json })
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(first.headers['idempotency-replayed']).toBeUndefined()
    expect(served.bench.calls).toHaveLength(1)
  })

  test('with another body or another path is a mistake and is told', async () => {
    await send('k1')
    for (const again of [
      await send('k1', { by: 'bob' }),
      await send('k1', { by: 'ana' }, '/api/v1/bays/2/actions/abort'),
    ]) {
      expect(again.status).toBe(422)
      expect(again.json).toMatchObject({ code: 'BACKEND_KEY_REUSED' })
    }
    expect(served.bench.calls).toHaveLength(1)
  })

  test('another key is another request', async () => {
    await send('k1')
    await send('k2')
    expect(served.bench.calls).toHaveLength(2)
  })

  test('that is still worked on is asked to wait, not done twice', async () => {
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    served.bench.reply = async () => {
      await held
      return { taken: 'taken' }
    }
    const first = send('k1')
    await expect.poll(() => served.bench.calls.length).toBe(1)
    const second = await send('k1')
    expect(second).toMatchObject({ status: 409, json: { code: 'BACKEND_KEY_IN_USE' } })
    expect(second.headers['retry-after']).toBe('1')
    goOn()
    expect((await first).status).toBe(200)
    expect((await send('k1')).headers['idempotency-replayed']).toBe('true')
    expect(served.bench.calls).toHaveLength(1)
  })

  test('that failed for a moment is tried anew; a refusal for good stays one', async () => {
    served.bench.reply = () => {
      throw new Error('the disk is busy')
    }
    expect((await send('k1')).status).toBe(500)
    served.bench.reply = () => ({ taken: 'taken' })
    expect((await send('k1')).status).toBe(200)
    expect((await send('k2', { what: 1 })).status).toBe(400)
    expect((await send('k2', { what: 1 })).headers['idempotency-replayed']).toBe('true')
  })

  test('is forgotten after an hour', async () => {
    await send('k1')
    shift = 61 * 60_000
    expect((await send('k1')).headers['idempotency-replayed']).toBeUndefined()
    expect(served.bench.calls).toHaveLength(2)
  })

  test('is remembered within bounds: the oldest of too many goes first', async () => {
    await send('first')
    for (let index = 0; index < 2_000; index += 1) {
      // A flood is another test.
      if (index % 500 === 0) shift += 10_000
      await send(`k${index}`)
    }
    expect((await send('k1999')).headers['idempotency-replayed']).toBe('true')
    expect((await send('first')).headers['idempotency-replayed']).toBeUndefined()
  })

  test('of the wrong form is refused, and one of a GET is nothing', async () => {
    expect((await send('a b')).status).toBe(400)
    expect((await send('x'.repeat(129))).status).toBe(400)
    const got = await ask(served.port, '/livez', { headers: { 'idempotency-key': 'k' } })
    expect(got.status).toBe(200)
  })
})

describe('an answer', () => {
  /** Raw bytes, as `ask` would make a text of them. */
  const fetched = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(`${served.url}${path}`, { headers: { ...headers } })
    return response
  }
  beforeEach(() => {
    for (let index = 0; index < 20; index += 1) served.reader.closeRun(`run${index}`, {})
  })

  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)(
    'is packed as %s for who takes it, and is the same unpacked',
    async (name, unpack) => {
      const plain = await ask(served.port, '/api/v1/runs')
      const { request } = await import('node:http')
      const packed = await new Promise<{
        encoding: string | undefined
        bytes: Buffer
        vary: string | undefined
      }>((resolve, reject) => {
        const outgoing = request(
          {
            host: '127.0.0.1',
            port: served.port,
            path: '/api/v1/runs',
            headers: { 'accept-encoding': name },
          },
          (incoming) => {
            const chunks: Buffer[] = []
            incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
            incoming.on('end', () =>
              resolve({
                encoding: incoming.headers['content-encoding'],
                vary: incoming.headers.vary,
                bytes: Buffer.concat(chunks),
              }),
            )
          },
        )
        outgoing.on('error', reject)
        outgoing.end()
      })
      expect(packed.encoding).toBe(name)
      expect(packed.vary).toContain('accept-encoding')
      expect(unpack(packed.bytes).toString()).toBe(plain.text)
      expect(packed.bytes.length).toBeLessThan(plain.text.length / 4)
    },
  )

  test('that is small, secret or a stream is never packed', async () => {
    const packs = { 'accept-encoding': 'br, gzip' }
    expect((await fetched('/livez', packs)).headers.get('content-encoding')).toBeNull()
    // The bays carry open codes of probes.
    const many = await fetched('/api/v1/bays', packs)
    expect((await many.text()).length).toBeGreaterThan(500)
    expect(many.headers.get('content-encoding')).toBeNull()
    const end = new AbortController()
    const stream = await fetch(`${served.url}/api/v1/events`, {
      headers: packs,
      signal: end.signal,
    })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect(stream.headers.get('content-encoding')).toBeNull()
    end.abort()
  })

  test('that the asker has is not sent again, packed or not', async () => {
    const first = await ask(served.port, '/api/v1/runs/run3')
    const { etag } = first.headers
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/)
    for (const have of [String(etag), String(etag).slice(2), `"other", ${etag}`, '*']) {
      const again = await ask(served.port, '/api/v1/runs/run3', {
        headers: { 'if-none-match': have },
      })
      expect(again).toMatchObject({ status: 304, text: '' })
    }
    const other = await ask(served.port, '/api/v1/runs/run3', {
      headers: { 'if-none-match': '"x"' },
    })
    expect(other).toMatchObject({ status: 200, text: first.text })
    const changed = await ask(served.port, '/api/v1/runs/run4', {
      headers: { 'if-none-match': String(etag) },
    })
    expect(changed.status).toBe(200)
  })

  test('that is no is not taken for one that is had', async () => {
    const { status, headers } = await ask(served.port, '/api/v1/runs/none', {
      headers: { 'if-none-match': '*' },
    })
    expect(status).toBe(404)
    expect(headers['etag']).toBeUndefined()
  })
})

test('a packed request is not unpacked: it is refused', async () => {
  const { status } = await post(served.port, abort, '{}', { 'content-encoding': 'gzip' })
  expect(status).toBe(415)
  expect(served.bench.calls).toHaveLength(0)
})

test('a flood is told to wait, costs the bench nothing, and is heard again a second later', async () => {
  const statuses: number[] = []
  const once = async () => {
    const { status, headers, json } = await ask(served.port, '/livez')
    statuses.push(status)
    if (status === 429) {
      expect(json).toMatchObject({ code: 'BACKEND_RATE' })
      expect(headers['retry-after']).toBe('1')
      expect(headers['content-security-policy']).toBeDefined()
    }
  }
  // The clock stands still for a flood, so that its size does not hang on this machine.
  const still = systemClock()
  const at = still.mono()
  let moved = 0
  const held = await serve({ clock: { ...still, mono: () => at + moved, rate: 1 } })
  const before = served
  served = held
  try {
    for (let sent = 0; sent < RATE_BURST + 50; sent += 50)
      await Promise.all(Array.from({ length: 50 }, once))
    expect(statuses.filter((status) => status === 200)).toHaveLength(RATE_BURST)
    expect(statuses.filter((status) => status === 429)).toHaveLength(50)
    moved = 1_000
    statuses.length = 0
    for (let sent = 0; sent < RATE_PER_SECOND; sent += 50)
      await Promise.all(Array.from({ length: 50 }, once))
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(RATE_PER_SECOND - 5)
  } finally {
    served = before
    await held.close()
  }
})
