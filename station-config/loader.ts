// Reads the config file of a station: every problem at once with its place and a hint, or a config that holds together.
import { dirname, isAbsolute, resolve } from 'node:path'
import type { Limits } from '../agent/core/rules.ts'
import type { ShiftPlan } from '../agent/core/throughput/shifts.ts'
import { type BoardLayout, layoutOf } from './board-layout.ts'
import { check, type KeyHints, readChecked } from './check.ts'
import { DEFAULT_ESTIMATE, DEFAULT_LIMITS } from './defaults.ts'
import {
  type LinkUrl,
  type Read,
  readLinkUrl,
  readScannerUrl,
  readScreenUrl,
  type ScannerUrl,
  type ScreenUrl,
} from './driver-url.ts'
import { type KeyboardUrl, readKeyboardUrl } from './keyboard-url.ts'
import { type ButtonsUrl, type LampUrl, readButtonsUrl, readLampUrl } from './lamp-url.ts'
import { type PrinterConfig, readPrinterUrl } from './printer-url.ts'
import { inOrder, type Problem } from './problem.ts'
import {
  type ConfigInput,
  configSchema,
  listenOf,
  type RawBay,
  type RawConfig,
  type RawSwitch,
  type RawWebhook,
} from './schema.ts'
import { shiftPlanOf } from './shift-schema.ts'
import { wholeConfig } from './whole.ts'

export interface BayConfig
  extends Readonly<Omit<RawBay, 'link' | 'keyboard' | 'lamp' | 'screen' | 'buttons' | 'order'>> {
  readonly link: LinkUrl
  readonly keyboard: KeyboardUrl
  readonly lamp: LampUrl
  readonly screen: ScreenUrl
  readonly buttons: ButtonsUrl
  readonly order: string | null
}
export interface ScannerConfig {
  readonly scanner: ScannerUrl
  /** The bay it hangs at; null: it serves all. */
  readonly bay: string | null
}
/** A managed switch; files are absolute paths, their contents are read by whoever connects. */
export interface SwitchConfig
  extends Readonly<Omit<RawSwitch, 'communityFile' | 'user' | 'authFile' | 'privFile'>> {
  readonly communityFile: string | null
  readonly user: string | null
  readonly authFile: string | null
  readonly privFile: string | null
}
/** A receiver of signed messages; files are absolute paths, their contents are read by whoever sends. */
export interface WebhookConfig extends Readonly<Omit<RawWebhook, 'caFile'>> {
  readonly caFile: string | null
}
/** Where the broker is; files are absolute paths, their contents are read by whoever connects. */
export interface MqttConfig {
  /** `embedded:` (port 1883, else a free one), `embedded:<port>`, `mqtt://...` or `mqtts://...`. */
  readonly url: string
  readonly user: string | null
  /** File that holds the user name, instead of `user`. */
  readonly userFile: string | null
  readonly passwordFile: string | null
  readonly caFile: string | null
  readonly certFile: string | null
  readonly keyFile: string | null
}
export interface StationConfig {
  readonly site: string
  readonly station: string
  /** Absolute; null: the command line or its default says it. */
  readonly data: string | null
  readonly web: {
    readonly host: string
    readonly port: number
    readonly names: readonly string[]
    /** null: plain HTTP, on loopback only. Files are absolute. */
    readonly tls: 'self-signed' | { readonly certFile: string; readonly keyFile: string } | null
  }
  /** Who signs in at the board; null: nobody, on loopback only. */
  readonly accounts: NonNullable<RawConfig['accounts']> | null
  readonly mqtt: MqttConfig
  /** Days that inputs and sent messages are kept; records stay for ever. */
  readonly keepJournalDays: number
  readonly keepPhotoDays: number
  /** Speed of a virtual bench; null: the command line or its default says it. */
  readonly rate: number | null
  readonly orders: readonly string[]
  /** null: labels are printed by hand. */
  readonly printer: PrinterConfig | null
  readonly limits: Limits
  /** For figures and shift reports. */
  readonly shifts: ShiftPlan
  readonly estimate: { readonly p50Ms: number; readonly p90Ms: number; readonly n: number }
  /** The probe intake; null: off. */
  readonly probe: {
    readonly host: string
    readonly port: number
    /** Absolute; null: `tpm-roots` in the data directory. */
    readonly roots: string | null
    readonly allowTestTpm: boolean
    /** A bay may say otherwise. */
    readonly bayAddress: boolean
  } | null
  readonly bays: readonly BayConfig[]
  readonly scanners: readonly ScannerConfig[]
  /** How the bays stand on the bench; left out: the tiles of the board flow. */
  readonly layout?: BoardLayout
  readonly switches: readonly SwitchConfig[]
  readonly webhooks: readonly WebhookConfig[]
  /** Where traps of switches come in; null: they are only polled. */
  readonly traps: { readonly host: string; readonly port: number } | null
  /** True when every link is virtual. */
  readonly isVirtual: boolean
}

