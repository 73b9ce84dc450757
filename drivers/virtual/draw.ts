// Draws one device of the virtual bench from the seed: most go well; with faults each hazard has its share.
import {
  ACTIVITIES,
  MAINS_ONLY,
  MAKERS,
  UNLISTED_CODE,
  VIRTUAL_CODES,
  VIRTUAL_ORDERS,
} from './catalogue.ts'
import type { Random } from './random.ts'
import { PLAIN, ROUGH, type Shares } from './shares.ts'
import type {
  DeviceSpec,
  Language,
  Mishap,
  MishapTime,
  Obstacle,
  Outcome,
  Page,
  Segment,
  Shutdown,
  Windows,
} from './spec.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

const serialOf = (random: Random, prefix: string, n: number): string => {
  const alphabet = '0123456789ABCDEFGHJKLMNPRSTVWXYZ'
  let text = prefix
  for (let at = 0; at < 3; at++) text += random.pick([...alphabet])
  // The number of the device keeps serials unique, whatever is drawn.
  return text + n.toString(36).toUpperCase().padStart(4, '0')
}

function segmentsOf(random: Random, faults: boolean): readonly Segment[] {
  const restarts = random.weighted([
    [3, 0],
    [5, 1],
    [2, 2],
  ])
  const after = new Set(
    Array.from({ length: restarts }, () => random.int(1, ACTIVITIES.length - 2)),
  )
  return ACTIVITIES.map(([activity, from, to], at) => {
    const ms = random.int(from, to) * SECOND
    if (!after.has(at)) return { activity, ms }
    const long = faults && random.chance(0.1)
    return {
      activity,
      ms,
      restartMs: long ? random.int(3 * MINUTE, 12 * MINUTE) : random.int(8, 70) * SECOND,
    }
  })
}

/** The code as a page may print it (facts/autopilot §0, doubled prefix; §5.3, case). */
const printed = (random: Random, code: string): string =>
  random.weighted([
    [8, code],
    [1, code.toLowerCase()],
    [1, `0x${code}`],
    [0.5, `${code}, 0x81039025`],
  ])

interface Fate {
  readonly outcomes: readonly Outcome[]
  readonly provisionable: boolean
}
function fateOf(random: Random, shares: Shares): Fate {
  const green: Outcome = { kind: 'green' }
  if (random.chance(shares.unlisted)) {
    const mends = random.chance(0.5)
    const red: Outcome = {
      kind: 'red',
      code: UNLISTED_CODE,
      at: random.int(0, ACTIVITIES.length - 1),
    }
    return { outcomes: mends ? [red, green] : [red], provisionable: mends }
  }
  if (random.chance(shares.hang))
    return {
      outcomes: [{ kind: 'hang', at: random.int(0, ACTIVITIES.length - 1) }],
      provisionable: true,
    }
  if (!random.chance(shares.red)) return { outcomes: [green], provisionable: true }
  const real = VIRTUAL_CODES.filter(([, nature]) => nature !== 'noise')
  const [code, nature, at] = random.weighted(
    real.map((row) => [row[1] === 'heals' ? 5 : 1, row] as const),
  )
  const red: Outcome = { kind: 'red', code: printed(random, code), at }
  if (nature === 'device') return { outcomes: [red], provisionable: false }
  if (nature === 'bench') return { outcomes: [red], provisionable: true }
  // Most attestation errors go away at the first Retry, a few never (facts/autopilot §5.3).
  return {
    outcomes: random.weighted([
      [6, [red, green]],
      [2, [red, red, green]],
      [1, [red]],
    ]),
    provisionable: true,
  }
}

function mishapOf(random: Random): Mishap {
  const when: MishapTime = random.pick([
    'plugged',
    'options',
    'landing',
    'provisioning',
    'provisioning',
    'result',
  ])
  const afterMs = random.int(1, when === 'provisioning' ? 900 : 20) * SECOND
  const backMs = random.chance(0.7) ? random.int(2, 400) * SECOND : null
  return random.weighted<Mishap>([
    [6, { kind: 'pull', what: random.pick(['link', 'keyboard', 'all']), when, afterMs, backMs }],
    [
      2,
      {
        kind: 'part',
        part: random.pick(['keyboard', 'silent', 'link', 'screen']),
        when,
        afterMs,
        forMs: random.int(5, 240) * SECOND,
      },
    ],
    [1, { kind: 'swap' }],
    [1, { kind: 'false-word' }],
    [1, { kind: 'pull-at-shutdown' }],
    [1.5, { kind: 'abort', when, afterMs }],
    [0.5, { kind: 'out-of-service', when, afterMs }],
  ])
}

const firstPagesOf = (random: Random, menu2026: boolean): readonly Page[] => {
  if (menu2026) return ['region', 'keyboard', 'signin']
  return random.weighted<readonly Page[]>([
    [6, ['signin']],
    [3, ['region', 'keyboard', 'eula', 'signin']],
    [1, ['language', 'region', 'keyboard', 'eula', 'signin']],
  ])
}

