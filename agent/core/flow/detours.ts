// Detours of an open run: a keyboard that is gone, and a hold for a person.
import type { AnsweredFact, Fact, IdentifiedFact } from '../facts.ts'
import type { HoldReason, Phase } from '../state.ts'
import { closeByWord, closeNow } from './closing.ts'
import type { Step } from './context.ts'
import { hold, identify, preCheck, toWire } from './opening.ts'
import { beginRetry, followReset } from './red.ts'
import { beginKeys } from './summoning.ts'

/** A keyboard that says it is well and yet did not end its burst is stuck. */
const KEYBOARD_FAULTS = {
  ok: 'STATION_KEYBOARD_STUCK',
  silent: 'STATION_KEYBOARD_SILENT',
  gone: 'STATION_KEYBOARD_GONE',
} as const

/**
 * A burst never ended. States that waited for it go on without a keyboard, and an Enter among its keys may have landed;
 * all others only wanted it to be over.
 * @returns true when the flow went to the missing keyboard
 */
export function lostEnter(c: Step): boolean {
  switch (c.phase.at) {
    case 'echo':
      c.keyless('summon')
      return true
    case 'summon':
      c.keyless(c.phase.seen === null ? 'summon' : 'locate')
      return true
    case 'resealing':
      c.note({ reseal: { proof: 'unknown', at: c.at } })
      break
    case 'retrying':
      c.note({ retries: c.run.retries + 1 })
      break
    case 'moving':
    case 'entering':
    case 'landing':
    case 'reviewing':
    case 'refreshing':
    case 'accepting':
    case 'retry-confirm':
      break
    default:
      return false
  }
  c.keyless('locate')
  return true
}

export function onKeyless(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'keyless') return
  if (fact.kind === 'keyboard' && c.s.keyboard.health === 'ok') {
    if (phase.back === 'summon') beginKeys(c)
    else c.locate('keyboard back')
  } else if (fact.kind === 'timer' && c.due('lost')) {
    closeNow(c, 'error', {
      code: KEYBOARD_FAULTS[c.s.keyboard.health],
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
  else if (fact.kind === 'identified') onHoldScan(c, fact, phase)
  else if (fact.kind === 'tpm' && phase.why === 'attestation-demanded') preCheck(c)
}

/** Holds that a scan settles, because who the device is was the question. */
const SCAN_SETTLES: ReadonlySet<string> = new Set([
  'wrong-customer',
  'not-listed',
  'duplicate-serial',
] satisfies HoldReason[])

function onHoldScan(c: Step, fact: IdentifiedFact, phase: Hold): void {
  const same = c.run.serial !== null && fact.serial === c.run.serial
  if (SCAN_SETTLES.has(phase.why) || (phase.from === 'precheck' && !same)) identify(c, fact)
  else if (phase.why === 'swapped' && same) {
    // The label says it is the same device: what its wire and page tell is learned anew.
    c.note({ mac: c.s.wire.mac, ztdId: phase.detail === 'ZtdId' ? null : c.run.ztdId })
    c.see('same-device', 'operator', fact.serial)
    c.locate('same device')
  } else if (phase.why === 'swapped')
    closeByWord(c, 'interrupted', { code: 'OPERATOR_SWAPPED', note: `Now ${fact.serial}` })
  else if (!same) {
    c.see('other-scan', 'operator', fact.serial)
    hold(c, 'swapped', fact.serial)
  }
}

function onHoldAnswer(c: Step, fact: AnsweredFact, phase: Hold): void {
  const red = phase.why === 'code-unknown' || phase.from === 'failure' ? c.run.lastCode : null
  const code = red ?? HOLD_CODES[phase.why] ?? 'DEVICE_NOT_OOBE'
  const note = `${phase.why}${phase.detail === '' ? '' : `: ${phase.detail}`}`
  switch (fact.answer) {
    case 'close-failed':
      closeByWord(c, 'failed', { code, note })
      return
    case 'close-error':
      closeByWord(c, 'error', { code: red ?? 'STATION_NETWORK', note })
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
  if (phase.from === 'precheck' && c.run.serial === null)
    c.go({ at: 'identify' }, 'a person says go on')
  else if (phase.why === 'tpm-hold') beginKeys(c)
  // Nothing was checked yet: a word never leads past the checks.
  else if (phase.from === 'precheck') toWire(c)
  else if (phase.why === 'no-options') beginKeys(c)
  else c.locate('a person says go on')
}
