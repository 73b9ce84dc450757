// A DNS server on loopback that knows a few names, for checks that must not leave this machine.
import { createSocket, type Socket } from 'node:dgram'

/** RFC 1035: the question starts after 12 bytes of header; a name is a list of labels, each with its length. */
function nameIn(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 5 }
}

/** A kind A (1) or AAAA (28) answer: a pointer to the name, type, class IN, 60 s, the address. */
function answer(type: number, address: readonly number[]): Buffer {
  return Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 60, 0, address.length, ...address])
}

export class NameServer {
  readonly #socket: Socket
  readonly #names: ReadonlyMap<string, string>
  isSilent = false
  asked = 0

  /** `names`: IPv4 addresses, or `::1`. Any other name does not exist. */
  constructor(names: Readonly<Record<string, string>>) {
    this.#names = new Map(Object.entries(names))
    this.#socket = createSocket('udp4')
    this.#socket.on('message', (query, from) => {
      this.asked += 1
      if (!this.isSilent) this.#socket.send(this.#reply(query), from.port, from.address)
    })
  }

  #reply(query: Buffer): Buffer {
    const { name, end } = nameIn(query)
    const type = query.readUInt16BE(end - 4)
    const address = this.#names.get(name.toLowerCase())
    const isSix = address === '::1'
    const isHere = address !== undefined && type === (isSix ? 28 : 1)
    const bytes = isSix ? [...Array<number>(15).fill(0), 1] : (address ?? '').split('.').map(Number)
    const header = Buffer.from(query.subarray(0, 12))
    // Answer, recursion available; 3 is "no such name".
    header.writeUInt16BE(address === undefined ? 0x8183 : 0x8180, 2)
    header.writeUInt16BE(isHere ? 1 : 0, 6)
    header.writeUInt32BE(0, 8)
    const body = isHere ? answer(type, bytes) : Buffer.alloc(0)
    return Buffer.concat([header, query.subarray(12, end), body])
  }

  /** `127.0.0.1:<port>`. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.#socket.bind(0, '127.0.0.1', () => resolve(`127.0.0.1:${this.#socket.address().port}`))
    })
  }

  close(): void {
    this.#socket.close()
  }
}
