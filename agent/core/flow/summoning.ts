// Summon, unattended and repeated: a live keyboard driver first, then the left Windows key five times until the options show.
import type { AnsweredFact, Fact } from '../facts.ts'
import type { Place } from '../key-script.ts'
import type { Page, Windows } from '../pages.ts'
import { beginMoving } from './choosing.ts'
import type { Step } from './context.ts'
import { routePage } from './locating.ts'
import { hold } from './opening.ts'

/** Pages on which no summon may go on. */
const GONE_ON: ReadonlySet<string> = new Set([
  'landing',
  'success',
  'failure',
  'menu',
  'bitlocker',
  'firmware',
  'boot-error',
  'desktop',
  'provisioning',
  'resetting',
] satisfies Page[])

/** A device with updates restarts some times before its first page; more beginnings than this lead nowhere [chosen]. */
const SUMMONS_MAX = 20

/** The first keys of a run: the lock-key echo where the keyboard can give one, else the summon itself. */
export function beginKeys(c: Step, round = 0): void {
  const summons = c.run.summons + 1
  // Restarts of agent and device begin anew each time: without a bound of their own they would for ever.
  if (summons > SUMMONS_MAX) {
    hold(c, 'no-options', `begun ${SUMMONS_MAX} times`)
    return
  }
  c.note({ summons })
  if (c.byHand || !c.rules.traits.echo) beginSummon(c, round)
  else tryEcho(c, 1, round)
}

function tryEcho(c: Step, tries: number, round: number): void {
  if (c.s.keyboard.health !== 'ok') {
    c.keyless('summon')
    return
  }
  c.go({ at: 'echo', tries, round }, tries === 1 ? 'proves the keyboard' : '', {
    summon: summonBy(c),
  })
  // Not enumerated: the device is still off or in firmware; its fact or the next try goes on.
  if (c.s.keyboard.enumerated === false) c.limit('again', c.at + c.rules.limits.echoAgainMs)
  else c.echo()
}

/** One limit for echo and summon together, however often they take turns. */
const summonBy = (c: Step): number => c.s.limits.summon ?? c.at + c.rules.limits.summonMs

export function onEcho(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'echo') return
  if (fact.kind === 'played') {
    if (fact.proof === 'fault') c.keyless('summon')
    else if (fact.echo === true) {
      c.see('driver-alive', 'keyboard', 'lock-key echo')
      beginSummon(c, phase.round)
    } else c.limit('again', c.at + c.rules.limits.echoAgainMs)
  } else if (fact.kind === 'timer' && c.due('summon'))
    hold(c, 'no-options', 'keyboard does not answer')
  else if (fact.kind === 'timer' && c.due('again') && c.s.play === null)
    tryEcho(c, phase.tries + 1, phase.round)
  else if (fact.kind === 'keyboard' && fact.enumerated === true && c.s.play === null)
    tryEcho(c, phase.tries + 1, phase.round)
}

/** Begins the summon; the count starts at nothing. */
function beginSummon(c: Step, round: number): void {
  c.go({ at: 'summon', round, stage: 'rest', seen: null, broken: false }, 'summons the options', {
    summon: summonBy(c),
  })
  if (!c.byHand) nextRound(c)
}

/** Plays the next round; the two first places take turns, since neither does harm on the other (facts/autopilot §2.1). */
function nextRound(c: Step): void {
  const phase = c.phase
  if (phase.at !== 'summon' || c.s.play !== null) return
  if (c.s.keyboard.health !== 'ok') {
    c.keyless('summon')
    return
  }
  const round = phase.round + 1
  if (round > c.rules.limits.summonRoundsMax) {
    hold(c, 'no-options', `${phase.round} rounds`)
    return
  }
  // The count of an interrupted burst is unknown: a lock key's key-up sets it to nothing before the next one starts
  // (facts/autopilot §2.1: any other key-up resets; product: safety rule 3).
  if (phase.broken && c.rules.traits.echo) {
    tryEcho(c, 1, phase.round)
    return
  }
  const stage = placeOf(c, round) === 'signin' ? 'focus' : 'windows'
  c.keep({ ...phase, round, stage, broken: false })
  c.note({ summonRounds: c.run.summonRounds + 1 })
  c.limit('again', null)
  playStage(c, round, stage)
}

