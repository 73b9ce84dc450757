// Reads the addresses of drivers (`ch9329:/dev/...`), so that a bay is five lines and a wrong one says what is wrong.
import { nearest } from './near.ts'

/** `text` is the address as it was written: what a driver opens. */
export interface Written<D extends string> {
  readonly driver: D
  readonly text: string
}
export type LinkUrl =
  | (Written<'nic'> & { readonly interface: string })
  /** A port of a managed switch, by the switch's id in the config and the port's ifName. */
  | (Written<'snmp'> & { readonly switchId: string; readonly port: string })
  | Written<'virtual'>
export type ScreenUrl = Written<'operator' | 'virtual'>
export type ScannerUrl =
  | (Written<'serial'> & {
      readonly path: string
      /** Baud; USB-CDC scanners ignore it. */
      readonly baud: number
    })
  /** By USB serial number or port; empty: the only one. */
  | (Written<'hid-pos'> & { readonly address: string })

export type UrlFault = {
  readonly code: 'CONFIG_INVALID' | 'STATION_DRIVER_UNKNOWN'
  readonly message: string
  readonly hint: string
}
export type Read<T> = { readonly url: T } | { readonly fault: UrlFault }

interface Parts {
  readonly scheme: string
  readonly rest: string
  readonly query: ReadonlyMap<string, string>
}

export const invalid = (message: string, hint: string): { fault: UrlFault } => ({
  fault: { code: 'CONFIG_INVALID', message, hint },
})

const LONGEST = 300

interface Family {
  readonly what: string
  readonly known: readonly string[]
  /** Named in the contracts, not in this version. */
  readonly later: readonly string[]
  readonly example: string
}

/** Every driver that a config may name, by the kind of part. */
export const FAMILIES = {
  link: { what: 'link', known: ['nic', 'snmp', 'virtual'], later: [], example: 'nic:enp3s0' },
  keyboard: {
    what: 'keyboard',
    known: ['ch9329', 'hidg', 'pikvm-mcu', 'manual', 'virtual'],
    later: [],
    example: 'ch9329:/dev/serial/by-path/...',
  },
  lamp: {
    what: 'lamp',
    known: [
      ...['none', 'terminal', 'virtual', 'blink1', 'luxafor', 'blinkstick', 'busylight', 'embrava'],
      ...['fitstat', 'patlite', 'tower', 'relay', 'lcus', 'command'],
    ],
    later: [],
    example: 'none:',
  },
  screen: {
    what: 'screen',
    known: ['operator', 'virtual'],
    later: ['ustreamer', 'v4l2'],
    example: 'operator:',
  },
  buttons: {
    what: 'button',
    known: ['none', 'hid', 'patlite'],
    later: [],
    example: 'none:',
  },
  scanner: {
    what: 'scanner',
    known: ['serial', 'hid-pos'],
    later: [],
    example: 'serial:/dev/serial/by-id/...',
  },
  printer: {
    what: 'printer',
    known: ['tcp', 'file'],
    later: [],
    example: 'tcp:10.20.0.9:9100',
  },
} as const satisfies Readonly<Record<string, Family>>

export function split(text: string, family: Family): Parts | { readonly fault: UrlFault } {
  const colon = text.indexOf(':')
  const schemes = family.known.map((scheme) => `${scheme}:`).join(', ')
  if (text.length > LONGEST) return invalid('it is too long', `At most ${LONGEST} characters.`)
  if (colon < 0) {
    const bare = family.known.includes(text) ? `${text}:` : family.example
    return invalid('it has no colon after the driver', `Write for instance ${bare}`)
  }
  const scheme = text.slice(0, colon)
  if (family.later.includes(scheme))
    return {
      fault: {
        code: 'STATION_DRIVER_UNKNOWN',
        message: `the ${family.what} driver ${scheme}: is planned, this version does not have it yet`,
        hint: `This version has ${schemes}.`,
      },
    }
  if (!family.known.includes(scheme)) {
    const meant = nearest(scheme, [...family.known, ...family.later])
    return {
      fault: {
        code: 'STATION_DRIVER_UNKNOWN',
        message: `there is no ${family.what} driver of this name`,
        hint: meant === null ? `This version has ${schemes}.` : `Did you mean ${meant}:?`,
      },
    }
  }
  const [rest = '', ...queries] = text.slice(colon + 1).split('?')
  return { scheme, rest, query: new Map(new URLSearchParams(queries.join('?'))) }
}

export function unknownOption(parts: Parts, known: readonly string[]): UrlFault | null {
  for (const name of parts.query.keys()) {
    if (known.includes(name)) continue
    const meant = nearest(name, known)
    const all = known.length === 0 ? 'This driver takes none.' : `Known: ${known.join(', ')}.`
    const hint = meant === null ? all : `Did you mean ${meant}?`
    return { code: 'CONFIG_INVALID', message: `the option ${name} is not known`, hint }
  }
  return null
}