export interface Loaded {
  /** null when there is a problem. */
  readonly config: StationConfig | null
  readonly problems: readonly Problem[]
}

const FILE_MAX = 1024 * 1024

const HINTS: KeyHints = {
  password: 'Secrets come from files only: passwordFile: /path/to/file',
  pass: 'Secrets come from files only: passwordFile: /path/to/file',
  username: 'Write user: name, or userFile: /path/to/file',
  community: 'Secrets come from files only: communityFile: /path/to/file',
  token: 'Secrets come from files only: passwordFile: /path/to/file',
  key: 'Write keyFile: /path/to/file',
  cert: 'Write certFile: /path/to/file',
  ca: 'Write caFile: /path/to/file',
  host: 'The broker has one address: url: mqtts://HOST:8883',
  nic: 'Write link: nic:<interface>',
  name: 'The id of a bay is its key bay, of a station its key station.',
  mac: 'The station learns it from the wire; take it out.',
}

function layoutField(raw: RawConfig): Pick<StationConfig, 'layout'> {
  const bays = raw.bays.map(({ bay }) => bay)
  const layout = layoutOf(raw.board, bays)
  return layout === undefined ? {} : { layout }
}

/** The URL of a text that the schema has already accepted. */
function accepted<T>(read: Read<T>): T {
  if ('url' in read) return read.url
  throw new TypeError(`an address changed between two readings: ${read.fault.message}`)
}

function mqttOf(raw: RawConfig['mqtt'], from: (path: string) => string): MqttConfig {
  const file = (path: string | undefined) => (path === undefined ? null : from(path))
  return {
    url: raw.url ?? (raw.port === undefined ? 'embedded:' : `embedded:${raw.port}`),
    user: raw.user ?? null,
    userFile: file(raw.userFile),
    passwordFile: file(raw.passwordFile),
    caFile: file(raw.caFile),
    certFile: file(raw.certFile),
    keyFile: file(raw.keyFile),
  }
}

/** Overrides laid over the defaults. */
export function limitsOf(overrides: RawConfig['limits']): Limits {
  const set = Object.entries(overrides).filter(([, value]) => value !== undefined)
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(set) }
}

function probeOf(raw: RawConfig['probe'], from: (path: string) => string): StationConfig['probe'] {
  if (raw === undefined) return null
  const { address, port } = listenOf(raw.listen)
  return {
    host: address,
    port: port ?? 0,
    roots: raw.roots === undefined ? null : from(raw.roots),
    allowTestTpm: raw.allowTestTpm,
    bayAddress: raw.bayAddress,
  }
}

function switchOf(raw: RawSwitch, from: (path: string) => string): SwitchConfig {
  const file = (path: string | undefined) => (path === undefined ? null : from(path))
  return {
    ...raw,
    user: raw.user ?? null,
    communityFile: file(raw.communityFile),
    authFile: file(raw.authFile),
    privFile: file(raw.privFile),
  }
}

function trapsOf(raw: RawConfig['traps']): StationConfig['traps'] {
  if (raw === undefined) return null
  const { address, port } = listenOf(raw.listen)
  return { host: address, port: port ?? 0 }
}

