// Turns what a probe saw in logs, registry and hardware into evidence with source `probe`: never more than a report.
import type { Evidence } from '../evidence.ts'
import type { InstantMs } from '../ids.ts'
import type { ProbeEvent, ProbeReport } from './report.ts'

/** Evidence of one report; a run keeps 160 in all, and other sources must have room. */
const EVIDENCE_MAX = 24
const BATTERY_LOW = 80
/** Between the event and the probe's look at the clock Windows may have set it. */
const CLOCK_SLACK_MS = 5000

interface EventRow {
  readonly channel: RegExp
  readonly ids: readonly number[]
  readonly text?: RegExp
  readonly kind: string
}

const AUTOPILOT = /ModernDeployment-Diagnostics-Provider\/Autopilot$/i
const SHELL = /Shell-Core\/Operational$/i

/** Events of facts/autopilot §3.1, the telling ones; later rows are looked at only when earlier ones do not fit. */
export const EVENT_TABLE: readonly EventRow[] = [
  {
    channel: SHELL,
    ids: [62_407],
    text: /WhiteGlove_Success|TechnicianFlow_Succeeded|AutopilotWhiteGloveSuccess was marked as success/i,
    kind: 'white-glove-success',
  },
  {
    channel: SHELL,
    ids: [62_407],
    text: /FailedDueToTPMAttestation/i,
    kind: 'attestation-timed-out',
  },
  {
    channel: SHELL,
    ids: [62_407],
    text: /WhiteGlove_Failed|TechnicianFlow_Failed|ESPProgress_(?:Failure|Failed|Timeout|Abort)/i,
    kind: 'white-glove-failed',
  },
  { channel: SHELL, ids: [62_407], text: /TechnicianFlow_Started/i, kind: 'white-glove-started' },
  {
    channel: /ModernDeployment-Diagnostics-Provider\/ManagementService$/i,
    ids: [509],
    text: /WhiteGlove/i,
    kind: 'white-glove-started',
  },
  { channel: AUTOPILOT, ids: [171], kind: 'tpm-identity-failed' },
  { channel: AUTOPILOT, ids: [172], kind: 'profile-not-set' },
  { channel: AUTOPILOT, ids: [177], kind: 'attestation-retry' },
  { channel: AUTOPILOT, ids: [807], kind: 'not-registered' },
  { channel: AUTOPILOT, ids: [809], kind: 'profile-deleted' },
  { channel: AUTOPILOT, ids: [815], kind: 'no-profile' },
  { channel: AUTOPILOT, ids: [908], kind: 'hardware-mismatch' },
  { channel: AUTOPILOT, ids: [161], kind: 'profile-downloaded' },
  { channel: AUTOPILOT, ids: [163], kind: 'already-provisioned' },
  { channel: /User Device Registration\/Admin$/i, ids: [204], kind: 'join-failed' },
  {
    channel: /DeviceManagement-Enterprise-Diagnostics-Provider\/Admin$/i,
    ids: [404, 1924],
    kind: 'management-failed',
  },
  { channel: /TPM-WMI$|^System$/i, ids: [1041, 1794], kind: 'tpm-health' },
]

/** What an event says; null when it is none of the table. */
export function eventKind(event: ProbeEvent): string | null {
  const row = EVENT_TABLE.find(
    ({ channel, ids, text }) =>
      channel.test(event.channel) && ids.includes(event.id) && (text?.test(event.text) ?? true),
  )
  return row?.kind ?? null
}

/** `0x87d1041c` out of `Apps (0x87d1041c)` (facts/autopilot §3.2). */
const hresult = (text: string): string | null => {
  const codes = text.match(/0x[0-9a-f]{8}(?![0-9a-f])/gi)
  return codes?.at(-1)?.toLowerCase() ?? null
}

const STATES =
  /^(?:notStarted|inProgress|in_progress|succeeded|failed|cancelled|notRequired|failedFromPreviousSubcategory|rebootRequiredAndTryAgain)$/

export interface Category {
  /** categorySucceeded; null while it is not decided. */
  readonly succeeded: boolean | null
  /** Subcategories that failed, with the code at the end of their text. */
  readonly failed: readonly string[]
}

