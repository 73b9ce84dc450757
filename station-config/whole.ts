// What a schema cannot say: faults that show only when the parts of a config are held against each other.
import { type BoardShape, layoutFaults } from './board-layout.ts'
import { LIMIT_TABLE } from './defaults.ts'
import { type Problem, pathText, shown } from './problem.ts'
import {
  configSchema,
  type RawBay,
  type RawConfig,
  type RawScanner,
  type RawSwitch,
} from './schema.ts'
import { openDoor } from './web-schema.ts'

type Fault = readonly [path: readonly PropertyKey[], value: unknown, message: string, hint: string]

const scheme = (address: string) => address.split(':', 1)[0] ?? ''

/** Two entries that name one thing, each but the first. */
function* twice(
  things: readonly { readonly path: readonly PropertyKey[]; readonly value: string }[],
  what: string,
): Iterable<Fault> {
  const seen = new Map<string, readonly PropertyKey[]>()
  for (const { path, value } of things) {
    const other = seen.get(value)
    if (other === undefined) seen.set(value, path)
    else yield [path, value, `${what} at ${pathText(other)} too`, 'Each of them is used once.']
  }
}

/** Keyboards that stand at a port of the PC. */
const REAL_KEYBOARDS: readonly string[] = ['ch9329', 'hidg', 'pikvm-mcu']

const portOf = (address: string) =>
  address.split('?', 1)[0]?.replace(/^(?:ch9329|hidg|pikvm-mcu|serial):/, '') ?? address

/** The parts of a config that stand by themselves, with their places: others may be broken meanwhile. */
interface Parts {
  readonly bays: readonly (readonly [index: number, bay: RawBay])[]
  readonly scanners: readonly (readonly [index: number, scanner: RawScanner])[]
  readonly switches: readonly (readonly [index: number, one: RawSwitch])[]
  /** False: some bays could not be read, so nothing can be said about all of them. */
  readonly isWhole: boolean
  /** How many switches the file names, broken ones too. */
  readonly switchesWritten: number
  readonly rate: number | undefined
  readonly limits: RawConfig['limits']
  readonly estimate: RawConfig['estimate']
  readonly hasProbe: boolean
  readonly web: RawConfig['web'] | undefined
  readonly hasAccounts: boolean
  readonly board: BoardShape | undefined
}

function partsOf(value: unknown): Parts {
  const top = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const { bays, scanners, switches, rate, limits, estimate, web } = configSchema.shape
  const listOf = (key: string) => (Array.isArray(top[key]) ? (top[key] as unknown[]) : [])
  const read = <T>(list: readonly unknown[], of: (one: unknown) => { data?: T | undefined }) =>
    list.flatMap((one, index) => {
      const { data } = of(one)
      return data === undefined ? [] : [[index, data] as const]
    })
  const goodBays = read(listOf('bays'), (one) => bays.element.safeParse(one))
  return {
    bays: goodBays,
    scanners: read(listOf('scanners'), (one) => scanners.unwrap().element.safeParse(one)),
    switches: read(listOf('switches'), (one) => switches.unwrap().element.safeParse(one)),
    isWhole: goodBays.length === listOf('bays').length && goodBays.length > 0,
    switchesWritten: listOf('switches').length,
    rate: rate.safeParse(top['rate']).data,
    limits: limits.safeParse(top['limits']).data ?? {},
    estimate: estimate.safeParse(top['estimate']).data,
    hasProbe: top['probe'] !== undefined,
    web: web.safeParse(top['web']).data,
    hasAccounts: top['accounts'] !== undefined,
    board: configSchema.shape.board.safeParse(top['board']).data,
  }
}

function* addresses({ bays, scanners }: Parts): Iterable<Fault> {
  const ids = bays.map(([index, { bay }]) => ({ path: ['bays', index, 'bay'], value: bay }))
  yield* twice(ids, 'this bay stands')
  const links = bays
    .map(([index, { link }]) => ({ path: ['bays', index, 'link'], value: link }))
    .filter(({ value }) => scheme(value) !== 'virtual')
  yield* twice(links, 'this interface stands')
  const ports = [
    ...bays.flatMap(([index, { keyboard }]) =>
      REAL_KEYBOARDS.includes(scheme(keyboard))
        ? [{ path: ['bays', index, 'keyboard'], value: portOf(keyboard) }]
        : [],
    ),
    ...scanners.map(([index, { scanner }]) => ({
      path: ['scanners', index, 'scanner'],
      value: portOf(scanner),
    })),
  ]
  yield* twice(ports, 'this port stands')
}