function webOf(raw: RawConfig['web'], from: (path: string) => string): StationConfig['web'] {
  const { host, port, names, tls } = raw
  if (typeof tls !== 'object') return { host, port, names, tls: tls ?? null }
  return { host, port, names, tls: { certFile: from(tls.certFile), keyFile: from(tls.keyFile) } }
}

function configOf(raw: RawConfig, base: string): StationConfig {
  const from = (path: string) => (isAbsolute(path) ? path : resolve(base, path))
  const bays = raw.bays.map((bay): BayConfig => {
    const keyboard = accepted(readKeyboardUrl(bay.keyboard))
    return {
      ...bay,
      link: accepted(readLinkUrl(bay.link)),
      keyboard,
      lamp: accepted(readLampUrl(bay.lamp)),
      screen: accepted(readScreenUrl(bay.screen)),
      buttons: accepted(readButtonsUrl(bay.buttons)),
      // A person presses no lock key: there is nothing to echo.
      echo: bay.echo && keyboard.driver !== 'manual',
      order: bay.order ?? null,
    }
  })
  return {
    site: raw.site,
    station: raw.station,
    data: raw.data === undefined ? null : from(raw.data),
    web: webOf(raw.web, from),
    accounts: raw.accounts ?? null,
    mqtt: mqttOf(raw.mqtt, from),
    keepJournalDays: raw.keepJournalDays,
    keepPhotoDays: raw.keepPhotoDays,
    rate: raw.rate ?? null,
    orders: raw.orders.map(from),
    printer: raw.printer === undefined ? null : accepted(readPrinterUrl(raw.printer)),
    limits: limitsOf(raw.limits),
    shifts: shiftPlanOf(raw.shifts),
    estimate: raw.estimate === undefined ? DEFAULT_ESTIMATE : { ...raw.estimate, n: 0 },
    probe: probeOf(raw.probe, from),
    bays,
    ...layoutField(raw),
    scanners: raw.scanners.map((one) => ({
      scanner: accepted(readScannerUrl(one.scanner)),
      bay: one.bay ?? null,
    })),
    switches: raw.switches.map((one) => switchOf(one, from)),
    webhooks: raw.webhooks.map((one) => ({
      ...one,
      secretFile: from(one.secretFile),
      caFile: one.caFile === undefined ? null : from(one.caFile),
    })),
    traps: trapsOf(raw.traps),
    isVirtual: bays.every(({ link }) => link.driver === 'virtual'),
  }
}

/**
 * Reads a config file of at most 1 MB. Paths in it count from the file's own directory. Work orders and the files that
 * it names are not opened here.
 */
export function loadConfig(file: string): Loaded {
  const options = { maxBytes: FILE_MAX, code: 'CONFIG_INVALID', hints: HINTS } as const
  const read = readChecked(configSchema, file, { ...options, unreadable: 'CONFIG_UNREADABLE' })
  const whole = read.raw === undefined ? [] : wholeConfig(read.raw, file, read.lineOf)
  const problems = inOrder([...read.problems, ...whole])
  if (read.value === null || problems.length > 0) return { config: null, problems }
  return { config: configOf(read.value, dirname(resolve(file))), problems: [] }
}

/** The config of a virtual bench with so many bays: what `npm start` and `demo` run without a file. */
export function virtualConfig(bays: number): StationConfig {
  const input: ConfigInput = {
    site: 'virtual',
    station: 'bench',
    bays: Array.from({ length: bays }, (_, index) => ({
      bay: String(index + 1).padStart(2, '0'),
      link: 'virtual:',
      keyboard: 'virtual:',
      lamp: 'virtual:',
      screen: 'virtual:',
    })),
  }
  const options = { file: 'virtual', code: 'CONFIG_INVALID', lineOf: () => null } as const
  const { value, problems } = check(configSchema, input, options)
  if (value === null) throw new RangeError(problems.map(({ message }) => message).join(', '))
  return configOf(value, '.')
}
