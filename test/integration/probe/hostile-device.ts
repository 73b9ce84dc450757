// What a hostile device does, run by Node in the device's namespace: requests as told on standard input, answers as JSON lines.

import { request } from 'node:https'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

/** `flood`: so many connections as fast as they go; else one request. */
export interface Deed {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Hex. */
  readonly body?: string
  /** Own address that it comes from. */
  readonly from?: string
  readonly flood?: number
  /** Gives up after this; without it, when the system does. */
  readonly patienceMs?: number
}
export interface Answer {
  /** 0: the connection ended without an answer. */
  readonly status: number
  readonly body: string
  /** Connections that stood after a flood, and those that were ended; the rest never came through. */
  readonly open?: number
  readonly refused?: number
}

const url = new URL(process.argv[2] ?? '')

function ask({
  method = 'POST',
  path = '/',
  headers = {},
  body = '',
  from,
  patienceMs,
}: Deed): Promise<Answer> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body, 'hex')
    const asked = request(
      {
        host: url.hostname,
        port: url.port,
        method,
        path,
        headers: { 'content-length': bytes.length, ...headers },
        rejectUnauthorized: false,
        agent: false,
        ...(from === undefined ? {} : { localAddress: from }),
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('close', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('hex') }),
        )
      },
    )
    asked.on('error', () => resolve({ status: 0, body: '' }))
    if (patienceMs !== undefined) setTimeout(() => asked.destroy(), patienceMs).unref()
    asked.end(bytes)
  })
}

/** Opens connections that say nothing, holds them for a second, and lets them all go. */
async function flood({ flood: count = 0, from }: Deed): Promise<Answer> {
  let refused = 0
  const all = Array.from({ length: count }, () => {
    const socket = connect({
      host: url.hostname,
      port: Number(url.port),
      ...(from === undefined ? {} : { localAddress: from }),
    })
    socket.on('error', () => undefined)
    socket.on('close', () => (refused += 1))
    return socket
  })
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const open = all.filter(({ readyState }) => readyState === 'open').length
  const answer = { status: 0, body: '', refused, open }
  for (const socket of all) socket.destroy()
  return answer
}

for await (const line of createInterface({ input: process.stdin })) {
  const deed = JSON.parse(line) as Deed
  const answer = deed.flood === undefined ? await ask(deed) : await flood(deed)
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
process.exit(0)
