// From a device in the bay to an open run with an identity and a pre-check: nothing is pressed here.
import type { Fact, IdentifiedFact } from '../facts.ts'
import type { HoldReason, RunState } from '../state.ts'
import { closeByWord, closeNow } from './closing.ts'
import type { Step } from './context.ts'
import { beginKeys } from './summoning.ts'

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
    flow: { result: 'not-reached', code: null, source: null },
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
    agentRestarts: 0,
    provisionBy: null,
    provisionFrom: null,
    success: null,
    reseal: null,
    burstInput: 0,
    prompts: 0,
  }
  c.s.run = run
  c.s.last = null
  c.see('opened', sign === 'keyboard' ? 'keyboard' : sign === 'lease' ? 'wire' : 'operator', sign)
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
  toWire(c)
}

/** Takes an identity into the open run, or holds it with the reason. */
export function identify(c: Step, fact: IdentifiedFact): void {
  if (fact.alsoIn !== null) {
    hold(c, 'duplicate-serial', fact.alsoIn)
    return
  }
  c.note({
    serial: fact.serial,
    order: fact.order,
    attempt: fact.runsBefore + 1,
    operator: fact.by,
    windows: fact.order?.windows ?? c.rules.traits.windows,
    manufacturer: fact.manufacturer ?? null,
    model: fact.model ?? null,
  })
  c.see('serial', fact.source === 'probe' ? 'probe' : 'operator', `${fact.source}:${fact.serial}`)
  if (fact.otherOrder !== null) hold(c, 'wrong-customer', fact.otherOrder)
  else if (!fact.listed) hold(c, 'not-listed', fact.order?.order ?? '')
  else toWire(c)
}

/** A hold for a person, with the shelf's word of why. */
export function hold(c: Step, why: HoldReason, detail = ''): void {
  const from =
    c.phase.at === 'precheck' || c.phase.at === 'identify' || c.phase.at === 'wiring'
      ? 'precheck'
      : c.phase.at.startsWith('fail') || c.phase.at.startsWith('retry')
        ? 'failure'
        : 'none'
  c.cancelPlay()
  c.go({ at: 'hold', why, detail, from }, `hold: ${why}${detail === '' ? '' : ` ${detail}`}`)
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
  else if (fact.kind === 'link' && c.s.wire.link === 'down')
    c.limit('grace', c.at + c.rules.limits.restartGraceMs)
  else if (fact.kind === 'link') c.limit('grace', null)
  else if (fact.kind === 'timer' && c.due('grace'))
    closeNow(c, 'interrupted', { code: 'DEVICE_LOST' })
}

export function onWiring(c: Step, fact: Fact): void {
  if (fact.kind === 'link' && c.s.wire.link === 'up')
    c.limit('steady', c.at + c.rules.limits.steadyMs)
  else if (fact.kind === 'link') c.limit('steady', null)
  else if (fact.kind === 'timer' && c.due('steady')) preCheck(c)
  else if (fact.kind === 'answered' && fact.answer === 'close-aborted')
    closeByWord(c, 'aborted', { code: 'OPERATOR_ABORTED' })
}

export function onPreCheck(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'precheck') return
  if (fact.kind === 'prechecked' && fact.check === phase.check) {
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

function afterPreCheck(c: Step): void {
  const { tpm, order } = c.run
  if (tpm.station === 'NO-GO' || tpm.windows === 'NO-GO')
    closeNow(c, 'failed', { code: 'DEVICE_TPM', note: 'The TPM checks in the record say why' })
  else if (order?.demandsAttestation === true && tpm.station === 'not-seen')
    hold(c, 'attestation-demanded')
  else if (tpm.station === 'HOLD' || tpm.windows === 'HOLD') hold(c, 'tpm-hold')
  else beginKeys(c)
}
