// Transports over TCP and UNIX sockets, and Microsoft's simulator.
import { acknowledgeFraming, bareFraming, be32, SESSION_END, simulatorFraming } from './framing.ts'
import { StreamTransport } from './stream.ts'
import type { OpenTransport, TransportOptions } from './transport.ts'

/** Bare commands over TCP, as `swtpm socket --server type=tcp` takes them. */
export function tcpTransport(
  host: string,
  port: number,
  options: TransportOptions = {},
): OpenTransport {
  return new StreamTransport({ ...options, target: { host, port }, framing: bareFraming })
}

/** Bare commands over a UNIX socket; 5 to 15 % quicker than TCP. */
export function unixTransport(path: string, options: TransportOptions = {}): OpenTransport {
  return new StreamTransport({ ...options, target: { path }, framing: bareFraming })
}

/** TPM_SIGNAL_POWER_ON and TPM_SIGNAL_NV_ON of TpmTcpProtocol.h. */
const POWER_ON = 1
const NV_ON = 11

/**
 * Microsoft's simulator: commands go to `port`, and its power is switched on at `port + 1` first, as
 * a machine's platform would.
 */
export function simulatorTransport(
  host: string,
  port: number,
  options: TransportOptions = {},
): OpenTransport {
  const farewell = be32(SESSION_END)
  const prepare = async (signal: AbortSignal) => {
    await using platform = new StreamTransport({
      target: { host, port: port + 1 },
      framing: acknowledgeFraming,
      farewell,
    })
    await platform.send(be32(POWER_ON), signal)
    await platform.send(be32(NV_ON), signal)
  }
  return new StreamTransport({
    ...options,
    target: { host, port },
    framing: simulatorFraming,
    prepare,
    farewell,
  })
}