const placeOf = (c: Step, round: number): Place => {
  const first = c.rules.traits.summonPlace
  const other: Place = first === 'signin' ? 'first-page' : 'signin'
  return round % 2 === 1 ? first : other
}

function playStage(c: Step, round: number, stage: 'focus' | 'windows'): void {
  const place = placeOf(c, round)
  if (stage === 'focus' && !c.tap(place, 'focus', '')) playStage(c, round, 'windows')
  else if (stage === 'windows' && !c.tap(place, 'windows-x5', ''))
    c.limit('again', c.at + c.rules.limits.summonEveryMs)
}

export function onSummon(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'summon') return
  switch (fact.kind) {
    case 'played':
      if (fact.proof === 'fault') c.keyless(phase.seen === null ? 'summon' : 'locate')
      else if (phase.seen !== null) beginMoving(c, phase.seen, 'options seen')
      // An interrupted tap makes the count unknown: the next round starts over (product: safety rule 3).
      else if (phase.stage === 'focus' && fact.proof !== 'unknown' && fact.proof !== 'expired') {
        c.keep({ ...phase, stage: 'windows' })
        playStage(c, phase.round, 'windows')
      } else if (phase.stage === 'rest') {
        // The echo of the round. It rarely takes as long as the rest does.
        if (c.s.limits.again === undefined) nextRound(c)
      } else {
        c.keep({ ...phase, stage: 'rest', broken: fact.proof === 'unknown' })
        c.limit('again', c.at + c.rules.limits.summonEveryMs)
        // All five are up, so a lock key spoils no count; nobody waits for the end of this.
        if (fact.proof !== 'unknown') c.echoAfter()
      }
      return
    case 'timer':
      if (c.due('summon') && phase.seen === null) hold(c, 'no-options', 'time')
      else if (c.due('again') && phase.seen === null) nextRound(c)
      return
    case 'answered':
      optionsSaid(c, fact)
      return
    case 'looked':
      if (fact.page === 'options') routePage(c, fact.page, fact.fields, fact.frame)
      else if (GONE_ON.has(fact.page)) {
        // Not one more tap into a page that is none of the first ones; it is looked at again once all keys are up.
        if (c.s.play === null) routePage(c, fact.page, fact.fields, fact.frame)
        else {
          c.release()
          c.locate(`sees ${fact.page}`)
        }
      }
      return
    default:
  }
}

/**
 * A person says that the options are there, which ones, and that their list is framed: the moves hold a Space, which
 * would press a framed button.
 */
export function optionsSaid(c: Step, fact: AnsweredFact): void {
  const { answer, prompt } = fact
  if (answer === 'options-chosen') c.note({ moved: true })
  if (answer === 'options') optionsSeen(c, 11, prompt)
  else if (answer === 'options-chosen') optionsSeen(c, c.run.windows, prompt)
  else if (answer === 'options-10') optionsSeen(c, 10, prompt)
}

/** The options are there: a burst that still runs ends first and whole, so that its Tabs come round, then the moves begin. */
export function optionsSeen(c: Step, windows: Windows, on: string): void {
  c.see('options-seen', c.assisted ? 'operator' : 'screen', on)
  if (c.byHand) c.see('windows-x5', 'operator', 'pressed by hand')
  const phase = c.phase
  // Tabs that are still being played make worthless what was seen or said of the focus.
  if (c.s.play?.burst === 'focus') c.note({ moved: true })
  if (c.s.play !== null && phase.at === 'summon') {
    c.keep({ ...phase, seen: windows })
  } else beginMoving(c, windows, 'options seen')
}
