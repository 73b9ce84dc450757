// Asks one address: its name, then what belongs there; every wait ends with the signal that it is given.
import { connect, isIPv6 } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { Clock } from '../../agent/ports.ts'
import type { Binding, NetworkAddress, Reached } from './address.ts'
import { addressOf, isPrivate } from './names.ts'
import { askNtp } from './ntp.ts'
import { askPage } from './page.ts'
import { askTls } from './secure.ts'

export interface Means {
  readonly clock: Clock
  readonly binding: Binding
  readonly context: SecureContext
}

const why = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

/** Whether a port takes a connection; nothing is said over it. Never rejects. */
export const askTcp = (
  at: string,
  port: number,
  local: string | null,
  signal: AbortSignal,
): Promise<Reached> =>
  new Promise((resolve) => {
    const own = local === null ? {} : { localAddress: local }
    const socket = connect({ host: at, port, signal, ...own })
    const end = (reached: Reached) => {
      socket.destroy()
      resolve(reached)
    }
    socket.once('connect', () => end({ is: 'reached' }))
    socket.on('error', (error) =>
      end({ is: 'blocked', why: signal.aborted ? 'no connection in time' : why(error) }),
    )
  })

async function ask(
  address: NetworkAddress,
  at: string,
  means: Means,
  signal: AbortSignal,
): Promise<Reached> {
  const { binding, clock, context } = means
  const local = isIPv6(at) ? binding.six : binding.four
  switch (address.check) {
    case 'ntp':
      return askNtp(at, address.port, binding, clock, signal)
    case 'http':
      return askPage(address, at, { clock, local }, signal)
    case 'tls':
      return askTls(address, at, { context, local }, signal)
    default:
      return askTcp(at, address.port, local, signal)
  }
}

/** Whether `address` answers, as itself, before `signal` aborts. Never rejects. */
export async function reach(
  address: NetworkAddress,
  means: Means,
  signal: AbortSignal,
): Promise<Reached> {
  let at: string
  try {
    at = await addressOf(address.host, means.binding, signal)
  } catch (error) {
    return { is: 'dns', why: signal.aborted ? 'not in time' : why(error) }
  }
  const reached = await ask(address, at, means, signal).catch(
    // A row that cannot be asked at all, as a path with blanks: it is the list's fault, and said.
    (error: unknown): Reached => ({ is: 'broken', why: why(error) }),
  )
  // A relay with an inner address is no fault as long as the right server answers through it.
  const isSunk = ['blocked', 'slow', 'broken'].includes(reached.is) && 'why' in reached
  if (isSunk && at !== address.host && isPrivate(at))
    return { is: 'dns-wrong', why: `${at} is no public address (${reached.why})` }
  return reached
}
