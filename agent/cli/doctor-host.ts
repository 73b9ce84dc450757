// What `doctor` says of the bench PC itself: clock, groups, udev rules, kernel modules, the way out, addresses.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { openHostFacts } from '../../drivers/host/host-facts.ts'
import { DeviceTree, surveyOf } from '../../drivers/host/survey/index.ts'
import type { StationConfig } from '../../station-config/loader.ts'
import { bad, type Checked, ok, warn } from './checked.ts'
import type { CliIo } from './io.ts'

/** Where the rules stand when they are installed, and those of this version. */
const RULES = ['etc/udev/rules.d/70-reseal.rules', 'usr/lib/udev/rules.d/70-reseal.rules']
const OWN_RULES = join(import.meta.dirname, '../../systemd/70-reseal.rules')
/** Drivers of Debian's kernel by what needs them. */
const MODULES = {
  serial: ['ch341', 'cdc_acm', 'cp210x', 'ftdi_sio'],
  gadget: ['libcomposite', 'usb_f_hid'],
} as const
const ROOT_UID = 0

/** Which kinds of parts a config has. */
interface Kinds {
  readonly serial: boolean
  readonly hid: boolean
  readonly gadget: boolean
}

const HID_LAMPS = ['blink1', 'luxafor', 'blinkstick', 'busylight', 'embrava', 'patlite', 'relay']

function kindsOf({ bays, scanners }: StationConfig): Kinds {
  return {
    serial:
      bays.some(({ keyboard }) => ['ch9329', 'pikvm-mcu'].includes(keyboard.driver)) ||
      bays.some(({ lamp }) => ['fitstat', 'tower', 'lcus'].includes(lamp.driver)) ||
      scanners.some(({ scanner }) => scanner.driver === 'serial'),
    hid:
      bays.some(({ lamp }) => HID_LAMPS.includes(lamp.driver)) ||
      scanners.some(({ scanner }) => scanner.driver === 'hid-pos'),
    gadget: bays.some(({ keyboard }) => keyboard.driver === 'hidg'),
  }
}

export interface HostAsked {
  readonly io: CliIo
  readonly config: StationConfig
  readonly data: string
  /** The device tree: `/`, or one that a test laid out. */
  readonly root?: string
  /** User and groups of this process. */
  readonly uid?: number
  readonly gids?: readonly number[]
}

/** Each check of the PC, as soon as it is known; none of them changes anything. */
export async function* checkHost(asked: HostAsked): AsyncIterable<Checked> {
  const { io, config, data, root = '/' } = asked
  const tree = new DeviceTree(root)
  yield await clockKept(io, data)
  const uplinks = surveyOf(tree).nics.filter(({ isUplink }) => isUplink)
  yield uplinks.length > 0
    ? ok('uplink', uplinks.map(({ name }) => name).join(', '))
    : warn('uplink', 'STATION_NETWORK', 'no default route leaves this PC')
  if (config.mqtt.url.startsWith('embedded:')) yield await brokerPort(config.mqtt.url)
  const kinds = kindsOf(config)
  if (kinds.serial || kinds.hid) yield* groups(tree, kinds, asked)
  if (kinds.hid) yield rules(tree)
  if (kinds.serial) yield modules(tree, 'serial')
  if (kinds.gadget) yield modules(tree, 'gadget')
}

async function clockKept(io: CliIo, dataDir: string): Promise<Checked> {
  const part = 'clock'
  const findings = await openHostFacts({ clock: io.clock, dataDir }).findings()
  const found = findings.find(({ id }) => id === 'host.clock')
  if (found?.grade === 'ok') return ok(part, found.value)
  return warn(part, 'STATION_CLOCK_FREE', found?.value ?? 'cannot tell')
}

/** The embedded broker takes another port when its own is taken; clients that were told 1883 do not. */
function brokerPort(url: string): Promise<Checked> {
  const part = 'mqtt port'
  const port = Number(url.replace('embedded:', '')) || 1883
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () =>
      resolve(warn(part, 'STATION_ADDRESS_IN_USE', `127.0.0.1:${port}, by a station or a broker`)),
    )
    server.listen(port, '127.0.0.1', () =>
      server.close(() => resolve(ok(part, `127.0.0.1:${port} is free`))),
    )
  })
}

function* groups(
  tree: DeviceTree,
  kinds: Kinds,
  { uid = process.getuid?.() ?? ROOT_UID, gids = process.getgroups?.() ?? [] }: HostAsked,
): Iterable<Checked> {
  const known = new Map(
    tree.lines('etc/group').map((line) => {
      const [name = '', , gid] = line.split(':')
      return [name, Number(gid)] as const
    }),
  )
  const wanted = [...(kinds.serial ? ['dialout'] : []), ...(kinds.hid ? ['plugdev'] : [])]
  for (const group of wanted) {
    const part = `group ${group}`
    const gid = known.get(group)
    if (uid === ROOT_UID) yield ok(part, 'not needed by root; the service has it')
    else if (gid !== undefined && gids.includes(gid)) yield ok(part, 'this user is in it')
    else yield bad(part, 'STATION_GROUP_MISSING', `user ${uid} is not in ${group}`)
  }
}

function rules(tree: DeviceTree): Checked {
  const part = 'udev rules'
  const place = RULES.find((path) => tree.text(path) !== null)
  if (place === undefined) return bad(part, 'STATION_RULES_MISSING', `no /${RULES[0]}`)
  const same = tree.lines(place).join('\n').trimEnd() === readFileSync(OWN_RULES, 'utf8').trimEnd()
  return same
    ? ok(part, `/${place}`)
    : warn(part, 'STATION_RULES_MISSING', `/${place} is of another version`)
}

/** Built in, loaded, or there to be loaded; udev loads them when a part is plugged in. */
function modules(tree: DeviceTree, what: keyof typeof MODULES): Checked {
  const part = `kernel modules for ${what}`
  const release = tree.text('proc/sys/kernel/osrelease') ?? ''
  const there = [
    ...tree.lines(`lib/modules/${release}/modules.dep`).map((line) => line.split(':')[0] ?? ''),
    ...tree.lines(`lib/modules/${release}/modules.builtin`),
  ].map((path) =>
    path
      .split('/')
      .at(-1)
      ?.replace(/\.ko.*$/, '')
      .replaceAll('-', '_'),
  )
  const loaded = tree.lines('proc/modules').map((line) => line.split(' ')[0])
  const missing = MODULES[what].filter((name) => !there.includes(name) && !loaded.includes(name))
  return missing.length === 0
    ? ok(part, MODULES[what].join(', '))
    : warn(part, 'STATION_MODULE_MISSING', `${missing.join(', ')} for kernel ${release}`)
}
