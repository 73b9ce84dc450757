// The checks of `doctor`, one per part of the bench; none of them presses a key or changes anything that lasts.

import { access, constants, mkdtemp, rm, statfs } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeyboard } from '../../drivers/keyboard/index.ts'
import { findLamp, type LampFamily, openLampFamily } from '../../drivers/lamp/index.ts'
import { NicFiles, readFromDisk } from '../../drivers/link/sysfs.ts'
import { openPrinter } from '../../drivers/printer/index.ts'
import { openScanner } from '../../drivers/scanner/index.ts'
import type { ScannerUrl } from '../../station-config/driver-url.ts'
import type { BayConfig, MqttConfig, StationConfig } from '../../station-config/loader.ts'
import type { PrinterConfig } from '../../station-config/printer-url.ts'
import { readSecret } from '../../station-config/secret.ts'
import { isStationError } from '../fault.ts'
import { openReader } from '../ledger/reader.ts'
import { bad, type Checked, ok, warn } from './checked.ts'
import { checkHost } from './doctor-host.ts'
import { lookAtSwitches, type SwitchesSeen } from './doctor-switches.ts'
import type { CliIo } from './io.ts'
import { type Heard, runningAt } from './running.ts'
import type { StationDoor } from './station-http.ts'

/** Below this a month of a busy bench may fill the disk. */
const DISK_LOW = 1024 ** 3
const CONNECT_MS = 3_000
/** A chip that is there answers in milliseconds; two rates are tried. */
const CHIP_MS = 3_000

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** An error as the part's own fault when it is one of ours. */
const faultPart = (part: string, error: unknown): Checked =>
  isStationError(error)
    ? bad(part, error.code, error.where)
    : bad(part, 'STATION_HARDWARE_MISSING', words(error))

const may = (path: string, mode: number) =>
  access(path, mode).then(
    () => true,
    () => false,
  )

async function checkData(io: CliIo, dir: string): Promise<readonly Checked[]> {
  const part = 'data'
  if (!(await may(dir, constants.F_OK))) return [ok(part, `${dir} will be made at the first start`)]
  if (!(await may(dir, constants.W_OK | constants.X_OK)))
    return [bad(part, 'STATION_LEDGER_READONLY', dir)]
  const disk = await statfs(dir)
  const free = disk.bavail * disk.bsize
  const text = `${dir}: ${(free / 1024 ** 3).toFixed(1)} GB free`
  const first = free < DISK_LOW ? warn(part, 'STATION_DISK_LOW', text) : ok(part, text)
  return [first, await checkLedger(io, dir)]
}

async function checkLedger(io: CliIo, dir: string): Promise<Checked> {
  try {
    const reader = await openReader(dir, { mode: 'in-process', clock: io.clock })
    try {
      const { runs, unsent, parked } = await reader.totals()
      return ok('ledger', `${runs} runs, ${unsent} messages wait, ${parked} set aside`)
    } finally {
      await reader.close()
    }
  } catch (error) {
    if (isStationError(error) && error.code === 'FILE_UNREADABLE')
      return ok('ledger', 'none yet, it is made at the first start')
    return faultPart('ledger', error)
  }
}

interface Board {
  readonly line: Checked
  /** The station that stands there; null when none runs. */
  readonly heard: Heard | null
}

/** A station that does not say how it is has no fault: what it holds cannot be told from here, and this is how it can. */
const unheard = (part: string, { code }: Heard & { is: 'shut' }, detail: string): Checked => ({
  ...warn(part, code, detail),
  ...(code === 'BACKEND_SIGN_IN' || code === 'BACKEND_NOT_ALLOWED' ? { hint: TOKEN_HINT } : {}),
})
const TOKEN_HINT =
  'Make a token with `reseal token add doctor --role viewer --scopes health.read`, and ask again with --token-file and --fingerprint (or --ca).'

