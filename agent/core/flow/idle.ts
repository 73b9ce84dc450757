// A bay without an open run: what stands in it, what closed last, and the alarm when a resealed device comes to life.
import type { Fact } from '../facts.ts'
import type { Step } from './context.ts'
import { openAgain, openRun } from './opening.ts'

/** Free or settling, by the wire. */
export function toIdle(c: Step, why: string): void {
  c.s.last = null
  c.s.flaps = 0
  if (c.s.wire.link === 'up') c.go({ at: 'settling' }, why, settling(c))
  else c.go({ at: 'empty' }, why)
}

const settling = (c: Step) => ({ steady: c.at + c.rules.limits.steadyMs })

export function onEmpty(c: Step, fact: Fact): void {
  if (fact.kind === 'link' && c.s.wire.link === 'up')
    c.go({ at: 'settling' }, 'link up', settling(c))
  else if (fact.kind === 'identified') openRun(c, 'scan', fact)
  else if (fact.kind === 'action' && fact.action === 'powered') openRun(c, 'operator', null)
}

export function onSettling(c: Step, fact: Fact): void {
  switch (fact.kind) {
    case 'link':
      c.s.flaps += 1
      if (c.s.wire.link === 'up') c.limit('steady', c.at + c.rules.limits.steadyMs)
      else c.go({ at: 'empty' }, 'link down')
      return
    case 'timer':
      if (c.due('steady')) arrive(c)
      return
    case 'identified':
      openRun(c, 'scan', fact)
      return
    default:
  }
}

/** A steady link: something is plugged in. A keyboard that is enumerated already is its sign of life. */
function arrive(c: Step): void {
  if (c.s.keyboard.enumerated === true) openRun(c, 'keyboard', null)
  else c.go({ at: 'present' }, 'steady link')
}

export function onPresent(c: Step, fact: Fact): void {
  switch (fact.kind) {
    case 'link':
      if (c.s.wire.link !== 'up') c.go({ at: 'empty' }, 'link down')
      return
    case 'identified':
      openRun(c, 'scan', fact)
      return
    case 'keyboard':
      if (fact.enumerated === true) openRun(c, 'keyboard', null)
      return
    case 'sign':
      openRun(c, fact.evidence.source === 'probe' ? 'probe' : 'lease', null)
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
  const gone = c.s.wire.link !== 'up' && c.s.keyboard.enumerated !== true
  if (fact.kind === 'link' || fact.kind === 'keyboard' || fact.kind === 'restarted') {
    if (gone && c.s.limits.removed === undefined)
      c.limit('removed', c.at + c.rules.limits.removedMs)
    else if (!gone) c.limit('removed', null)
  } else if (fact.kind === 'timer' && c.due('removed'))
    toIdle(c, 'taken out: link and keyboard gone')
  else if (fact.kind === 'identified') openRun(c, 'scan', fact)
  else if (isTakenOut(fact)) toIdle(c, 'taken out')
  else if (fact.kind === 'action' && fact.action === 'retry') openAgain(c, fact.by)
}

/** The bay just closed: it may be empty already. */
export function watchRemoval(c: Step): void {
  if (c.phase.at === 'closed' && c.s.wire.link !== 'up' && c.s.keyboard.enumerated !== true)
    c.limit('removed', c.at + c.rules.limits.removedMs)
}

const isTakenOut = (fact: Fact): boolean =>
  (fact.kind === 'action' && fact.action === 'removed') ||
  (fact.kind === 'answered' && fact.answer === 'taken-out')

/** Resealed: silence does not count; the bay stays until a person acts or something comes to life. */
export function onDone(
  c: Step,
  fact: Fact,
  before: {
    readonly link: string
    readonly speed: number | null
    readonly enumerated: boolean | null
  },
): void {
  if (isTakenOut(fact)) toIdle(c, 'taken out')
  else if (fact.kind === 'identified') scanned(c, fact)
  else if (fact.kind === 'mac' && isLast(c)) raise(c, 'its MAC is on the wire')
  else if (cameUp(c, fact, before)) {
    if (isLast(c)) raise(c, 'its link is up')
    else c.go({ at: 'back' }, 'something came up', { back: c.at + c.rules.limits.backScanMs })
  }
}

function cameUp(
  c: Step,
  fact: Fact,
  before: {
    readonly link: string
    readonly speed: number | null
    readonly enumerated: boolean | null
  },
): boolean {
  if (fact.kind === 'link')
    return (
      c.s.wire.link === 'up' &&
      (before.link !== 'up' ||
        ((before.speed ?? 0) <= 100 && (c.s.wire.speed ?? 0) > 100 && before.speed !== null))
    )
  return fact.kind === 'keyboard' && fact.enumerated === true && before.enumerated === false
}

/** The device-owned MAC on the wire is the resealed device's. */
const isLast = (c: Step): boolean =>
  c.rules.traits.adapter === 'device' &&
  c.s.last?.mac !== null &&
  c.s.last?.mac !== undefined &&
  c.s.wire.mac === c.s.last.mac &&
  c.s.wire.link === 'up'

function scanned(c: Step, fact: Extract<Fact, { kind: 'identified' }>): void {
  if (fact.serial === c.s.last?.serial) {
    // The label of the device that just left, scanned at the bay: only a sign of life makes it an alarm.
    if (c.s.wire.link === 'up' || c.s.keyboard.enumerated === true)
      raise(c, 'scanned while it is on')
  } else openRun(c, 'scan', fact)
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
  if (isTakenOut(fact)) toIdle(c, 'taken out')
  else if (fact.kind === 'identified') scanned(c, fact)
  else if (fact.kind === 'mac' && isLast(c)) raise(c, 'its MAC is on the wire')
  else if (fact.kind === 'link' && c.s.wire.link !== 'up' && c.s.keyboard.enumerated !== true)
    c.go({ at: 'done', alarmed: false }, 'gone again')
  else if (fact.kind === 'timer' && c.due('back'))
    raise(c, 'something is on where the resealed device stood')
}

export function onAlarm(c: Step, fact: Fact): void {
  if (isTakenOut(fact)) toIdle(c, 'taken out')
  else if (fact.kind === 'identified' && fact.serial !== c.s.last?.serial) openRun(c, 'scan', fact)
  else if (
    (fact.kind === 'answered' || fact.kind === 'action') &&
    (fact.kind === 'answered' ? fact.answer : fact.action) === 'seen'
  )
    c.go({ at: 'done', alarmed: true }, 'alarm seen')
}

/** Closed by a person, or taken out of service by the agent. */
export function onOut(c: Step, fact: Fact): void {
  if (fact.kind === 'action' && fact.action === 'in-service') toIdle(c, 'in service')
}
