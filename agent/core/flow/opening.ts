// From a device in the bay to an open run with an identity and a pre-check: nothing is pressed here.
import type { Source } from '../evidence.ts'
import type { Fact, IdentifiedFact, TpmCheck } from '../facts.ts'
import type { HoldReason, Phase, RunState } from '../state.ts'
import { unmetDemand } from '../tpm/demands.ts'
import { NOT_REACHED } from '../tpm/flow-line.ts'
import { reasonLine } from '../tpm/words.ts'
import { closeByWord, closeNow } from './closing.ts'
import type { Step } from './context.ts'
import { beginKeys } from './summoning.ts'

const SIGN_SOURCES: Readonly<Record<string, Source>> = {
  keyboard: 'keyboard',
  lease: 'wire',
  probe: 'probe',
}

/** Opens a run at a sign of life (product: the flow of one run, 1). */
export function openRun(c: Step, sign: string, identity: IdentifiedFact | null): void {
  const run: RunState = {
    run: c.input.uid,
    openedAt: c.at,
    openedBy: sign,
    attempt: 1,
    operator: null,
    serial: null,
    mac: c.rules.traits.adapter === 'device' ? c.s.wire.mac : null,
    ztdId: null,
    manufacturer: null,
    model: null,
    order: null,
    windows: c.rules.traits.windows,
    tpm: { station: 'not-seen', windows: 'not-seen', checks: [] },
    flow: NOT_REACHED,
    preCheck: null,
    keys: [],
    evidence: [],
    durations: {},
    operatorWaitMs: 0,
    machineWaitMs: 0,
    names: null,
    retries: 0,
    lastCode: null,
    summonRounds: 0,
    summons: 0,
    sinceEcho: null,
    enters: 0,
    moved: false,
    agentRestarts: 0,
    provisionBy: null,
    provisionFrom: null,
    success: null,
    reseal: null,
    burstInput: 0,
    prompts: 0,
    bookedAt: c.at,
  }
  c.s.run = run
  c.s.last = null
  c.see('opened', SIGN_SOURCES[sign] ?? 'operator', sign)
  if (c.s.flaps > 0) c.see('link-flaps', 'wire', String(c.s.flaps))
  c.s.flaps = 0
  c.go({ at: 'identify' }, `run opened by ${sign}`)
  if (identity) identify(c, identity)
}

/** Opens the next run of a device that a person wants tried again; its identity is known. */
export function openAgain(c: Step, by: string): void {
  const last = c.s.last
  openRun(c, 'retry', null)
  if (last === null || last.serial === null) return
  c.note({
    serial: last.serial,
    attempt: last.attempt + 1,
    operator: by,
    order: last.order,
    windows: last.order?.windows ?? c.run.windows,
  })
  c.see('serial', 'operator', `retry:${last.serial}`)
  toWire(c)
}

/** Takes an identity into the open run, or holds it with the reason. */
export function identify(c: Step, fact: IdentifiedFact): void {
  const { order, model } = fact
  if (fact.alsoIn !== null) {
    hold(c, 'duplicate-serial', fact.alsoIn)
    return
  }
  c.note({
    serial: fact.serial,
    order: fact.order,
    attempt: fact.runsBefore + 1,
    operator: fact.source === 'probe' ? c.run.operator : fact.by,
    windows: fact.order?.windows ?? c.rules.traits.windows,
    manufacturer: fact.manufacturer ?? null,
    model: fact.model ?? null,
  })
  c.see('serial', fact.source === 'probe' ? 'probe' : 'operator', `${fact.source}:${fact.serial}`)
  if (fact.otherOrder !== null) hold(c, 'wrong-customer', fact.otherOrder)
  else if (!fact.listed) hold(c, 'not-listed', order?.order ?? '')
  else if (order && model !== undefined && order.models.length > 0 && !order.models.includes(model))
    hold(c, 'names-differ', 'model')
  else toWire(c)
}

/** Where the keys of a dialog were played when a page that nobody knows came up. */
const KEYS_WENT: ReadonlySet<string> = new Set(['moving', 'selecting', 'entering'])

const heldFrom = (c: Step): Extract<Phase, { at: 'hold' }>['from'] => {
  const phase = c.phase
  if (phase.at === 'hold') return phase.from
  if (phase.at === 'precheck' || phase.at === 'identify' || phase.at === 'wiring') return 'precheck'
  return phase.at.startsWith('fail') || phase.at.startsWith('retry') ? 'failure' : 'none'
}

