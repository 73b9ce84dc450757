// A bay without an open run: what stands in it, what closed last, and the alarm when a resealed device comes to life.
import type { Fact, IdentifiedFact, QrScannedFact } from '../facts.ts'
import type { Quiet } from '../state.ts'
import type { Step } from './context.ts'
import { openAgain, openRun } from './opening.ts'
import { takeZtdId } from './reviewing.ts'
import { lifeOf, lower, rose } from './sense.ts'

/** What an identity opens a run by. */
const signOf = (fact: IdentifiedFact) => (fact.source === 'probe' ? 'probe' : 'scan')

/** Free or settling, by the wire. What is there now is no sign of a new device. */
export function toIdle(c: Step, why: string): void {
  c.s.last = null
  c.s.flaps = 0
  c.s.freeAt = c.at
  if (c.s.wire.link === 'up') settle(c, why)
  else c.go({ at: 'empty' }, why)
}

/** Back in service: a resealed device that nobody took out may still stand here. */
export function putIntoService(c: Step, by: string): void {
  const why = `in service by ${by}`
  if (c.s.last?.verdict !== 'resealed') toIdle(c, why)
  else {
    c.go({ at: 'done', alarmed: false, quiet: { link: false, speed: null, keys: false } }, why)
    watchLife(c)
  }
}

function settle(c: Step, why: string): void {
  const { steadyMs, settleMaxMs } = c.rules.limits
  c.go({ at: 'settling', unsteady: false }, why, {
    steady: c.at + steadyMs,
    settle: c.at + settleMaxMs,
  })
}

export function onEmpty(c: Step, fact: Fact): void {
  if (fact.kind === 'link' && c.s.wire.link === 'up') settle(c, 'link up')
  else if (fact.kind === 'identified') openRun(c, signOf(fact), fact)
  else if (fact.kind === 'keyboard') onKeyboardSign(c)
  else if (fact.kind === 'action' && fact.action === 'powered') openRun(c, 'operator', null)
}

/** A device that takes a keyboard is alive, with or without its wire; one that had it all the time says nothing. */
function onKeyboardSign(c: Step): void {
  if (c.s.keyboard.enumerated === true && c.before.keyboard.enumerated !== true)
    openRun(c, 'keyboard', null)
}

export function onSettling(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'settling') return
  switch (fact.kind) {
    case 'link':
      c.s.flaps += downsSince(c)
      c.limit('steady', c.at + c.rules.limits.steadyMs)
      return
    case 'timer':
      if (c.due('steady')) arrive(c)
      else if (c.due('settle')) {
        c.limit('settle', null)
        c.askAgain({ at: 'settling', unsteady: true }, 'the link does not settle')
      }
      return
    case 'identified':
      openRun(c, signOf(fact), fact)
      return
    case 'sign':
      openBySign(c, fact)
      return
    case 'action':
      if (fact.action === 'powered') openRun(c, 'operator', null)
      else if (fact.action === 'removed') toIdle(c, 'taken out')
      return
    case 'answered':
      if (fact.answer === 'taken-out') toIdle(c, 'taken out')
      return
    default:
  }
}

/** How often the link went down with this fact; the counter tells what no edge did. */
function downsSince(c: Step): number {
  const { wire } = c.s
  const was = c.before.wire
  if (wire.downs !== null && was.downs !== null) return Math.max(0, wire.downs - was.downs)
  return wire.link === 'down' && was.link === 'up' ? 1 : 0
}

/** The link held still: something is plugged in, or nothing is. A keyboard enumerated since then is its sign of life. */
function arrive(c: Step): void {
  const { keyboard, wire, freeAt } = c.s
  if (keyboard.enumerated === true && keyboard.since > freeAt) openRun(c, 'keyboard', null)
  else if (wire.link === 'up') c.go({ at: 'present' }, 'steady link')
  else {
    c.s.flaps = 0
    c.go({ at: 'empty' }, 'link down')
  }
}

function openBySign(c: Step, fact: Extract<Fact, { kind: 'sign' }>): void {
  const { kind, source, ref } = fact.evidence
  openRun(c, source === 'probe' ? 'probe' : 'lease', null)
  c.see(kind, source, ref)
}

export function onPresent(c: Step, fact: Fact): void {
  switch (fact.kind) {
    case 'link':
      if (c.s.wire.link !== 'up') c.go({ at: 'empty' }, 'link down')
      return
    case 'identified':
      openRun(c, signOf(fact), fact)
      return
    case 'keyboard':
      onKeyboardSign(c)
      return
    case 'sign':
      openBySign(c, fact)
      return
    case 'action':
      if (fact.action === 'powered') openRun(c, 'operator', null)
      else if (fact.action === 'removed') toIdle(c, 'taken out')
      return
    case 'answered':
      if (fact.answer === 'powered') openRun(c, 'operator', null)
      else if (fact.answer === 'taken-out') toIdle(c, 'taken out')
      return
    default:
  }
}