/** A category of AutopilotSettings (facts/autopilot §3.2); null when the text is none. Never throws. */
export function readCategory(text: string): Category | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const entries = Object.entries(value).slice(0, 40)
  const told = entries.find(([name]) => name === 'categorySucceeded')?.[1]
  const failed = entries.flatMap(([name, part]) => {
    if (!/subcategory$/i.test(name) || typeof part !== 'object' || part === null) return []
    const { subcategoryState: state, subcategoryStatusText: words } = part as Record<
      string,
      unknown
    >
    if (typeof state !== 'string' || !STATES.test(state) || state !== 'failed') return []
    const code = typeof words === 'string' ? hresult(words.slice(0, 300)) : null
    return [`${name.replace(/subcategory$/i, '').slice(0, 40)}${code === null ? '' : ` ${code}`}`]
  })
  return { succeeded: typeof told === 'boolean' ? told : null, failed }
}

const CATEGORY = /(DevicePreparation|DeviceSetup)Category\.Status$/i

function* registryRows({ registry }: ProbeReport): Iterable<readonly [string, string]> {
  for (const { name, value } of registry) {
    const category = CATEGORY.exec(name)?.[1]
    if (category !== undefined) {
      const read = readCategory(value)
      if (read !== null)
        yield [
          'esp-category',
          `${category}: ${read.failed.length > 0 ? `failed ${read.failed.join(', ')}` : read.succeeded === true ? 'succeeded' : read.succeeded === false ? 'failed' : 'open'}`,
        ]
    } else if (
      /^(?:CloudAssignedTenantDomain|DeploymentProfileName|ZtdCorrelationId|DeploymentErrorCode|ProfileAvailable|AutopilotWhiteGloveSuccess)$/i.test(
        name,
      ) &&
      value !== ''
    )
      yield ['autopilot-state', `${name}: ${value.slice(0, 120)}`]
  }
}

/** True when an event is younger than the run; one without a time is not. */
function isYoung(report: ProbeReport, event: ProbeEvent, ageMax: number): boolean {
  if (report.clock === null || event.at === null) return false
  const age = report.clock - event.at
  return age >= -CLOCK_SLACK_MS && age <= ageMax
}

function* rows(
  report: ProbeReport,
  ageMax: number,
): Iterable<readonly [kind: string, ref: string]> {
  const { smbios, os, power } = report
  const what = [os.caption ?? os.edition, os.display, os.build].filter((part) => part !== null)
  yield ['probe', `${report.probe} ${what.join(' ')}`.trim()]
  yield [
    'smbios',
    [smbios.manufacturer, smbios.model, smbios.serial, smbios.uuid]
      .map((part) => part ?? '-')
      .join(' · '),
  ]
  if (report.firmware !== null) yield ['firmware', report.firmware]
  if (report.macs.length > 0) yield ['macs', report.macs.join(' ')]
  if (power.isOnMains === false) yield ['on-battery', `${power.batteryPercent ?? '?'} %`]
  else if (power.batteryPercent !== null && power.batteryPercent < BATTERY_LOW)
    yield ['battery-low', `${power.batteryPercent} %`]
  if (report.isSecureBoot !== null) yield ['secure-boot', report.isSecureBoot ? 'on' : 'off']
  if (report.ek.certificates !== null)
    yield ['ek-certificates', `${report.ek.certificates} ${report.ek.hash ?? ''}`.trim()]
  const seen = new Map<string, ProbeEvent>()
  // Storms of one event are one piece of evidence: the latest.
  for (const event of report.events) {
    const kind = eventKind(event)
    if (kind !== null && (event.at ?? 0) >= (seen.get(kind)?.at ?? 0)) seen.set(kind, event)
  }
  for (const [kind, event] of seen) {
    const code = hresult(event.text)
    yield [
      isYoung(report, event, ageMax) ? kind : `${kind}-before`,
      `${event.channel.split('/').at(0)?.slice(-40)} ${event.id}${code === null ? '' : ` ${code}`}`,
    ]
  }
  yield* registryRows(report)
}

/**
 * Evidence of a report, bounded. `at`: when the station took it; `openedAt`: when the run was opened, UTC ms. Log entries
 * from before the run are told as such, by the age that they have on the device's own clock.
 */
export function probeEvidence(
  report: ProbeReport,
  at: InstantMs,
  openedAt: InstantMs,
): readonly Evidence[] {
  return [...rows(report, at - openedAt)]
    .slice(0, EVIDENCE_MAX)
    .map(([kind, ref]) => ({ kind, source: 'probe', at, ref }))
}
