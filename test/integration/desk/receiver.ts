// A receiver of webhooks that behaves as a test wants: takes, refuses, hangs, redirects, and checks each signature by itself.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Got {
  readonly id: string
  readonly body: { readonly type: string; readonly data: Record<string, unknown> }
  readonly isSigned: boolean
  readonly headers: IncomingMessage['headers']
}

export type Mood = (got: Got, answer: ServerResponse) => void
export const TAKES: Mood = (_got, answer) => answer.writeHead(204).end()
export const says =
  (status: number, headers: Record<string, string> = {}): Mood =>
  (_got, answer) =>
    answer.writeHead(status, headers).end('no')
export const HANGS: Mood = () => {}
export const CUTS: Mood = (_got, answer) => answer.socket?.destroy()

export class Receiver {
  readonly got: Got[] = []
  mood: Mood = TAKES
  readonly #secret: string | Buffer
  readonly #server

  constructor(secret: string | Buffer) {
    this.#secret = secret
    this.#server = createServer((request, answer) => this.#take(request, answer))
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Ids in the order in which they came first. */
  ids(): string[] {
    return [...new Set(this.got.map(({ id }) => id))]
  }

  #take(request: IncomingMessage, answer: ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const id = String(request.headers['webhook-id'])
      const time = String(request.headers['webhook-timestamp'])
      const hmac = createHmac('sha256', this.#secret).update(`${id}.${time}.${text}`)
      const own = Buffer.from(`v1,${hmac.digest('base64')}`)
      const theirs = Buffer.from(String(request.headers['webhook-signature']))
      const isSigned = own.length === theirs.length && timingSafeEqual(own, theirs)
      const got = { id, body: JSON.parse(text), isSigned, headers: request.headers }
      this.got.push(got)
      this.mood(got, answer)
    })
  }
}
