// `dhcp-event`: the hook that dnsmasq calls for each lease; hands it to the running station, or leaves it where that will look.
import { appendFileSync, chownSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { faultLine, isStationError, StationError } from '../fault.ts'
import { type CliIo, DEFAULT_DATA } from './io.ts'
import { postToStation } from './station-socket.ts'

/** Where leases wait for a station that is not running. */
export const SPOOL_FILE = 'dhcp-events.ndjson'
/** Some 400 leases; a station that stays away for longer asks nobody about the first ones. */
const SPOOL_MAX = 64 * 1024
/** dnsmasq calls its hook for one lease after the other: a station that hangs must not hold up the rest. */
const ANSWER_MS = 3000

export interface LeaseWords {
  readonly dataDir: string
  /** add, old, del, or what later versions of dnsmasq may call. */
  readonly event: string
  readonly mac: string
  readonly ip: string
  readonly hostname: string | null
  readonly iface: string | null
}

/** Ethernet addresses come as they are, others with a type in front (`06-…`); those are no device's of a bench. */
const MAC = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i
const HOSTNAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/

/** Hands a lease on; what is no lease of a device is nothing to do, for dnsmasq asks that unknown words are let pass. */
export async function handLease(io: CliIo, words: LeaseWords): Promise<void> {
  const { dataDir, event, mac, ip } = words
  if (!['add', 'old', 'del'].includes(event) || !MAC.test(mac)) return
  const hostname = HOSTNAME.test(words.hostname ?? '') ? words.hostname : null
  const lease = { event, mac: mac.toLowerCase(), ip, hostname, iface: words.iface }
  try {
    await postToStation(dataDir, '/local/v1/dhcp', lease, ANSWER_MS)
  } catch (error) {
    if (!isStationError(error) || error.code !== 'STATION_NOT_RUNNING') throw error
    // Only a new lease says anything to a station that comes later.
    if (event === 'add') spool(dataDir, { ...lease, at: io.clock.now() })
  }
}

function spool(dataDir: string, lease: object): void {
  const file = join(dataDir, SPOOL_FILE)
  try {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (size > SPOOL_MAX) return
    appendFileSync(file, `${JSON.stringify(lease)}\n`, { mode: 0o600 })
    // dnsmasq runs its hook as root unless told otherwise; the station reads it as its own user.
    const { uid, gid } = statSync(dataDir)
    if (size === 0) chownSync(file, uid, gid)
  } catch (cause) {
    throw new StationError('FILE_UNREADABLE', file, { cause })
  }
}

const USAGE = 'dhcp-event [--data DIR] add|old|del MAC IP [HOSTNAME]'

/** Words after `dhcp-event`; null when they are none of ours. */
export function readWords(argv: readonly string[], iface: string | null): LeaseWords | null {
  const words = [...argv]
  const at = words.indexOf('--data')
  const [, dataDir = DEFAULT_DATA] = at < 0 ? [] : words.splice(at, 2)
  const [event, mac = '', ip = '', hostname = null, ...more] = words
  if (event === undefined || event.startsWith('-') || more.length > 0) return null
  return { dataDir, event, mac, ip, hostname, iface }
}

/** The whole command without the rest of the program, which takes a second to load. `argv` begins behind its name. */
export async function runDhcpEvent(
  argv: readonly string[],
  io: CliIo,
  iface: string | null,
): Promise<void> {
  try {
    const words = readWords(argv, iface)
    if (words === null) throw new StationError('USAGE_COMMAND', USAGE)
    await handLease(io, words)
  } catch (error) {
    io.say(faultLine(error))
    io.exit(isStationError(error) && error.code === 'USAGE_COMMAND' ? 2 : 3)
  }
}

/** For the help alone: main.ts takes this command before the program is loaded. */
export function addDhcpEvent(program: Command, io: CliIo): void {
  program
    .command('dhcp-event')
    .argument('<event>', 'add, old or del')
    .argument('[mac]')
    .argument('[ip]')
    .argument('[hostname]')
    .description('tells the station of a lease; the hook of dnsmasq (--dhcp-script)')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .action(
      (
        event: string,
        mac = '',
        ip = '',
        hostname: string | undefined,
        { data }: { data: string },
      ) =>
        handLease(io, { dataDir: data, event, mac, ip, hostname: hostname ?? null, iface: null }),
    )
}
