// The process of the embedded broker: aedes on the loopback address, with a bound on everything a client can grow.
import { createServer, type Server, type Socket } from 'node:net'
import { Aedes, type AedesPublishPacket, type Client, type PublishPacket } from 'aedes'
import { PacketMeter } from './packet-meter.ts'

const HOST = '127.0.0.1'
const CONNECTIONS_MAX = 100
/** A record with its transcript has some 10 kB. */
const PACKET_MAX_BYTES = 1024 * 1024
const RETAINED_MAX = 2000
const SUBSCRIPTIONS_MAX = 200
const WRITE_BUFFER_MAX_BYTES = 8 * 1024 * 1024

// What mqtt-packet keeps of every length that it wrote would each hold 64 kB of the shared pool for good.
Buffer.poolSize = 0

const retained = new Set<string>()

/** Why a client may not publish this; null = it may. */
function objection(packet: PublishPacket): string | null {
  if (packet.topic.startsWith('$')) return 'topics with $ belong to the broker'
  if (!packet.retain) return null
  if (packet.payload.length === 0) {
    retained.delete(packet.topic)
    return null
  }
  if (retained.size >= RETAINED_MAX && !retained.has(packet.topic))
    return 'too many retained topics'
  retained.add(packet.topic)
  return null
}

/** Passes what is read on to aedes and hangs up on a packet over the limit before it is gathered in memory. */
function guard(socket: Socket): void {
  const meter = new PacketMeter(PACKET_MAX_BYTES)
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    const chunk = read(size)
    if (chunk === null || meter.takes(chunk)) return chunk
    socket.destroy()
    return null
  }
}

async function open(): Promise<Server> {
  const aedes = await Aedes.createBroker({
    // Sessions that outlive their connection would gather messages without a bound.
    preConnect: (_client, packet, done) => {
      packet.clean = true
      done(null, true)
    },
    authorizePublish: (_client, packet, done) => {
      const why = objection(packet)
      done(why === null ? null : new Error(why))
    },
    authorizeSubscribe: (client, subscription, done) => {
      const count = Object.keys((client as Client & Subscribed).subscriptions).length
      done(null, count < SUBSCRIPTIONS_MAX ? subscription : null)
    },
    authorizeForward: (client: Client, packet: AedesPublishPacket) => {
      // A subscriber that does not read is cut off, or its messages would fill the memory.
      const socket = client.conn as Socket
      if (socket.writableLength <= WRITE_BUFFER_MAX_BYTES) return packet
      socket.destroy()
      return null
    },
  })
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    guard(socket)
    aedes.handle(socket)
  })
  server.maxConnections = CONNECTIONS_MAX
  return server
}

interface Subscribed {
  readonly subscriptions: Readonly<Record<string, unknown>>
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

const port = Number(process.argv[2])
const only = process.argv[3] === 'only'
// The channel closes when the station is gone, however it ended.
process.once('disconnect', () => process.exit(0))
process.once('SIGTERM', () => process.exit(0))
// Ctrl-C at a terminal goes to the whole group: the station says its goodbyes first, then ends us.
process.on('SIGINT', () => {})

try {
  const server = await open()
  const at = await listen(server, port).catch((error: NodeJS.ErrnoException) => {
    if (only || error.code !== 'EADDRINUSE') throw error
    return listen(server, 0)
  })
  process.send?.({ listening: at })
} catch (error) {
  process.send?.({ error: String(error) })
}
