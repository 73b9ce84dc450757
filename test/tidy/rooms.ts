// The import table of CONTRIBUTING.md, and the rule that keeps it.
import { builtinModules } from 'node:module'
import type { SourceFile } from './source.ts'

/** Rooms that may import everything of the product: they put it together. */
const COMPOSERS = ['agent/main.ts', 'agent/station.ts', 'agent/station', 'agent/cli']
const EVERYTHING = ['agent', 'drivers', 'station-config']
const ROOM_OF_AGENT = [
  'agent/core',
  'agent/ports.ts',
  'agent/fault.ts',
  'agent/log.ts',
  'agent/wire',
]

interface Law {
  /** Rooms that may be imported besides the file's own. */
  readonly rooms: readonly string[]
  /** Rooms of which only types may be imported. */
  readonly types: readonly string[]
  readonly packages: 'any' | 'none' | readonly string[]
  readonly builtins: 'any' | 'none' | readonly string[]
}

/** Pure: hashing and assertions are the only things of Node that neither wait nor look outside. */
const PURE = ['node:crypto', 'node:assert/strict']

const LAWS: Readonly<Record<string, Law>> = {
  'agent/core': { rooms: [], types: [], packages: ['canonicalize'], builtins: PURE },
  'agent/ports.ts': {
    rooms: [],
    types: ['agent/core', 'agent/fault.ts', 'agent/ports'],
    packages: 'none',
    builtins: 'none',
  },
  // Parts of ports.ts that outgrew it; everybody else comes in by ports.ts.
  'agent/ports': {
    rooms: [],
    types: ['agent/core', 'agent/fault.ts'],
    packages: 'none',
    builtins: 'none',
  },
  'agent/fault.ts': { rooms: [], types: [], packages: 'none', builtins: 'none' },
  'agent/log.ts': { rooms: ['agent/fault.ts'], types: [], packages: 'any', builtins: 'any' },
  'agent/wire': {
    rooms: ['agent/core'],
    types: ['agent/ports.ts'],
    packages: 'any',
    builtins: 'none',
  },
  'agent/dashboard': {
    rooms: ['agent/core'],
    types: [],
    packages: ['bwip-js', 'preact', 'uplot'],
    builtins: 'none',
  },
  'drivers/tpm2-ts': { rooms: [], types: [], packages: 'none', builtins: 'any' },
  'station-config': { rooms: [], types: ['agent/core'], packages: 'any', builtins: 'any' },
}
const DRIVER: Law = {
  rooms: ['agent/fault.ts', 'drivers/io'],
  types: ['agent/ports.ts'],
  packages: 'any',
  builtins: 'any',
}
const AGENT: Law = { rooms: ROOM_OF_AGENT, types: [], packages: 'any', builtins: 'any' }
const COMPOSER: Law = { rooms: EVERYTHING, types: [], packages: 'any', builtins: 'any' }
const OUTSIDE: Law = { ...COMPOSER, rooms: [...EVERYTHING, 'scripts', 'test'] }

/** The room that a file stands in: a folder of agent/ or drivers/, a file of agent/, or a top folder. */
export function roomOf(path: string): string {
  const [top = '', second] = path.split('/')
  const isHouse = top === 'agent' || top === 'drivers'
  return isHouse && second !== undefined ? `${top}/${second}` : top
}

function lawOf(path: string): Law {
  const room = roomOf(path)
  // Settings of a bundler stand beside what they bundle, but run in Node.
  if (!path.includes('/') || /\.config\.ts$/.test(path)) return OUTSIDE
  if (room === 'scripts' || room === 'test') return OUTSIDE
  if (COMPOSERS.includes(room)) return COMPOSER
  return LAWS[room] ?? (room.startsWith('drivers/') ? DRIVER : AGENT)
}

const isIn = (path: string, rooms: readonly string[]) =>
  rooms.some((room) => path === room || path.startsWith(`${room}/`))

/** `@scope/name/part` and `name/part` are files of a package. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

const isBuiltin = (to: string) => to.startsWith('node:') || builtinModules.includes(to)

function relativeComplaint(file: SourceFile, to: string, typeOnly: boolean): string | null {
  const law = lawOf(file.path)
  const room = roomOf(file.path)
  if (isIn(to, [room]) || isIn(to, law.rooms)) return null
  if (isIn(to, law.types)) {
    return typeOnly ? null : `${file.path} imports ${to}: only its types are allowed, import type`
  }
  return `${file.path} imports ${to}: ${room} may not import ${roomOf(to)}, see the table in CONTRIBUTING.md`
}

function outsideComplaint(file: SourceFile, to: string): string | null {
  const law = lawOf(file.path)
  const allowed = isBuiltin(to) ? law.builtins : law.packages
  const name = isBuiltin(to) ? to : packageOf(to)
  if (allowed === 'any') return null
  if (allowed !== 'none' && allowed.includes(name)) return null
  return `${file.path} imports ${to}: ${roomOf(file.path)} stands without it, go through a port`
}

export function importComplaints(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    file.imports
      .map(({ to, isTypeOnly, isRelative }) =>
        isRelative ? relativeComplaint(file, to, isTypeOnly) : outsideComplaint(file, to),
      )
      .filter((complaint) => complaint !== null),
  )
}

/** Packages that are at home in more than one room. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  // Schemas of the config file and of what crosses HTTP and MQTT are two tables of one kind.
  zod: ['station-config', 'agent/wire'],
}
const FREE = ['scripts', 'test']

/** Replacing a package is one room's work. */
export function packageComplaints(files: readonly SourceFile[]): string[] {
  const rooms = new Map<string, Set<string>>()
  for (const file of files) {
    if (!file.path.includes('/') || isIn(file.path, FREE) || /\.config\.ts$/.test(file.path))
      continue
    for (const { to, isRelative } of file.imports) {
      if (isRelative || isBuiltin(to)) continue
      const name = packageOf(to)
      rooms.set(name, (rooms.get(name) ?? new Set()).add(roomOf(file.path)))
    }
  }
  return [...rooms].flatMap(([name, users]) => {
    const strangers = [...users].filter((room) => !(SHARED[name] ?? []).includes(room))
    const limit = name in SHARED ? 0 : 1
    if (strangers.length <= limit) return []
    return [
      `${name} is imported in ${[...users].sort().join(' and ')}: give it one home behind a port`,
    ]
  })
}
