// Hears that a switch has something to say: a datagram from its address is a hint to poll, never a fact by itself.
import { createSocket, type Socket } from 'node:dgram'

export interface TrapAddress {
  readonly host: string
  readonly port: number
}

/**
 * Listens for traps. They are not decoded: whoever forges one gains a poll, and a lost one costs the time to the next.
 * @param heard told the address a datagram came from
 * @returns closes the listener
 */
export function hearTraps(
  { host, port }: TrapAddress,
  heard: (address: string) => void,
  note: (text: string) => void,
): () => void {
  const socket: Socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' })
  let isOpen = true
  const close = () => {
    if (isOpen) socket.close()
    isOpen = false
  }
  socket.on('message', (_, { address }) => heard(address))
  socket.on('error', (error) => {
    note(
      `traps cannot be heard at ${host}:${port} (${error.message}); the poll tells the same later`,
    )
    close()
  })
  socket.bind({ port, address: host, exclusive: true })
  socket.unref()
  return close
}
