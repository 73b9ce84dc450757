// What every state does alike: the clock, restarts, poison, actions, swaps of devices, and the limits that all share.
import { type Evidence, isReported } from '../evidence.ts'
import type { ActionFact, Fact, IdentifiedFact, QrScannedFact, TpmFact } from '../facts.ts'
import type { Phase, RunState } from '../state.ts'
import { afterProbe } from '../tpm/flow-line.ts'
import { closeByWord, closeNow } from './closing.ts'
import type { Step } from './context.ts'
import { lostEnter } from './detours.ts'
import { putIntoService } from './idle.ts'
import { pictured } from './locating.ts'
import { askDark } from './off-proof.ts'
import { closeUnfit, hold } from './opening.ts'
import { beginRestarting, endRestarting } from './provisioning.ts'
import { onRestarted } from './restart.ts'
import { shiftTimes } from './shift-times.ts'

/** Handles what no state needs to know of. True when nothing is left for the state itself. */
export function common(c: Step, fact: Fact): boolean {
  switch (fact.kind) {
    case 'clock-jumped':
      shiftTimes(c, fact.byMs)
      return true
    case 'restarted':
      onRestarted(c, fact)
      return c.s.run !== null
    case 'poisoned':
      if (c.s.run !== null)
        closeNow(c, 'error', { code: fact.fault, note: fact.detail.slice(0, 200) })
      c.go({ at: 'faulted', fault: fact.fault }, fact.detail.slice(0, 200))
      c.release()
      return true
    case 'answered':
      if (c.s.run !== null) c.note({ enters: 0, summons: 0 })
      return c.s.run !== null && pictured(c, fact.answer)
    case 'action':
      return act(c, fact)
    case 'tpm':
      if (c.s.run === null) return true
      c.note({ tpm: { station: fact.station, windows: fact.windows, checks: fact.checks } })
      // Without an attestation of the station's own it is what the device says of itself.
      c.see('tpm', fact.station === 'not-seen' ? 'probe' : 'tpm', `${fact.station}/${fact.windows}`)
      return unfit(c, fact)
    case 'sign':
      c.see(fact.evidence.kind, fact.evidence.source, fact.evidence.ref)
      reported(c)
      tellsFlow(c, fact.evidence)
      return c.s.run !== null
    case 'mac':
      learnMac(c, fact.mac)
      return false
    case 'identified':
      return scannedAgain(c, fact)
    case 'qr':
      return menuCode(c, fact)
    case 'timer':
      return overdue(c)
    default:
      return false
  }
}

/** The MAC of a device-owned adapter names the device; before it is identified any device may stand here. */
function learnMac(c: Step, mac: string): void {
  const { run } = c.s
  if (run === null || c.rules.traits.adapter !== 'device' || run.mac === mac) return
  if (run.mac !== null && run.serial !== null) return
  c.note({ mac })
  c.see('mac', 'wire', mac)
}

/** States in which an Enter is on its way, or which look at MACs and scans themselves. */
const MINDS_ITSELF: ReadonlySet<string> = new Set([
  'identify',
  'entering',
  'accepting',
  'resealing',
  'retrying',
  'offproof',
  'dark-ask',
  'hold',
  'closing',
] satisfies Phase['at'][])

/** Phases in which a device that proves unfit can still be kept from provisioning: no Enter is on its way. */
const BEFORE_PROVISIONING: ReadonlySet<string> = new Set([
  'echo',
  'summon',
  'moving',
  'selecting',
  'landing',
  'reviewing',
  'refreshing',
] satisfies Phase['at'][])

/** A verdict that comes after the pre-check: NO-GO ends the run before provisioning begins, all else stays in the record. */
function unfit(c: Step, fact: TpmFact): boolean {
  const isUnfit = fact.station === 'NO-GO' || fact.windows === 'NO-GO'
  if (!isUnfit || !BEFORE_PROVISIONING.has(c.phase.at)) return false
  closeUnfit(c, fact.checks)
  return true
}

/** Success that a person stated and the device's own log says too is reported: never more, whatever a probe says. */
function reported(c: Step): void {
  const { run } = c.s
  if (run?.success?.source === 'operator' && isReported(run))
    c.note({ success: { ...run.success, source: 'probe' } })
}

/** The device's own log may tell how its TPM fared with Microsoft's service. */
function tellsFlow(c: Step, { kind, source, ref }: Evidence): void {
  if (c.s.run === null || source !== 'probe') return
  c.note({ flow: afterProbe(c.run.flow, kind, ref) })
}