/** A run that did not end green, its device maybe still there. */
export function onClosed(c: Step, fact: Fact): void {
  if (fact.kind === 'link' || fact.kind === 'keyboard' || fact.kind === 'restarted') watchRemoval(c)
  else if (fact.kind === 'timer' && c.due('removed')) toIdle(c, 'taken out: link and keyboard gone')
  else if (fact.kind === 'identified') {
    // The label of a device that failed and still stands here: only "retry" or "taken out" says that it may go again.
    const same = fact.serial === c.s.last?.serial && c.s.last.verdict === 'failed'
    if (!same || isGone(c)) openRun(c, signOf(fact), fact)
  } else if (isTakenOut(fact)) toIdle(c, 'taken out')
  else if (fact.kind === 'action' && fact.action === 'retry') openAgain(c, fact.by)
}

const isGone = (c: Step): boolean => c.s.wire.link !== 'up' && c.s.keyboard.enumerated !== true

/** A closed bay is free again when link and keyboard have been gone for long enough. */
export function watchRemoval(c: Step): void {
  if (c.phase.at !== 'closed') return
  if (!isGone(c)) c.limit('removed', null)
  else if (c.s.limits.removed === undefined) c.limit('removed', c.at + c.rules.limits.removedMs)
}

const isTakenOut = (fact: Fact): boolean =>
  (fact.kind === 'action' && fact.action === 'removed') ||
  (fact.kind === 'answered' && fact.answer === 'taken-out')

/** Resealed: silence does not count; the bay stays until a person acts or something comes to life. */
export function onDone(c: Step, fact: Fact): void {
  if (isTakenOut(fact)) toIdle(c, 'taken out')
  else if (fact.kind === 'identified') {
    // The label of the device that just went off may be scanned on its way out: only life makes it an alarm.
    if (fact.serial !== c.s.last?.serial) openRun(c, signOf(fact), fact)
    else if (fact.source === 'probe') raise(c, 'its probe reports')
  } else if (fact.kind === 'qr') qrScanned(c, fact)
  else if (fact.kind === 'mac') ownMac(c)
  else if (fact.kind === 'link' || fact.kind === 'keyboard') watchLife(c)
}

/** Compares with the least that was seen since the device went off, so that a restart of the agent misses no edge. */
function watchLife(c: Step): void {
  const phase = c.phase
  if (phase.at !== 'done') return
  const { alarmed, quiet } = phase
  if (!rose(quiet, lifeOf(c.s))) c.keep({ ...phase, quiet: lower(quiet, c.s) })
  else if (isLast(c)) raise(c, 'its link is up')
  else
    c.go({ at: 'back', alarmed, quiet }, 'something came up', {
      back: c.at + c.rules.limits.backScanMs,
    })
}

/** The device-owned MAC on the wire is the resealed device's. */
const isLast = (c: Step): boolean => {
  const { last, wire } = c.s
  const known = c.rules.traits.adapter === 'device' && last !== null && last.mac !== null
  return known && wire.mac === last.mac && wire.link === 'up'
}

/** Its MAC shows that it is on. A MAC learned late, before anything came up, is the table of a switch, not life. */
function ownMac(c: Step): void {
  const phase = c.phase
  if (phase.at !== 'done' && phase.at !== 'back') return
  if (isLast(c) && rose(phase.quiet, lifeOf(c.s))) raise(c, 'its MAC is on the wire')
}

/** A page is shown where a resealed device stood: its ZtdId says whether it is that one. */
function qrScanned(c: Step, fact: QrScannedFact): void {
  if (fact.ztdId === null) return
  if (fact.ztdId === c.s.last?.ztdId) raise(c, 'its QR code is on the screen')
  else if (c.s.last?.ztdId !== null) {
    openRun(c, 'scan', null)
    takeZtdId(c, fact.ztdId, fact)
  }
}

function raise(c: Step, why: string): void {
  const last = c.s.last
  c.alarms.push({
    code: 'OPERATOR_POWERED_ON_AFTER_RESEAL',
    serial: last?.serial ?? null,
    run: last?.run ?? null,
    detail: why,
  })
  c.go({ at: 'alarm', why }, `alarm: ${why}`)
}

export function onBack(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'back') return
  if (isTakenOut(fact)) toIdle(c, 'taken out')
  else if (fact.kind === 'identified') {
    if (fact.serial === c.s.last?.serial) raise(c, 'scanned while it is on')
    else openRun(c, signOf(fact), fact)
  } else if (fact.kind === 'qr') qrScanned(c, fact)
  else if (fact.kind === 'mac') ownMac(c)
  else if (fact.kind === 'link' || fact.kind === 'keyboard') goneAgain(c, phase)
  else if (fact.kind === 'timer' && c.due('back'))
    raise(c, 'something is on where the resealed device stood')
}

function goneAgain(c: Step, phase: { readonly alarmed: boolean; readonly quiet: Quiet }): void {
  const { alarmed, quiet } = phase
  if (rose(quiet, lifeOf(c.s))) {
    if (isLast(c)) raise(c, 'its link is up')
  } else c.go({ at: 'done', alarmed, quiet: lower(quiet, c.s) }, 'gone again')
}

export function onAlarm(c: Step, fact: Fact): void {
  if (isTakenOut(fact)) toIdle(c, 'taken out')
  else if (fact.kind === 'identified' && fact.serial !== c.s.last?.serial)
    openRun(c, signOf(fact), fact)
  else if (
    (fact.kind === 'answered' && fact.answer === 'seen') ||
    (fact.kind === 'action' && fact.action === 'seen')
  )
    c.go({ at: 'done', alarmed: true, quiet: lifeOf(c.s) }, 'alarm seen')
}
