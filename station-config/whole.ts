// What a schema cannot say: faults that show only when the parts of a config are held against each other.
import { LIMIT_TABLE } from './defaults.ts'
import { type Problem, pathText, shown } from './problem.ts'
import type { RawConfig } from './schema.ts'

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

const portOf = (address: string) =>
  address.split('?', 1)[0]?.replace(/^(?:ch9329|serial):/, '') ?? address

function* addresses({ bays, scanners }: RawConfig): Iterable<Fault> {
  const ids = bays.map(({ bay }, index) => ({ path: ['bays', index, 'bay'], value: bay }))
  yield* twice(ids, 'this bay stands')
  const links = bays
    .map(({ link }, index) => ({ path: ['bays', index, 'link'], value: link }))
    .filter(({ value }) => scheme(value) !== 'virtual')
  yield* twice(links, 'this interface stands')
  const ports = [
    ...bays.flatMap(({ keyboard }, index) =>
      scheme(keyboard) === 'ch9329'
        ? [{ path: ['bays', index, 'keyboard'], value: portOf(keyboard) }]
        : [],
    ),
    ...scanners.map(({ scanner }, index) => ({
      path: ['scanners', index, 'scanner'],
      value: portOf(scanner),
    })),
  ]
  yield* twice(ports, 'this port stands')
}

/** A simulated device has simulated wires: half of one would wait for a person who cannot act. */
function* virtual({ bays, rate }: RawConfig): Iterable<Fault> {
  for (const [index, bay] of bays.entries()) {
    const isVirtual = scheme(bay.link) === 'virtual'
    const at = (key: string) => ['bays', index, key]
    const keyboard = scheme(bay.keyboard)
    if (isVirtual && keyboard === 'ch9329') {
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
  const isAll = bays.every(({ link }) => scheme(link) === 'virtual')
  if (rate !== undefined && rate !== 1 && !isAll)
    yield [
      ['rate'],
      rate,
      'real time cannot be sped up',
      'Take rate out, or make all bays virtual.',
    ]
  const first = scheme(bays[0]?.link ?? '') === 'virtual'
  const odd = bays.findIndex(({ link }) => (scheme(link) === 'virtual') !== first)
  if (odd >= 0) {
    const message = 'virtual and real bays on one station'
    const hint = 'Run the virtual ones as a station of their own: a record must be real or not.'
    yield [['bays', odd, 'link'], bays[odd]?.link, message, hint]
  }
}

function* scanners({ bays, scanners: list }: RawConfig): Iterable<Fault> {
  const known = bays.map(({ bay }) => bay)
  for (const [index, { bay }] of list.entries())
    if (bay !== undefined && !known.includes(bay)) {
      const hint = `One of: ${known.slice(0, 30).join(', ')}.`
      yield [['scanners', index, 'bay'], bay, 'there is no such bay', hint]
    }
}

/** Limits that are sensible alone and not beside each other. */
function* limits({ limits: set, estimate }: RawConfig): Iterable<Fault> {
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

/** Every fault between the parts of a config that its schema has accepted. */
export function wholeConfig(
  raw: RawConfig,
  file: string,
  lineOf: (path: readonly PropertyKey[]) => number | null,
): readonly Problem[] {
  const faults = [...addresses(raw), ...virtual(raw), ...scanners(raw), ...limits(raw)]
  return faults.map(([path, value, message, hint]) => ({
    code: 'CONFIG_INVALID',
    file,
    line: lineOf(path),
    path: pathText(path),
    value: shown(value),
    message,
    hint,
  }))
}