/** A simulated device has simulated wires: half of one would wait for a person who cannot act. */
function* virtual({ bays, rate, isWhole, hasProbe }: Parts): Iterable<Fault> {
  for (const [index, bay] of bays) {
    const isVirtual = scheme(bay.link) === 'virtual'
    const at = (key: string) => ['bays', index, key]
    const keyboard = scheme(bay.keyboard)
    if (isVirtual && REAL_KEYBOARDS.includes(keyboard)) {
      const message = 'a real keyboard at a virtual link'
      yield [at('keyboard'), bay.keyboard, message, 'Write keyboard: virtual:']
    }
    const whole = 'Make all parts of the bay virtual:, or none.'
    for (const key of ['keyboard', 'screen'] as const)
      if (!isVirtual && scheme(bay[key]) === 'virtual')
        yield [at(key), bay[key], 'a virtual part at a real link', whole]
    if (bay.keepAwake && keyboard === 'manual')
      yield [at('keepAwake'), true, 'nobody presses keep-awake by hand', 'Take it out.']
  }
  const isAll = bays.every(([, { link }]) => scheme(link) === 'virtual')
  if (isWhole && rate !== undefined && rate !== 1 && !isAll)
    yield [
      ['rate'],
      rate,
      'real time cannot be sped up',
      'Take rate out, or make all bays virtual.',
    ]
  if (isWhole && isAll && hasProbe)
    yield [
      ['probe'],
      'listen',
      'virtual devices have no probe',
      'Take probe out: a real device would write into a virtual record.',
    ]
  const first = scheme(bays[0]?.[1].link ?? '') === 'virtual'
  const odd = bays.find(([, { link }]) => (scheme(link) === 'virtual') !== first)
  if (odd !== undefined) {
    const message = 'virtual and real bays on one station'
    const hint = 'Run the virtual ones as a station of their own: a record must be real or not.'
    yield [['bays', odd[0], 'link'], odd[1].link, message, hint]
  }
}

function* scanners({ bays, scanners: list, isWhole }: Parts): Iterable<Fault> {
  const known = bays.map(([, { bay }]) => bay)
  if (!isWhole) return
  for (const [index, { bay }] of list)
    if (bay !== undefined && !known.includes(bay)) {
      const hint = `One of: ${known.slice(0, 30).join(', ')}.`
      yield [['scanners', index, 'bay'], bay, 'there is no such bay', hint]
    }
}

/** A drawn bench holds every bay once, and no other. */
function* layout({ bays, board, isWhole }: Parts): Iterable<Fault> {
  if (!isWhole || board === undefined) return
  const known = bays.map(([, { bay }]) => bay)
  for (const [path, value, message, hint] of layoutFaults(board, known))
    yield [['board', ...path], value, message, hint]
}

/** Each switch is one, and each link over SNMP names one of them; a broken entry is named by the schema alone. */
function* switchesOf({ bays, switches, switchesWritten }: Parts): Iterable<Fault> {
  const ids = switches.map(([index, one]) => ({
    path: ['switches', index, 'switch'],
    value: one.switch,
  }))
  yield* twice(ids, 'this switch stands')
  if (switches.length !== switchesWritten) return
  const known = ids.map(({ value }) => value)
  for (const [index, { link }] of bays) {
    const named = /^snmp:\/\/([^/]+)\//.exec(link)?.[1]
    if (named === undefined || known.includes(named)) continue
    const hint =
      known.length === 0 ? 'Describe it under switches:.' : `One of: ${known.join(', ')}.`
    yield [['bays', index, 'link'], link, `there is no switch ${named}`, hint]
  }
}

/** Each webhook has a queue of its own, by its id. */
function* webhooksOf(value: unknown): Iterable<Fault> {
  const { webhooks } = (typeof value === 'object' && value !== null ? value : {}) as {
    webhooks?: unknown
  }
  const all = configSchema.shape.webhooks.safeParse(webhooks).data ?? []
  const ids = all.map(({ webhook }, index) => ({
    path: ['webhooks', index, 'webhook'],
    value: webhook,
  }))
  yield* twice(ids, 'this webhook stands')
}

/** The board is open to nobody but this PC, or it has TLS and accounts. */
function* doors({ web, hasAccounts }: Parts): Iterable<Fault> {
  if (web === undefined) return
  for (const [key, message, hint] of openDoor(web, hasAccounts))
    yield [['web', key], key === 'host' ? web.host : web.tls, message, hint]
}

/** Limits that are sensible alone and not beside each other. */
function* limits({ limits: set, estimate }: Parts): Iterable<Fault> {
  const of = (name: keyof typeof LIMIT_TABLE) => set[name] ?? LIMIT_TABLE[name].value
  const order: readonly (readonly [keyof typeof LIMIT_TABLE, keyof typeof LIMIT_TABLE])[] = [
    ['steadyMs', 'settleMaxMs'],
    ['enterWithinMs', 'playMs'],
    ['summonEveryMs', 'summonMs'],
    ['keyboardSilentMs', 'keyboardLostMs'],
    ['keepAwakeEveryMs', 'pageTimeoutDefaultMs'],
  ]
  for (const [less, more] of order)
    if (of(less) >= of(more)) {
      const at = set[less] === undefined ? more : less
      const message = `${less} (${of(less)}) must be below ${more} (${of(more)})`
      yield [['limits', at], set[at], message, 'Change one of the two.']
    }
  if (estimate !== undefined && estimate.p50Ms > estimate.p90Ms) {
    const message = 'half of the devices cannot take longer than nine of ten'
    yield [['estimate', 'p90Ms'], estimate.p90Ms, message, 'Make p90Ms the larger one.']
  }
}

/** Every fault between the parts of a config, as far as they could be read. `value` is what stands in the file. */
export function wholeConfig(
  value: unknown,
  file: string,
  lineOf: (path: readonly PropertyKey[]) => number | null,
): readonly Problem[] {
  const parts = partsOf(value)
  const faults = [
    ...addresses(parts),
    ...virtual(parts),
    ...switchesOf(parts),
    ...scanners(parts),
    ...webhooksOf(value),
    ...layout(parts),
    ...limits(parts),
    ...doors(parts),
  ]
  return faults.map(([path, found, message, hint]) => ({
    code: 'CONFIG_INVALID',
    file,
    line: lineOf(path),
    path: pathText(path),
    value: shown(found),
    message,
    hint,
  }))
}
