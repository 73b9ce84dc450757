// The servers of the small Internet behind a bay: TLS, HTTP and NTP doubles that behave or misbehave as they are told.
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createServer as createHttp, type ServerResponse } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { createServer as createTls } from 'node:tls'

export type TlsMode = 'good' | 'intercepted' | 'other' | 'portal' | 'loris' | 'cut'
export type HttpMode = 'good' | 'portal' | 'page' | 'loris'
/** What the servers do from now on; by address, everything else is good. */
export interface Manners {
  readonly tls: Readonly<Record<string, TlsMode>>
  readonly allTls: TlsMode
  readonly http: HttpMode
  /** Of NTP and of the Date header, against this PC; null: NTP is silent. */
  readonly ntpMs: number | null
  readonly dateMs: number
  /** Ports of a domain controller that do not listen. */
  readonly closed: readonly number[]
}

const folder = process.argv[2] ?? '.'
let manners: Manners = {
  tls: {},
  allTls: 'good',
  http: 'good',
  ntpMs: 0,
  dateMs: 0,
  closed: [],
}
/** Who came, as the address that it came from. */
const callers = new Set<string>()

const pem = (name: string) => readFileSync(`${folder}/${name}`)
const speakers = Object.fromEntries(
  (['good', 'intercepted', 'other', 'portal'] as const).map((mode) => {
    const server = createTls({ cert: pem(`${mode}.pem`), key: pem(`${mode}.key`) }, (socket) =>
      socket.on('error', () => undefined),
    )
    server.on('tlsClientError', () => undefined)
    return [mode, server]
  }),
)

/** One byte a moment, for ever: each is a sign of life, together they never are an answer. */
function drip(socket: Socket | ServerResponse, bytes: Uint8Array): void {
  let at = 0
  const timer = setInterval(() => {
    socket.write(bytes.subarray(at, at + 1))
    at = Math.min(at + 1, bytes.length - 1)
  }, 50)
  socket.on('close', () => clearInterval(timer))
}

createServer((socket) => {
  socket.on('error', () => undefined)
  callers.add(socket.remoteAddress ?? '')
  const mode = manners.tls[socket.localAddress ?? ''] ?? manners.allTls
  if (mode === 'cut') socket.destroy()
  // The head of a TLS record of 16 kB that never ends.
  else if (mode === 'loris') drip(socket, Uint8Array.from([0x16, 3, 3, 0x3f, 0xff, 2, 0]))
  else speakers[mode]?.emit('connection', socket)
}).listen(443, '0.0.0.0')

createHttp((request, response) => {
  callers.add(request.socket.remoteAddress ?? '')
  response.setHeader('date', new Date(Date.now() + manners.dateMs).toUTCString())
  switch (manners.http) {
    case 'portal':
      return response.writeHead(302, { location: 'http://login.portal.test/?from=bay' }).end()
    case 'page':
      return response.end('<html>Welcome to the guest network</html>')
    case 'loris':
      return drip(response, Buffer.from('Micro'))
    default:
      return response.end('Microsoft Connect Test')
  }
}).listen(80, '0.0.0.0')

/** Kerberos, LDAP and SMB of a domain controller: they take a connection and say nothing. */
const controller = new Map(
  [88, 389, 445].map((port) => [
    port,
    createServer((socket) => {
      socket.on('error', () => undefined)
      callers.add(socket.remoteAddress ?? '')
      socket.resume()
    }),
  ]),
)
async function openPorts(): Promise<void> {
  for (const [port, server] of controller) {
    if (manners.closed.includes(port)) server.close()
    else if (!server.listening)
      await new Promise<void>((resolve) => server.listen(port, '0.0.0.0', resolve))
  }
}
await openPorts()

const EPOCH_S = 2_208_988_800
function stamp(packet: Buffer, at: number, ms: number): void {
  packet.writeUInt32BE(Math.floor(ms / 1000) + EPOCH_S, at)
  packet.writeUInt32BE(Math.floor(((ms % 1000) / 1000) * 2 ** 32), at + 4)
}
const ntp = createSocket('udp4')
ntp.on('message', (query, from) => {
  if (manners.ntpMs === null) return
  const answer = Buffer.alloc(48)
  answer.set([0x24, 2], 0)
  answer.set(query.subarray(40, 48), 24)
  const now = Date.now() + manners.ntpMs
  stamp(answer, 32, now)
  stamp(answer, 40, now)
  ntp.send(answer, from.port, from.address)
})
ntp.bind(123, '0.0.0.0', () => process.stdout.write('ready\n'))

// A line is the manners from now on; the answer says who called since the last one.
createInterface({ input: process.stdin })
  .on('line', (line) => {
    manners = JSON.parse(line) as Manners
    void openPorts().then(() => {
      process.stdout.write(`${JSON.stringify([...callers])}\n`)
      callers.clear()
    })
  })
  .on('close', () => process.exit(0))
