// Takes the address of a part apart: `scheme:path?setting=value`, as the config writes it.
import { StationError } from '../../agent/fault.ts'

export interface PartUrl {
  readonly scheme: string
  /** What stands between the scheme and the question mark; may hold colons (by-path names do). */
  readonly path: string
  readonly settings: ReadonlyMap<string, string>
}

/**
 * Splits an address and refuses settings that nobody knows, so that a typing error is not silently ignored.
 * @throws StationError CONFIG_INVALID
 */
export function splitPartUrl(url: string, known: readonly string[]): PartUrl {
  const [, scheme = '', path = '', query = ''] = /^([a-z0-9-]+):([^?]*)(?:\?(.*))?$/.exec(url) ?? []
  if (scheme === '') throw new StationError('CONFIG_INVALID', `${url}: not scheme:path`)
  const settings = new Map(new URLSearchParams(query))
  for (const name of settings.keys()) {
    if (known.includes(name)) continue
    throw new StationError(
      'CONFIG_INVALID',
      `${url}: no setting ${name}; known: ${known.join(', ')}`,
    )
  }
  return { scheme, path, settings }
}

/**
 * The value of a setting, one of `values`; undefined when it is not given.
 * @throws StationError CONFIG_INVALID
 */
export function choice<T extends string>(
  url: string,
  parts: PartUrl,
  name: string,
  values: readonly T[],
): T | undefined {
  const text = parts.settings.get(name)
  const value = values.find((one) => one === text)
  if (text === undefined || value !== undefined) return value
  throw new StationError('CONFIG_INVALID', `${url}: ${name} is one of ${values.join(', ')}`)
}

/** Speeds that the bench's chips and scanners use. */
const BAUDS = ['1200', '2400', '4800', '9600', '19200', '38400', '57600', '115200'] as const

/** @throws StationError CONFIG_INVALID */
export function baudOf(url: string, parts: PartUrl): number | undefined {
  const baud = choice(url, parts, 'baud', BAUDS)
  return baud === undefined ? undefined : Number(baud)
}

/** @throws StationError CONFIG_INVALID when the path of a port is not absolute */
export function portPath(url: string, parts: PartUrl): string {
  if (parts.path.startsWith('/')) return parts.path
  throw new StationError(
    'CONFIG_INVALID',
    `${url}: the port is an absolute path, /dev/serial/by-path/…`,
  )
}