/** A scan at a bay whose run knows its device: the same one is a sign of nothing, another one may be a swap. */
function scannedAgain(c: Step, fact: IdentifiedFact): boolean {
  const { run } = c.s
  if (run === null) return false
  if (fact.source === 'probe' && run.serial !== null) {
    if (fact.serial === run.serial) learnModel(c, run, fact)
    // Who the device is was a person's question: its own word does not settle it.
    if (c.phase.at === 'hold') return true
  }
  switch (c.phase.at) {
    // Nothing was pressed yet: a wrong label is simply corrected.
    case 'identify':
    case 'wiring':
    case 'precheck':
    case 'hold':
    case 'offproof':
      return false
    default:
  }
  if (fact.serial === run.serial) return true
  c.see('other-scan', 'operator', fact.serial)
  if (!MINDS_ITSELF.has(c.phase.at)) hold(c, 'swapped', fact.serial)
  return true
}

/** Maker and model by SMBIOS, of a device that was known by its label alone. */
function learnModel(c: Step, run: RunState, { manufacturer, model }: IdentifiedFact): void {
  c.note({
    manufacturer: run.manufacturer ?? manufacturer ?? null,
    model: run.model ?? model ?? null,
  })
}

/** The code of the menu that Microsoft added in 2026: wherever a person scans it, its Next is near (facts/autopilot §0). */
function menuCode(c: Step, fact: QrScannedFact): boolean {
  if (c.s.run === null || !fact.deviceLink || MINDS_ITSELF.has(c.phase.at)) return false
  hold(c, 'unknown-menu', 'QR code of the Autopilot menu')
  return true
}

/** Limits that every state shares: a stuck play, the hold limit, the lamp test. */
function overdue(c: Step): boolean {
  if (c.due('test')) {
    c.s.testUntil = null
    c.limit('test', null)
  }
  if (c.s.play !== null && c.due('play')) {
    if (!c.s.play.cancelled) {
      c.release()
      return true
    }
    c.endPlay('unknown')
    c.see('keyboard-stuck', 'keyboard', 'STATION_KEYBOARD_STUCK')
    return lostEnter(c)
  }
  if (c.s.run !== null && c.due('hold')) {
    closeNow(c, 'timeout', { code: 'DEVICE_SLOW', note: `Nobody acted in ${c.phase.at}` })
    return true
  }
  return false
}

function act(c: Step, fact: ActionFact): boolean {
  const open = c.s.run !== null
  c.taken = 'taken'
  switch (fact.action) {
    case 'lamp-test':
      c.s.testUntil = c.at + LAMP_TEST_MS
      c.limit('test', c.s.testUntil)
      return true
    case 'abort':
      if (!open) c.taken = 'refused'
      else if (c.phase.at !== 'closing')
        closeByWord(c, 'aborted', { code: 'OPERATOR_ABORTED', note: fact.by })
      return true
    case 'out-of-service':
      outOfService(c, fact.by)
      return true
    case 'in-service':
      if (c.phase.at === 'out' || c.phase.at === 'faulted') putIntoService(c, fact.by)
      else c.taken = 'refused'
      return true
    case 'removed':
      if (!open) return false
      removed(c)
      return true
    default:
      c.taken = takes(c.phase, fact.action) ? 'taken' : 'refused'
      return c.taken === 'refused'
  }
}
/** One second for each of the signals (shared signals page: lamp test). */
const LAMP_TEST_MS = 10_000

/** A closing that is under way keeps its verdict: the bay goes out once its record is made. */
function outOfService(c: Step, by: string): void {
  if (c.s.run === null) c.go({ at: 'out' }, `closed by ${by}`)
  else if (c.phase.at === 'closing') {
    c.keep({ ...c.phase, closing: { ...c.phase.closing, out: true } })
    c.why = `then closed by ${by}`
  } else closeByWord(c, 'aborted', { code: 'OPERATOR_ABORTED', note: by, out: true })
}

const takes = (phase: Phase, action: ActionFact['action']): boolean =>
  (action === 'retry' && phase.at === 'closed') ||
  (action === 'seen' && phase.at === 'alarm') ||
  (action === 'look' && phase.at === 'provisioning') ||
  (action === 'powered' &&
    (phase.at === 'empty' || phase.at === 'settling' || phase.at === 'present'))

/** "Taken out" in the middle of a run. */
function removed(c: Step): void {
  if (c.phase.at === 'offproof') askDark(c, 'removal-sign')
  else if (c.phase.at === 'resetting') closeByWord(c, 'failed', { code: 'DEVICE_RESET' })
  else if (c.phase.at !== 'closing' && c.phase.at !== 'dark-ask')
    closeByWord(c, 'interrupted', { code: 'OPERATOR_REMOVED' })
}

/** What must hold after any input: the same device, and the link that a state needs. Levels, so that no edge is missed. */
export function minded(c: Step): void {
  const { run, wire } = c.s
  if (run === null) return
  const known = run.mac !== null && wire.mac !== null && c.rules.traits.adapter === 'device'
  if (known && wire.mac !== run.mac && !MINDS_ITSELF.has(c.phase.at)) {
    c.see('other-mac', 'wire', wire.mac ?? '')
    hold(c, 'swapped', 'MAC')
    return
  }
  if (wire.link === 'down') beginRestarting(c)
  else endRestarting(c)
}
