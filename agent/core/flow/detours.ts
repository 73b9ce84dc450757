// Detours of an open run: a keyboard that is gone, a hold for a person, and the seconds before a closing is final.
import type { AnsweredFact, Fact } from '../facts.ts'
import type { Phase } from '../state.ts'
import { closeByWord, closeNow, finish } from './closing.ts'
import type { Step } from './context.ts'
import { identify, preCheck, toWire } from './opening.ts'
import { beginRetry, followReset } from './red.ts'
import { beginKeys } from './summoning.ts'

export function onKeyless(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'keyless') return
  if (fact.kind === 'keyboard' && c.s.keyboard.health === 'ok') {
    if (phase.back === 'summon') beginKeys(c)
    else
      c.go({ at: 'locate', why: 'keyboard back', asked: false }, 'keyboard back', {
        confirm: c.at + c.rules.limits.confirmMs,
      })
  } else if (fact.kind === 'timer' && c.due('lost')) {
    closeNow(c, 'error', {
      code: c.s.keyboard.health === 'gone' ? 'STATION_KEYBOARD_GONE' : 'STATION_KEYBOARD_SILENT',
    })
  } else if (fact.kind === 'timer' && c.due('silent')) {
    c.limit('silent', null)
    c.keep({ ...phase, shown: true })
    c.why = `keyboard ${c.s.keyboard.health}`
  }
}

type Hold = Extract<Phase, { at: 'hold' }>

const HOLD_CODES: Readonly<Record<string, string>> = {
  'wrong-customer': 'OPERATOR_WRONG_CUSTOMER',
  'not-listed': 'OPERATOR_NOT_LISTED',
  'duplicate-serial': 'OPERATOR_DUPLICATE_SERIAL',
  'duplicate-ztd': 'OPERATOR_DUPLICATE_ZTDID',
  'attestation-demanded': 'DEVICE_TPM',
  'tpm-hold': 'DEVICE_TPM',
  'associated-elsewhere': 'DEVICE_ASSOCIATED_ELSEWHERE',
  'names-differ': 'DEVICE_WRONG_NAMES',
  swapped: 'OPERATOR_SWAPPED',
  bitlocker: 'DEVICE_BITLOCKER',
  'no-profile': 'DEVICE_NO_PROFILE',
  'code-unknown': 'DEVICE_RED',
}

export function onHold(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'hold') return
  if (fact.kind === 'answered') onHoldAnswer(c, fact, phase)
  else if (fact.kind === 'identified') {
    if (phase.why !== 'swapped') identify(c, fact)
    else if (fact.serial === c.run.serial) {
      c.note({ mac: c.s.wire.mac ?? c.run.mac })
      c.go({ at: 'locate', why: 'same device', asked: false }, 'same device', {
        confirm: c.at + c.rules.limits.confirmMs,
      })
    } else closeByWord(c, 'interrupted', { code: 'OPERATOR_SWAPPED', note: `Now ${fact.serial}` })
  }
}

function onHoldAnswer(c: Step, fact: AnsweredFact, phase: Hold): void {
  const code = c.run.lastCode ?? HOLD_CODES[phase.why] ?? 'DEVICE_NOT_OOBE'
  const note = `${phase.why}${phase.detail === '' ? '' : `: ${phase.detail}`}`
  switch (fact.answer) {
    case 'close-failed':
      closeByWord(c, 'failed', { code, note })
      return
    case 'close-error':
      closeByWord(c, 'error', { code: c.run.lastCode ?? 'STATION_NETWORK', note })
      return
    case 'close-aborted':
      closeByWord(c, 'aborted', { code: 'OPERATOR_ABORTED', note })
      return
    case 'reset':
      followReset(c, 'a person resets it')
      return
    case 'retry':
      beginRetry(c, c.run.lastCode ?? '', 0)
      return
    case 'go-on':
      goOn(c, phase)
      return
    default:
  }
}

function goOn(c: Step, phase: Hold): void {
  if (phase.why === 'not-listed') toWire(c)
  else if (phase.why === 'attestation-demanded') preCheck(c)
  else if (phase.why === 'tpm-hold' || phase.why === 'no-options') beginKeys(c)
  else
    c.go({ at: 'locate', why: 'mended', asked: false }, 'a person says go on', {
      confirm: c.at + c.rules.limits.confirmMs,
    })
}

export function onClosing(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'closing') return
  if (fact.kind === 'timer' && c.due('close')) finish(c, phase.closing)
  else if (fact.kind === 'undo') takeBack(c, phase.back)
  // A word of "dark" is worth nothing once the device shows life.
  else if (phase.closing.verdict === 'resealed' && fact.kind === 'link' && fact.link === 'up')
    takeBack(c, phase.back)
}

/** Back to where the closing came from, with a fresh question; keys are never sent by an undo. */
function takeBack(c: Step, back: Phase): void {
  const again: Phase = playing(back) ? { at: 'locate', why: 'taken back', asked: false } : back
  c.go(again, 'taken back', limitsOf(c, again))
}

const PLAYING = new Set<string>([
  'moving',
  'entering',
  'landing',
  'refreshing',
  'accepting',
  'resealing',
  'retrying',
  'echo',
  'summon',
  'retry-confirm',
  'succeeding',
  'keyless',
  'precheck',
  'restarting',
])
const playing = (phase: Phase): boolean => PLAYING.has(phase.at)

function limitsOf(c: Step, phase: Phase): Record<string, number> {
  const { limits } = c.rules
  if (phase.at === 'provisioning')
    return {
      provision: c.run.provisionBy ?? c.at + limits.holdMs,
      ...(c.assisted && !phase.asked ? { ask: c.at + limits.askResultAfterMs / 3 } : {}),
    }
  if (phase.at === 'locate') return { confirm: c.at + limits.confirmMs }
  if (phase.at === 'offproof')
    return {
      'off-start': c.at + limits.offProofHoldMs,
      ...(phase.proof.heldSince === null
        ? {}
        : { 'off-hold': phase.proof.heldSince + limits.offProofHoldMs }),
    }
  if (phase.at === 'retry-wait') return { retry: c.at + 1000 }
  return { hold: c.at + limits.holdMs }
}
