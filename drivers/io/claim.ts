// One owner of a device that the kernel would share: a name that the kernel forgets when its process dies.
import { createServer } from 'node:net'
import { StationError } from '../../agent/fault.ts'

/**
 * Claims `name` on this machine; the answer gives it back. An abstract UNIX socket is the claim: it leaves no file behind,
 * and no second process (nor a second part of this one) can have it. It holds within one network namespace.
 * @throws StationError STATION_PORT_BUSY when somebody has it
 */
export async function claim(name: string, where: string): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy())
  server.unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new StationError('STATION_PORT_BUSY', where, { cause })))
    server.listen({ path: `\0reseal/${name}` }, resolve)
  })
  return () => new Promise((resolve) => server.close(() => resolve()))
}
