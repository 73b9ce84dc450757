// What the parts of this PC would be on a bench: which card a bay, which port a keyboard; the chips are asked, no key is pressed.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NicSeen, PortSeen, Survey } from '../../../drivers/host/survey/index.ts'
import type { HidFound } from '../../../drivers/io/hid-system.ts'
import { openKeyboard } from '../../../drivers/keyboard/index.ts'
import { lampUrlOf } from '../../../drivers/lamp/known.ts'
import { HID_POS_USAGE } from '../../../drivers/scanner/hid-pos-frames.ts'
import type { CliIo } from '../io.ts'

/** A part with the address that the config would give it. */
export interface Found {
  readonly url: string
  /** What it is and where, for a person. */
  readonly what: string
}

export interface BenchParts {
  readonly bays: readonly NicSeen[]
  /** Cards that are no bays, with the reason. */
  readonly others: readonly { readonly nic: NicSeen; readonly why: string }[]
  readonly keyboards: readonly Found[]
  readonly lamps: readonly Found[]
  readonly scanners: readonly Found[]
  /** Captures: known, and no driver for them yet. */
  readonly captures: readonly Found[]
  /** What could be several things, or nothing of ours. */
  readonly unknown: readonly Found[]
}

/** USB serial chips and what hangs behind them on benches (facts/hardware §2 to §5); an id alone decides little. */
const CHIPS: readonly {
  readonly vendor: number
  readonly product?: number
  readonly what: string
  /** Asked in this order whether it answers as such. */
  readonly keyboards: readonly string[]
  readonly else?: string
}[] = [
  {
    vendor: 0x1a86,
    what: 'a CH34x serial chip',
    keyboards: ['ch9329', 'pikvm-mcu'],
    else: 'a tower, an LCUS relay, or a keyboard chip that has no power',
  },
  { vendor: 0x2e8a, what: 'a Raspberry Pi Pico', keyboards: ['pikvm-mcu'] },
  { vendor: 0x2341, what: 'an Arduino board', keyboards: ['pikvm-mcu'] },
  { vendor: 0x1b4f, what: 'a Pro Micro', keyboards: ['pikvm-mcu'] },
  { vendor: 0x10c4, what: 'a CP210x serial chip', keyboards: ['ch9329', 'pikvm-mcu'] },
  { vendor: 0x0403, what: 'an FTDI serial chip', keyboards: ['ch9329', 'pikvm-mcu'] },
]
/** Makers of scanners whose serial port is a scanner for sure: Honeywell, Datalogic, Zebra, Newland. */
const SCANNER_MAKERS: ReadonlySet<number> = new Set([0x0c2e, 0x05f9, 0x05e0, 0x1eab])
/** fit-statUSB. */
const FITSTAT = { vendor: 0x2047, product: 0x03df }
/** A chip that is there answers in milliseconds; two speeds are tried. */
const ASK_MS = 3000

/** Sorts the parts; `used` are addresses and interface names that a running config has already. */
export async function partsOf(
  io: CliIo,
  survey: Survey,
  hid: readonly HidFound[],
  used: ReadonlySet<string>,
): Promise<BenchParts> {
  const nics = survey.nics.map((nic) => ({ nic, why: whyNoBay(nic, used) }))
  const keyboards: Found[] = survey.gadgets
    .filter(({ node, byBay }) => ![node, byBay].some((path) => used.has(`hidg:${path}`)))
    .map(({ node, byBay }) => ({
      url: `hidg:${byBay ?? node}`,
      what: 'a keyboard gadget of this board',
    }))
  const scanners: Found[] = []
  const lamps: Found[] = []
  const unknown: Found[] = []
  const free = survey.ports
    .map((port) => ({ port, path: port.byPath ?? port.node }))
    .filter(({ path }) => ![...used].some((url) => url.includes(path)))
  // All at once: a port with nothing behind it takes its whole time.
  const roles = await Promise.all(free.map(({ port, path }) => roleOf(io, port, path)))
  for (const { role, part } of roles)
    ({ keyboard: keyboards, scanner: scanners, lamp: lamps, unknown })[role].push(part)
  for (const one of hid) {
    const what = `${one.name || 'HID'} at USB ${one.usbPath ?? one.node}`
    const lamp = lampUrlOf(one)
    const isScanner = one.usages.some(
      ({ page, usage }) => page === HID_POS_USAGE.page && usage === HID_POS_USAGE.usage,
    )
    if (lamp !== null && !used.has(lamp)) lamps.push({ url: lamp, what })
    const scanner = `hid-pos:${one.serial || (one.byPath ?? one.usbPath ?? '')}`
    if (isScanner && !used.has(scanner)) scanners.push({ url: scanner, what })
  }
  return {
    bays: nics.flatMap(({ nic, why }) => (why === null ? [nic] : [])),
    others: nics.flatMap(({ nic, why }) => (why === null ? [] : [{ nic, why }])),
    keyboards,
    lamps,
    scanners,
    captures: survey.captures.map(({ node, byPath, name }) => ({
      url: byPath ?? node,
      what: name,
    })),
    unknown,
  }
}

/** Why a card is never suggested as a bay; null when it may be one. */
function whyNoBay(nic: NicSeen, used: ReadonlySet<string>): string | null {
  if (!nic.isCard) return 'exists in software alone'
  if (nic.isRadio) return 'is radio; the flow needs a wire'
  if (nic.isUplink) return 'is the way out of this PC'
  return used.has(nic.name) ? 'is a bay already' : null
}

async function roleOf(
  io: CliIo,
  port: PortSeen,
  path: string,
): Promise<{ role: 'keyboard' | 'scanner' | 'lamp' | 'unknown'; part: Found }> {
  const named = [port.name, port.usbPath === null ? '' : `at USB ${port.usbPath}`]
  const what = named.filter((text) => text !== '').join(' ')
  if (SCANNER_MAKERS.has(port.vendor))
    return { role: 'scanner', part: { url: `serial:${port.byId ?? path}`, what } }
  if (port.vendor === FITSTAT.vendor && port.product === FITSTAT.product)
    return { role: 'lamp', part: { url: `fitstat:${path}`, what } }
  const chip = CHIPS.find(({ vendor }) => vendor === port.vendor)
  for (const scheme of chip?.keyboards ?? []) {
    const url = `${scheme}:${path}`
    if (await answers(io, url)) return { role: 'keyboard', part: { url, what } }
  }
  const words =
    chip === undefined ? what || 'a serial port' : `${what}: ${chip.what}, ${chip.else ?? 'silent'}`
  return { role: 'unknown', part: { url: path, what: words } }
}

/** Whether a keyboard chip answers at an address; asked for its state only, nothing is written that lasts. */
export async function answers(io: CliIo, url: string): Promise<boolean> {
  const stateDir = await mkdtemp(join(tmpdir(), 'reseal-suggest-'))
  const end = new AbortController()
  const cancel = io.clock.after(ASK_MS, () => end.abort())
  try {
    const keyboard = await openKeyboard(url, {
      clock: io.clock,
      stateDir,
      required: true,
      lookOnly: true,
    })
    if (keyboard === null) return false
    try {
      for await (const { health } of keyboard.watch(AbortSignal.any([end.signal, io.signal])))
        if (health === 'ok') return true
      return false
    } finally {
      await keyboard.close()
    }
  } catch {
    // Held by a station, denied, or gone again: for this question it does not answer.
    return false
  } finally {
    cancel()
    end.abort()
    await rm(stateDir, { recursive: true, force: true })
  }
}