/** One of the words of an option, its first one by default; or the fault. */
export function option<W extends string>(
  parts: Parts,
  name: string,
  words: readonly [W, ...W[]],
): W | UrlFault {
  const value = parts.query.get(name)
  if (value === undefined) return words[0]
  const found = words.find((word) => word === value)
  return (
    found ?? {
      code: 'CONFIG_INVALID',
      message: `the option ${name} cannot be ${value.slice(0, 40)}`,
      hint: `One of: ${words.join(', ')}.`,
    }
  )
}

/** Speeds of the bench's chips and scanners, the usual one first. */
export const BAUDS = ['9600', '19200', '38400', '57600', '115200', '1200', '2400', '4800'] as const

/** Why a text is no path of a serial device, or null. */
export function badPath(path: string): UrlFault | null {
  const hint = 'Name the port by its path: /dev/serial/by-path/... stays the same after a restart.'
  const code = 'CONFIG_INVALID'
  if (path === '') return { code, message: 'the path of the port is missing', hint }
  if (!path.startsWith('/')) return { code, message: 'the path of the port is not absolute', hint }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/(?:^|\/)\.\.(?:\/|$)|[\u0000-\u001f]/.test(path) || path.endsWith('/'))
    return { code, message: 'this is no path of a port', hint }
  return null
}

export function bare<W extends string>(text: string, family: Family): Read<Written<W>> {
  const parts = split(text, family)
  if ('fault' in parts) return parts
  if (parts.rest !== '')
    return invalid(`${parts.scheme}: takes nothing after the colon`, `Write ${parts.scheme}:`)
  const fault = unknownOption(parts, [])
  return fault === null ? { url: { driver: parts.scheme as W, text } } : { fault }
}

/** `snmp://<switch>/<ifName>`; the name may hold slashes itself, or - in their place. */
function readSnmpUrl(text: string): Read<LinkUrl> {
  const parts = split(text, FAMILIES.link)
  if ('fault' in parts) return parts
  const fault = unknownOption(parts, [])
  if (fault !== null) return { fault }
  const [, switchId, port] = /^\/\/([A-Za-z0-9_-]{1,32})\/([!-~]{1,64})$/.exec(parts.rest) ?? []
  if (switchId === undefined || port === undefined)
    return invalid(
      'this names no port of a switch',
      'Write snmp://<id of the switch>/<name of the port>, for instance snmp://sw1/Gi1-0-7',
    )
  return { url: { driver: 'snmp', text, switchId, port } }
}

/** `nic:enp3s0`, `snmp://sw1/Gi1-0-7` or `virtual:`. */
export function readLinkUrl(text: string): Read<LinkUrl> {
  if (text.startsWith('snmp:')) return readSnmpUrl(text)
  if (!text.startsWith('nic:')) return bare<'virtual'>(text, FAMILIES.link)
  const parts = split(text, FAMILIES.link)
  if ('fault' in parts) return parts
  const fault = unknownOption(parts, [])
  if (fault !== null) return { fault }
  // Linux: IFNAMSIZ is 16 with its zero byte; no slash and no white space.
  if (!/^[^\s/:]{1,15}$/.test(parts.rest) || /^\.{1,2}$/.test(parts.rest))
    return invalid(
      'this is no name of a network interface',
      'Write the name that `ip link` shows: nic:enp3s0',
    )
  return { url: { driver: 'nic', text, interface: parts.rest } }
}

/** `operator:` or `virtual:`. */
export const readScreenUrl = (text: string): Read<ScreenUrl> =>
  bare<ScreenUrl['driver']>(text, FAMILIES.screen)

/** `serial:<path>[?baud=]`, or `hid-pos:[<USB serial number or port>][?layout=]`. */
export function readScannerUrl(text: string): Read<ScannerUrl> {
  const parts = split(text, FAMILIES.scanner)
  if ('fault' in parts) return parts
  if (parts.scheme === 'hid-pos') {
    const fault = unknownOption(parts, ['layout'])
    if (fault !== null) return { fault }
    const layout = option(parts, 'layout', ['aim', 'plain'])
    if (typeof layout === 'object') return { fault: layout }
    return { url: { driver: 'hid-pos', text, address: parts.rest } }
  }
  const fault = badPath(parts.rest) ?? unknownOption(parts, ['baud'])
  if (fault !== null) return { fault }
  const baud = option(parts, 'baud', BAUDS)
  if (typeof baud === 'object') return { fault: baud }
  return { url: { driver: 'serial', text, path: parts.rest, baud: Number(baud) } }
}