/** Whether the board's address is free, or a station answers there. */
function checkBoard(io: CliIo, web: StationConfig['web'], door: StationDoor): Promise<Board> {
  return new Promise((resolve) => {
    const part = 'board'
    const { host, port } = web
    const none = (line: Checked) => resolve({ line, heard: null })
    const server = createServer()
    server.on('error', async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE')
        return none(bad(part, 'STATION_HARDWARE_MISSING', `${host}:${port}: ${error.message}`))
      const heard = await runningAt(io, web, door)
      if (heard === null) return none(bad(part, 'STATION_ADDRESS_IN_USE', `${host}:${port}`))
      const runs = `a station runs at ${host}:${port}`
      const line =
        heard.is === 'running'
          ? ok(part, runs)
          : unheard(part, heard, `${runs}, what it misses was not told: ${heard.where}`)
      resolve({ line, heard })
    })
    server.listen(port, host, () => server.close(() => none(ok(part, `${host}:${port} is free`))))
  })
}

function reach(io: CliIo, host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const cancel = io.clock.after(CONNECT_MS, () => end(`no answer in ${CONNECT_MS / 1000} s`))
    const end = (why: string | null) => {
      cancel()
      socket.destroy()
      resolve(why)
    }
    socket.on('connect', () => end(null))
    socket.on('error', (error) => end(words(error)))
  })
}

/** Whether somebody takes bytes there; nothing is printed. */
async function checkPrinter(io: CliIo, { text }: PrinterConfig): Promise<Checked> {
  const end = AbortSignal.any([io.signal, AbortSignal.timeout(CONNECT_MS)])
  try {
    await openPrinter(text, io.clock).print('', end)
    return ok('printer', text)
  } catch (error) {
    return faultPart('printer', error)
  }
}

async function* checkBroker(io: CliIo, mqtt: MqttConfig): AsyncIterable<Checked> {
  const part = 'broker'
  if (mqtt.url.startsWith('embedded:')) {
    yield ok(part, 'the embedded one')
    return
  }
  for (const file of [mqtt.userFile, mqtt.passwordFile]) {
    const read = file === null ? null : readSecret(file)
    if (read !== null && 'problem' in read)
      yield bad(part, 'FILE_UNREADABLE', `${file}: ${read.problem.message}`)
  }
  for (const file of [mqtt.caFile, mqtt.certFile, mqtt.keyFile])
    if (file !== null && !(await may(file, constants.R_OK)))
      yield bad(part, 'FILE_UNREADABLE', file)
  const { hostname, port, protocol } = new URL(mqtt.url)
  const number = port === '' ? (protocol === 'mqtts:' ? 8883 : 1883) : Number(port)
  const host = hostname.replace(/^\[|\]$/g, '')
  const why = await reach(io, host, number)
  // The bench works without it: messages wait in the outbox.
  if (why === null) yield ok(part, `${hostname}:${number} takes connections`)
  else yield warn(part, 'BACKEND_BROKER_DOWN', `${hostname}:${number}: ${why}`)
}

async function checkLink(
  part: string,
  { link }: BayConfig,
  switches: SwitchesSeen,
): Promise<Checked> {
  if (link.driver === 'virtual') return ok(part, 'virtual')
  if (link.driver === 'snmp') return switches.of(part, link)
  const nic = await new NicFiles('/sys', link.interface, readFromDisk).full()
  if (nic.is === 'missing') return bad(part, 'STATION_LINK_MISSING', link.interface)
  if (nic.is === 'unreadable')
    return bad(part, 'STATION_LINK_MISSING', `${link.interface}: ${nic.why}`)
  if (nic.isAdminDown) return bad(part, 'STATION_LINK_ADMIN_DOWN', link.interface)
  const wire = nic.carrier ? `link up, ${nic.speed ?? 'unknown'} Mb/s` : 'no link'
  return ok(part, `${link.interface}: ${wire}`)
}

/** The chip's first answer: its state, or the fault. */
async function checkChip(io: CliIo, part: string, url: string): Promise<Checked> {
  const stateDir = await mkdtemp(join(tmpdir(), 'reseal-doctor-'))
  const end = new AbortController()
  const cancel = io.clock.after(CHIP_MS, () => end.abort())
  try {
    const keyboard = await openKeyboard(url, {
      clock: io.clock,
      stateDir,
      required: true,
      lookOnly: true,
    })
    if (keyboard === null) return ok(part, 'a person presses')
    try {
      for await (const { health, enumerated } of keyboard.watch(end.signal)) {
        if (health !== 'ok') continue
        const seen = enumerated === null ? 'a device may be asleep' : 'no device has it'
        return ok(part, `the keyboard answers, ${enumerated ? 'the device has it' : seen}`)
      }
      // A chip may be fed from the device's side: silence can mean that no device is there.
      return warn(part, 'STATION_KEYBOARD_SILENT', `${url}: no answer in ${CHIP_MS / 1000} s`)
    } finally {
      await keyboard.close()
    }
  } catch (error) {
    return faultPart(part, error)
  } finally {
    cancel()
    end.abort()
    await rm(stateDir, { recursive: true, force: true })
  }
}

