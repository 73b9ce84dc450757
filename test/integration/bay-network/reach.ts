// Runs in a namespace: listens at places, or tries to reach them all at once and says which answered.
import { createSocket } from 'node:dgram'
import { connect, createServer } from 'node:net'

const [what, ...places] = process.argv.slice(2)
const WAIT_MS = 1500

/** `tcp:<address>:<port>` or `udp:<address>:<port>`, a source address behind an @, IPv6 in brackets. */
function read(place: string) {
  const found = /^(tcp|udp):(?:\[([^\]]+)\]|([^:@]+)):(\d+)(?:@(.+))?$/.exec(place)
  if (found === null) throw new Error(place)
  const [, kind, six, four, port, from] = found
  const host = six ?? four ?? ''
  return { kind, host, isSix: six !== undefined, port: Number(port), from }
}

function listen(place: string): Promise<void> {
  const { kind, host, isSix, port } = read(place)
  return new Promise((resolve, reject) => {
    if (kind === 'tcp') {
      const server = createServer((socket) => {
        socket.on('error', () => undefined)
        socket.end(`${socket.remoteAddress}`)
      })
      server.on('error', reject)
      server.listen(port, host, () => resolve())
    } else {
      const socket = createSocket(isSix ? 'udp6' : 'udp4')
      socket.on('error', reject)
      socket.on('message', (_, from) => socket.send(from.address, from.port, from.address))
      socket.bind(port, host, resolve)
    }
  })
}

function reach(place: string): Promise<[string, string | false]> {
  const { kind, host, isSix, port, from } = read(place)
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve([place, false]), WAIT_MS)
    const end = (word: string | false) => {
      clearTimeout(late)
      resolve([place, word])
    }
    if (kind === 'tcp') {
      const socket = connect({ host, port, ...(from === undefined ? {} : { localAddress: from }) })
      let said = ''
      socket.on('connect', () => setTimeout(() => end(said || 'open'), 200))
      socket.on('data', (bytes) => {
        said += bytes
      })
      // A refusal is an answer too: the host is reached.
      socket.on('error', (error: NodeJS.ErrnoException) =>
        end(error.code === 'ECONNREFUSED' ? 'refused' : false),
      )
    } else {
      const socket = createSocket(isSix ? 'udp6' : 'udp4')
      socket.on('error', () => end(false))
      socket.on('message', (bytes) => end(bytes.toString('latin1').slice(0, 40)))
      // A question for a name, which an echo sends back as well.
      const question = Buffer.from('00010100000100000000000004746573740000010001', 'hex')
      const send = () => socket.send(question, port, host)
      if (from === undefined) send()
      else socket.bind({ address: from }, send)
    }
  })
}

if (what === 'listen') {
  await Promise.all(places.map(listen))
  process.stdout.write('listening\n')
} else {
  const found = await Promise.all(places.map(reach))
  process.stdout.write(JSON.stringify(Object.fromEntries(found)))
  process.exit()
}
