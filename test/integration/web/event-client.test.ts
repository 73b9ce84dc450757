// What one event stream writes at once: the frames of a moment together, never more than a reader may be behind.
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { EventClient, frameOf, type StreamReader } from '../../../agent/web/event-client.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A stream over a real socket, with all that came of it as it stands on the wire. */
async function opened(reader?: StreamReader) {
  const server = createServer()
  const asked = new Promise<EventClient>((resolve) => {
    server.on('request', (_request, raw) => {
      raw.writeHead(200, { 'content-type': 'text/event-stream' })
      raw.flushHeaders()
      resolve(new EventClient(raw, 'both', 0, reader))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  ends.push(() => {
    socket.destroy()
    server.close()
  })
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const client = await asked
  await expect.poll(() => text).toContain('\r\n\r\n')
  // Sizes of the chunks of HTTP/1.1: one for each write.
  const chunks = () => [...text.matchAll(/(?<=\r\n)([0-9a-f]+)\r\n/g)].length
  return { client, socket, chunks, text: () => text }
}
const frames = Array.from({ length: 50 }, (_, n) => frameOf('bay', JSON.stringify({ n }), n))

test('all frames of one moment leave in one write, those of the next in another', async () => {
  const one = await opened()
  const two = await opened()
  for (const frame of frames) for (const { client } of [one, two]) client.write(frame)
  for (const { text, chunks } of [one, two]) {
    await expect.poll(text).toContain(frames.join(''))
    expect(chunks()).toBe(1)
  }
  one.client.write(frameOf('bay', '"für alle"'))
  two.client.write(frameOf('bay', '"für einen"'))
  await expect.poll(one.text).toContain('data: "für alle"\n\n\r\n')
  await expect.poll(two.text).toContain('data: "für einen"\n\n\r\n')
  expect(one.chunks()).toBe(2)
})

test('what a reader may not see is left out of its frames alone', async () => {
  const see = (value: unknown) => ({ ...(value as object), user: '-' })
  const few = await opened({ mayRead: () => true, see })
  const all = await opened()
  const value = { bay: '1', user: 'Ada' }
  const whole = frameOf('bay', JSON.stringify(value))
  for (const { client } of [all, few]) client.write(client.frame('bay', value, whole))
  await expect.poll(all.text).toContain('data: {"bay":"1","user":"Ada"}')
  await expect.poll(few.text).toContain('data: {"bay":"1","user":"-"}')
})

test('frames that wait for the end of the moment count for a reader that is too far behind', async () => {
  const { client, socket } = await opened()
  const frame = 'x'.repeat(100_000)
  const taken = Array.from({ length: 11 }, () => client.write(frame))
  expect(taken).toEqual([...Array.from({ length: 10 }, () => true), false])
  expect(client.isGone).toBe(true)
  await expect.poll(() => socket.destroyed).toBe(true)
})

test('the last frames of a moment still leave before the stream ends', async () => {
  const { client, text } = await opened()
  client.write(frameOf('bay', '1'))
  client.end()
  await expect.poll(text).toMatch(/0\r\n\r\n$/)
  expect(text()).toContain(frameOf('bay', '1'))
})
