// Does a station hold for weeks? Days by the stepped clock, the board's page with them, then minutes of real time on all kinds of drivers: `npm run test:soak [days|board|storm]`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus, loadavg } from 'node:os'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { AGENT_FLAGS } from './launcher/checkout.js'

/** Virtual hours of the days and of the page, and real seconds of the storm. */
const HOURS = process.env['RESEAL_SOAK_HOURS'] ?? '72'
const BOARD_HOURS = process.env['RESEAL_SOAK_HOURS'] ?? '8'
const SECONDS = process.env['RESEAL_SOAK_SECONDS'] ?? '600'

/**
 * A network of its own for the storm, with its own view of the cards: they go with the process, however it ends. Root or
 * CAP_SYS_ADMIN only.
 */
const OWN_NETWORK = [
  'unshare',
  '--net',
  '--mount',
  'sh',
  '-c',
  'mount -t sysfs sysfs /sys && ip link set lo up && exec "$@"',
  'sh',
]

const part = (program: URL, argument: string): readonly string[] => [
  process.execPath,
  '--expose-gc',
  ...AGENT_FLAGS,
  fileURLToPath(program),
  argument,
]
const PARTS: Readonly<Record<string, readonly string[]>> = {
  days: part(new URL('./soak/days.ts', import.meta.url), HOURS),
  board: part(new URL('./soak/board.ts', import.meta.url), BOARD_HOURS),
  storm: [...OWN_NETWORK, ...part(new URL('./soak/storm.ts', import.meta.url), SECONDS)],
}

const asked = process.argv.slice(2)
const names = asked.length === 0 ? Object.keys(PARTS) : asked
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) throw new RangeError(`there is no ${unknown.join()}: days, board or storm`)

let failed = 0
for (const name of names) {
  const load = () =>
    loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')
  process.stdout.write(`${name}: ${cpus().length} cores, load ${load()}\n`)
  const [command = '', ...args] = PARTS[name] ?? []
  const [code] = await once(spawn(command, args, { stdio: 'inherit' }), 'exit')
  if (code !== 0) failed++
  process.stdout.write(`${name}: ${code === 0 ? 'good' : `failed (${code})`}, load ${load()}\n`)
}
process.stdout.write(`${names.length - failed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
