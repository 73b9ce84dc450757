// What a probe says, read from its lines: text of a hostile device becomes bounded, typed values; nothing is believed yet.

/** One event of a Windows log. */
export interface ProbeEvent {
  readonly channel: string
  readonly id: number
  /** UTC ms by the device's clock. */
  readonly at: number | null
  readonly text: string
}
export interface ProbeRegistry {
  readonly key: string
  readonly name: string
  readonly value: string
}

export interface ProbeReport {
  readonly probe: 'windows' | 'linux' | 'unknown'
  readonly isAdmin: boolean | null
  readonly os: {
    /** `Professional`: EditionID of the registry; never localised. */
    readonly edition: string | null
    readonly caption: string | null
    /** `26100.4946`. */
    readonly build: string | null
    /** `24H2`. */
    readonly display: string | null
    /** `Client`, `Server`, `WindowsPE`. */
    readonly kind: string | null
  }
  readonly smbios: {
    readonly serial: string | null
    readonly manufacturer: string | null
    readonly model: string | null
    readonly uuid: string | null
  }
  readonly firmware: string | null
  readonly macs: readonly string[]
  readonly power: { readonly isOnMains: boolean | null; readonly batteryPercent: number | null }
  /** The device's clock, UTC ms. */
  readonly clock: number | null
  readonly isSecureBoot: boolean | null
  /** Signs of a virtual machine, in the device's words. */
  readonly virtual: readonly string[]
  /** Flags of Win32_Tpm and Get-Tpm by their names, or of Linux. */
  readonly tpm: Readonly<Record<string, string>>
  /** Lines of `tpmtool getdeviceinformation`, as they stand. */
  readonly tpmtool: string
  readonly ek: {
    readonly isPresent: boolean | null
    readonly hash: string | null
    /** Certificates: from the maker, and others. */
    readonly certificates: number | null
  }
  readonly events: readonly ProbeEvent[]
  readonly registry: readonly ProbeRegistry[]
  readonly isFirstTaskDone: boolean | null
  /** What the probe could not do, in its words. */
  readonly notes: readonly string[]
}

/** Bounds; what is beyond them is not read. */
const LINES_MAX = 2000
const VALUE_MAX = 2048
const SHORT_MAX = 128
const MACS_MAX = 16
const LIST_MAX = 32
const EVENTS_MAX = 200
const REGISTRY_MAX = 100
const TPMTOOL_MAX = 60

/** First line of every report; another version is another protocol. */
const TITLE = 'reseal-probe 1'

// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

const clean = (text: string) => text.slice(0, VALUE_MAX).replace(CONTROL, ' ').toWellFormed().trim()

type Lines = ReadonlyMap<string, readonly string[]>

function linesOf(text: string): Lines | null {
  const lines = text.split(/\r?\n/, LINES_MAX + 1)
  if (lines[0]?.replace(/^\uFEFF/, '').trim() !== TITLE) return null
  const found = new Map<string, string[]>()
  for (const line of lines.slice(1, LINES_MAX)) {
    const at = line.indexOf('=')
    const name = line.slice(0, at)
    if (at < 1 || !/^[a-z][a-z0-9.]{0,40}$/i.test(name)) continue
    const values = found.get(name) ?? []
    values.push(clean(line.slice(at + 1)))
    found.set(name, values)
  }
  return found
}

/** Texts that firmware writes where a maker wrote nothing. */
const EMPTY =
  /^(?:|none|n\/a|not (?:specified|applicable|available)|to be filled by o\.?e\.?m\.?|default string|system (?:serial number|product name|manufacturer)|0+|x+|\.+|unknown|invalid)$/i

const word = (lines: Lines, name: string): string | null => {
  const value = lines.get(name)?.[0]?.slice(0, SHORT_MAX) ?? ''
  return value === '' ? null : value
}
const named = (lines: Lines, name: string): string | null => {
  const value = word(lines, name)
  return value === null || EMPTY.test(value) ? null : value
}
const truth = (text: string | null): boolean | null =>
  text === null
    ? null
    : /^(?:1|true|yes)$/i.test(text)
      ? true
      : /^(?:0|false|no)$/i.test(text)
        ? false
        : null
const flag = (lines: Lines, name: string) => truth(word(lines, name))
function whole(text: string | null, max: number): number | null {
  if (text === null || !/^\d{1,16}$/.test(text)) return null
  const value = Number(text)
  return value <= max ? value : null
}