async function checkKeyboard(
  io: CliIo,
  part: string,
  { bay, keyboard }: BayConfig,
  heard: Heard | null,
): Promise<Checked> {
  const { driver, text } = keyboard
  if (driver === 'manual') return ok(part, 'a person presses')
  if (driver === 'virtual') return ok(part, 'virtual')
  const checked = await checkChip(io, part, text)
  // A station that runs holds its keyboards: it says itself which of them it misses.
  if (checked.code !== 'STATION_PORT_BUSY' || heard === null) return checked
  if (heard.is === 'shut')
    return unheard(part, heard, `${text} is held, by the running station perhaps`)
  const isMissed = heard.says.problems.some((one) => one.part === 'keyboard' && one.bay === bay)
  return isMissed ? checked : ok(part, `${text}: the running station has it`)
}

async function checkScanner(io: CliIo, part: string, url: ScannerUrl): Promise<Checked> {
  if (url.driver === 'hid-pos') return checkHidScanner(io, part, url.text)
  const { path } = url
  if (!(await may(path, constants.F_OK))) return bad(part, 'STATION_PORT_GONE', path)
  const isOurs = await may(path, constants.R_OK | constants.W_OK)
  return isOurs ? ok(part, path) : bad(part, 'STATION_PORT_DENIED', path)
}

/** The first word of a scanner on HID: it is there, or not. */
async function checkHidScanner(io: CliIo, part: string, url: string): Promise<Checked> {
  const end = new AbortController()
  const cancel = io.clock.after(CONNECT_MS, () => end.abort())
  const scanner = await openScanner(url, { clock: io.clock })
  try {
    for await (const report of scanner.watch(end.signal))
      if ('health' in report && report.health === 'ok') return ok(part, `${url} is plugged in`)
    return bad(part, 'STATION_SCANNER_GONE', url)
  } catch (error) {
    return faultPart(part, error)
  } finally {
    cancel()
    await scanner.close()
  }
}

/** Looks for the lamp without lighting it; a lost lamp stops no bay, so it is only a warning. */
async function checkLamp(part: string, { lamp }: BayConfig, lamps: LampFamily): Promise<Checked> {
  if (lamp.driver === 'virtual') return ok(part, lamp.text)
  try {
    return ok(part, await findLamp(lamp.text, lamps))
  } catch (error) {
    if (isStationError(error)) return warn(part, error.code, error.where)
    return faultPart(part, error)
  }
}

/** Every part that a config names, as soon as it is known. */
export async function* checkParts(
  io: CliIo,
  config: StationConfig,
  data: string,
  door: StationDoor = {},
): AsyncIterable<Checked> {
  yield* await checkData(io, data)
  const { line, heard } = await checkBoard(io, config.web, door)
  yield line
  yield* checkBroker(io, config.mqtt)
  if (config.printer !== null) yield await checkPrinter(io, config.printer)
  yield* checkHost({ io, config, data })
  const lamps = openLampFamily({ clock: io.clock })
  const switches = await lookAtSwitches(config, io.clock)
  yield* switches.lines
  for (const bay of config.bays) {
    yield await checkLink(`bay ${bay.bay} link`, bay, switches)
    yield await checkKeyboard(io, `bay ${bay.bay} keyboard`, bay, heard)
    yield await checkLamp(`bay ${bay.bay} lamp`, bay, lamps)
    yield ok(
      `bay ${bay.bay} screen`,
      bay.screen.driver === 'operator' ? 'a person looks' : 'virtual',
    )
  }
  for (const [index, { scanner }] of config.scanners.entries())
    yield await checkScanner(io, `scanner ${index + 1}`, scanner)
}
