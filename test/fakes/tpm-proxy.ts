// Stands between a station and a TPM, as a bad relay would: it alters, swallows, delays, cuts and floods.

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** What becomes of one answer: other bytes, or an accident. */
export type Fate = Uint8Array | 'silence' | 'cut' | 'flood' | 'garbage'

export interface ProxyOptions {
  /** Port of the TPM. */
  readonly port: number
  /** `nth` counts from 1 over all commands. */
  readonly onCommand?: (code: number, bytes: Buffer, nth: number) => Promise<Buffer> | Buffer
  readonly onAnswer?: (code: number, bytes: Buffer, nth: number) => Promise<Fate> | Fate
}

export interface TpmProxy extends AsyncDisposable {
  readonly url: string
  /** Codes of the commands that came, in order. */
  readonly codes: readonly number[]
}

/** A connection for each command, so that the TPM may restart in between. */
function ask(port: number, command: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(command))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the TPM closed the connection')))
    socket.on('data', (part: Buffer) => {
      parts.push(part)
      const all = Buffer.concat(parts)
      if (all.length < 10 || all.length < all.readUInt32BE(2)) return
      // The TPM serves the next connection when it has seen the end of this one.
      socket.end(() => resolve(all))
    })
  })
}

function give(client: Socket, fate: Fate, answer: Buffer): void {
  if (typeof fate !== 'string') client.write(fate)
  else if (fate === 'cut') client.end(answer.subarray(0, answer.length - 3))
  else if (fate === 'garbage') client.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))
  else if (fate === 'flood') {
    const flood = Buffer.alloc(1024 * 1024, 0x80)
    flood.writeUInt16BE(0x8001)
    flood.writeUInt32BE(flood.length, 2)
    client.write(flood)
  }
}

export async function startProxy(options: ProxyOptions): Promise<TpmProxy> {
  const { onCommand = (_, bytes) => bytes, onAnswer = (_, bytes) => bytes } = options
  const codes: number[] = []
  const clients = new Set<Socket>()
  const serve = async (client: Socket, bytes: Buffer) => {
    const code = bytes.readUInt32BE(6)
    const nth = codes.push(code)
    try {
      const answer = await ask(options.port, await onCommand(code, bytes, nth))
      give(client, await onAnswer(code, answer, nth), answer)
    } catch {
      client.destroy()
    }
  }
  const server = createServer((client) => {
    clients.add(client)
    client.on('close', () => clients.delete(client))
    client.on('error', () => client.destroy())
    let left = Buffer.alloc(0)
    client.on('data', (part: Buffer) => {
      left = Buffer.concat([left, part])
      if (left.length < 10 || left.length < left.readUInt32BE(2)) return
      const size = left.readUInt32BE(2)
      const command = left.subarray(0, size)
      left = left.subarray(size)
      void serve(client, command)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `tcp://127.0.0.1:${port}`,
    codes,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