/** Later than any clock that a device could sanely have: 2200-01-01. */
const CLOCK_MAX = Date.UTC(2200, 0, 1)

function macsOf(lines: Lines): readonly string[] {
  const macs = (lines.get('mac') ?? [])
    .map((text) => text.split('|', 1)[0]?.trim().toLowerCase().replace(/-/g, ':') ?? '')
    .filter((mac) => /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && mac !== '00:00:00:00:00:00')
  return [...new Set(macs)].slice(0, MACS_MAX)
}

function eventsOf(lines: Lines): readonly ProbeEvent[] {
  return (lines.get('event') ?? []).slice(0, EVENTS_MAX).flatMap((line) => {
    const [channel = '', id = '', at = '', ...text] = line.split('|')
    const number = whole(id, 65_535)
    if (channel === '' || number === null) return []
    const words = text.join('|').slice(0, 300)
    return [
      { channel: channel.slice(0, SHORT_MAX), id: number, at: whole(at, CLOCK_MAX), text: words },
    ]
  })
}

function registryOf(lines: Lines): readonly ProbeRegistry[] {
  return (lines.get('registry') ?? []).slice(0, REGISTRY_MAX).flatMap((line) => {
    const [key = '', name = '', ...value] = line.split('|')
    return key === '' ? [] : [{ key, name, value: value.join('|') }]
  })
}

function tpmOf(lines: Lines): Readonly<Record<string, string>> {
  const flags: [string, string][] = []
  for (const [name, [value]] of lines)
    if (/^tpm\.[A-Za-z]{1,40}$/.test(name) && value !== undefined && flags.length < LIST_MAX)
      flags.push([name.slice(4), value.slice(0, SHORT_MAX)])
  return Object.fromEntries(flags)
}

function sum(one: number | null, other: number | null): number | null {
  return one === null && other === null ? null : (one ?? 0) + (other ?? 0)
}

/** Reads a report of up to 2,000 lines; null when it is none of this version. Never throws. */
export function readReport(text: string): ProbeReport | null {
  const lines = linesOf(text)
  if (lines === null) return null
  const probe = word(lines, 'probe')
  const revision = word(lines, 'os.revision')
  const build = whole(word(lines, 'os.build'), 1_000_000)
  const list = (name: string) =>
    (lines.get(name) ?? [])
      .filter((value) => value !== '')
      .map((value) => value.slice(0, 300))
      .slice(0, LIST_MAX)
  const firmware = ['vendor', 'version', 'date']
    .map((part) => word(lines, `firmware.${part}`))
    .filter((part) => part !== null)
  const hash = word(lines, 'ek.hash')?.toLowerCase() ?? null
  return {
    probe: probe === 'windows' || probe === 'linux' ? probe : 'unknown',
    isAdmin: flag(lines, 'admin'),
    os: {
      edition: word(lines, 'os.edition'),
      caption: word(lines, 'os.caption'),
      build: build === null ? null : `${build}.${whole(revision, 1_000_000) ?? 0}`,
      display: word(lines, 'os.display'),
      kind: word(lines, 'os.kind'),
    },
    smbios: {
      serial: named(lines, 'smbios.serial'),
      manufacturer: named(lines, 'smbios.manufacturer'),
      model: named(lines, 'smbios.model'),
      uuid: named(lines, 'smbios.uuid'),
    },
    firmware: firmware.length === 0 ? null : firmware.join(' '),
    macs: macsOf(lines),
    power: {
      isOnMains: flag(lines, 'power.mains'),
      batteryPercent: whole(word(lines, 'power.battery'), 100),
    },
    clock: whole(word(lines, 'clock'), CLOCK_MAX),
    isSecureBoot: flag(lines, 'secureboot'),
    virtual: list('vm'),
    tpm: tpmOf(lines),
    tpmtool: (lines.get('tpmtool') ?? []).slice(0, TPMTOOL_MAX).join('\n'),
    ek: {
      isPresent: flag(lines, 'ek.present'),
      hash: hash !== null && /^[0-9a-f]{64}$/.test(hash) ? hash : null,
      certificates: sum(
        whole(word(lines, 'ek.certificates'), 64),
        whole(word(lines, 'ek.additional'), 64),
      ),
    },
    events: eventsOf(lines),
    registry: registryOf(lines),
    isFirstTaskDone: flag(lines, 'task.maintenance'),
    notes: list('note'),
  }
}