/** A hold for a person, with the shelf's word of why; all keys go up first (product: safety rule 1). */
export function hold(c: Step, why: HoldReason, detail = ''): void {
  const from = heldFrom(c)
  const stop =
    why === 'swapped' ||
    (c.phase.at === 'hold' && c.phase.stop) ||
    (why === 'unknown-menu' && KEYS_WENT.has(c.phase.at))
  const short = detail.slice(0, 120).toWellFormed()
  c.release()
  if (why === 'swapped')
    c.alarms.push({
      code: 'OPERATOR_SWAPPED',
      serial: c.run.serial,
      run: c.run.run,
      detail: short,
    })
  c.go(
    { at: 'hold', why, detail: short, from, stop },
    `hold: ${why}${short === '' ? '' : ` ${short}`}`,
  )
}

/** Goes on to the pre-check, or asks for the wire first. */
export function toWire(c: Step): void {
  if (c.s.wire.link === 'up') preCheck(c)
  else c.go({ at: 'wiring' }, 'waits for the wire')
}

/** Starts the checks of the bay's network and the station, before the device is touched. */
export function preCheck(c: Step): void {
  const check = `c${c.input.input}`
  c.effects.push({ do: 'precheck', check })
  c.go({ at: 'precheck', check, held: [] }, 'pre-check', {
    precheck: c.at + c.rules.limits.preCheckMs,
    hold: c.at + c.rules.limits.holdMs,
  })
}

export function onIdentify(c: Step, fact: Fact): void {
  if (fact.kind === 'identified') identify(c, fact)
  else if (fact.kind === 'link' && c.s.wire.link === 'down') {
    if (c.s.limits.grace === undefined) c.limit('grace', c.at + c.rules.limits.restartGraceMs)
  } else if (fact.kind === 'link') c.limit('grace', null)
  else if (fact.kind === 'timer' && c.due('grace'))
    closeNow(c, 'interrupted', { code: 'DEVICE_LOST' })
}

export function onWiring(c: Step, fact: Fact): void {
  if (fact.kind === 'identified') {
    if (fact.serial !== c.run.serial) identify(c, fact)
  } else if (fact.kind === 'link' && c.s.wire.link === 'up')
    c.limit('steady', c.at + c.rules.limits.steadyMs)
  else if (fact.kind === 'link') c.limit('steady', null)
  else if (fact.kind === 'timer' && c.due('steady')) preCheck(c)
  else if (fact.kind === 'answered' && fact.answer === 'close-aborted')
    closeByWord(c, 'aborted', { code: 'OPERATOR_ABORTED' })
}

export function onPreCheck(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'precheck') return
  if (fact.kind === 'identified') {
    if (fact.serial !== c.run.serial) identify(c, fact)
  } else if (fact.kind === 'prechecked' && fact.check === phase.check) {
    const held = fact.result.findings.filter((finding) => finding.grade === 'hold')
    c.note({ preCheck: fact.result })
    if (held.length === 0) afterPreCheck(c)
    else {
      c.keep({ at: 'precheck', check: null, held })
      c.why = `pre-check: ${held.map((finding) => finding.id).join(', ')}`
      c.limit('precheck', null)
      c.limit('again', c.at + c.rules.limits.preCheckAgainMs)
    }
  } else if (fact.kind === 'timer' && (c.due('precheck') || c.due('again'))) {
    const { hold: until } = c.s.limits
    preCheck(c)
    if (until !== undefined) c.limit('hold', until)
  }
}

/** The device cannot be provisioned as it stands: its record names the reason, and the checks stand beside it. */
export function closeUnfit(c: Step, checks: readonly TpmCheck[]): void {
  const why = reasonLine(checks.filter(({ verdict }) => verdict === 'NO-GO'))
  const note = `${why === '' ? 'The TPM is not fit' : why}: the TPM checks in the record say more`
  closeNow(c, 'failed', { code: 'DEVICE_TPM', note })
}

function afterPreCheck(c: Step): void {
  const { tpm } = c.run
  const unmet = unmetDemand(c.run)
  if (tpm.station === 'NO-GO' || tpm.windows === 'NO-GO') closeUnfit(c, tpm.checks)
  else if (unmet !== null) hold(c, 'attestation-demanded', unmet)
  else if (tpm.station === 'HOLD' || tpm.windows === 'HOLD')
    hold(c, 'tpm-hold', reasonLine(tpm.checks))
  else beginKeys(c)
}