/** Everything of device number `n`: the same for the same stream, however many others were drawn before. */
export function drawDevice(bench: Random, n: number, faults: boolean): DeviceSpec {
  const random = bench.stream(`device-${n}`)
  const trouble = random.stream('trouble')
  const shares = faults ? ROUGH : PLAIN
  const is = (name: keyof Shares): boolean => trouble.stream(name).chance(shares[name])

  const [manufacturer, models, prefix] = random.pick(MAKERS)
  const model = random.pick(models)
  const windows: Windows = is('windows10') ? 10 : 11
  const language: Language = random.weighted<Language>([
    [16, 'en'],
    [3, 'de'],
    [1, 'fr'],
    [1, 'es'],
  ])
  // A label printed twice: this device carries the serial number of the one before.
  const twin = n > 0 && is('duplicate') ? drawDevice(bench, n - 1, false).serial : null
  const serial = twin ?? serialOf(random.stream('serial'), prefix, n)
  const menu2026 = windows === 11 && is('menu2026')
  const mine = is('wrongCustomer') ? VIRTUAL_ORDERS[1] : VIRTUAL_ORDERS[0]
  const wrongNames = is('wrongNames')
  const shown = wrongNames ? VIRTUAL_ORDERS[1] : mine
  const noProfile = is('noProfile')
  const registered = !noProfile || trouble.stream('registered').chance(0.5)
  const fate = fateOf(trouble.stream('fate'), shares)
  const obstacle: Obstacle | null = is('obstacle')
    ? trouble.stream('which').pick(['bitlocker', 'firmware', 'boot-error', 'desktop'] as const)
    : null
  const resealedBefore = is('resealedBefore')
  const associated = is('associated')
  const greenDiffers = is('greenDiffers')
  const mishap = is('mishap') ? mishapOf(trouble.stream('mishap-kind')) : null
  const segments = segmentsOf(random.stream('segments'), faults)

  return {
    n,
    serial,
    manufacturer,
    model,
    mac: macOf(random.stream('mac')),
    windows,
    language,
    battery: !MAINS_ONLY.test(model),
    order: mine.order,
    ztdId: registered ? random.stream('ztd').guid() : null,
    organisation: shown.tenantDomain,
    profile: noProfile ? '' : shown.profile,
    user:
      mine.user === 'any' && random.chance(0.6)
        ? `user${random.int(100, 999)}@${shown.tenantDomain}`
        : '',
    refreshes: is('refresh') ? trouble.stream('refreshes').int(1, 2) : 0,
    greenDiffers,
    resealedBefore,
    associated,
    menu2026,
    exportLogs: random.chance(0.3),
    firstPages: firstPagesOf(random, menu2026),
    signinTabs: random.int(1, 6),
    bootMs: random.int(12, 40) * SECOND,
    updates: random.chance(0.25)
      ? [{ ms: random.int(20, 120) * SECOND, downMs: random.int(10, 60) * SECOND }]
      : [],
    obstacle,
    keyboardInFirmware: random.chance(0.9),
    driverMs: is('slowDriver')
      ? trouble.stream('driver').int(5, 60) * SECOND
      : random.int(100, 900),
    usbWhenOff: is('usbWhenOff'),
    dropShare: is('drops') ? trouble.stream('share').pick([0.01, 0.05, 0.2]) : 0,
    dropsReseal: is('dropsReseal'),
    locks: random.chance(0.3) ? 1 : 0,
    landingMs: is('slowLanding')
      ? trouble.stream('landing').int(15, 55) * SECOND
      : random.int(2000, 8000),
    offline: is('offline') ? trouble.stream('offline-times').int(1, 2) : 0,
    networkHolds: is('network') ? trouble.stream('network-times').int(1, 3) : 0,
    extraStop: is('extraStop'),
    redFocus: faults && random.chance(0.2) ? 'retry' : 'other',
    segments,
    outcomes: fate.outcomes,
    resultQr: windows === 10 || random.chance(0.4),
    resealDelayMs: is('resealLate') ? trouble.stream('late').int(1, 20) * MINUTE : 0,
    resealMs: random.int(2500, 9000),
    shutdown: random.weighted<Shutdown>([
      [14, 'drop'],
      [4, 'speed-100'],
      [faults ? 1 : 0, 'stays'],
    ]),
    wireOffMs: random.chance(0.05) ? random.int(60, 150) * SECOND : random.int(800, 9000),
    wakesAfterMs: is('wakes') ? trouble.stream('wake').int(20, 400) * SECOND : null,
    sleepsAfterMs: is('sleeps') ? trouble.stream('sleep').int(1, 20) * MINUTE : null,
    provisionable:
      fate.provisionable &&
      !resealedBefore &&
      !associated &&
      !noProfile &&
      !wrongNames &&
      !greenDiffers &&
      obstacle === null &&
      mine === VIRTUAL_ORDERS[0] &&
      twin === null,
    mishap,
  }
}

/** A locally administered address (second hex digit 2), so that it is no maker's. */
export function macOf(random: Random): string {
  const hex = random.hex(10)
  return [
    '02',
    hex.slice(0, 2),
    hex.slice(2, 4),
    hex.slice(4, 6),
    hex.slice(6, 8),
    hex.slice(8, 10),
  ].join(':')
}
