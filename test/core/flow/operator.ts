// What a person says at a bay of the core's tests: the truth of the device that stands there, or any answer on offer.
import type { KeyReport } from '../../../agent/core/key-script.ts'
import { promptOf } from '../../../agent/core/prompts.ts'
import type { BayState } from '../../../agent/core/state.ts'
import type { Chance } from './chance.ts'
import type { Device } from './device.ts'
import type { Scenario } from './world.ts'

const TAP: readonly KeyReport[] = [
  { bytes: [0x08, 0, 0, 0, 0, 0, 0, 0], pauseMs: 0 },
  { bytes: [0, 0, 0, 0, 0, 0, 0, 0], pauseMs: 0 },
]
const AT: Readonly<Record<string, string>> = {
  signin: 'first-page',
  options: 'options',
  landing: 'landing',
  provisioning: 'provisioning',
  success: 'green',
  failure: 'red',
  menu: 'see-menu',
  dark: 'see-dark',
}

/** Any answer that is offered. */
export function anyOf(s: Scenario, state: BayState, chance: Chance): string {
  const prompt = promptOf(state, s.rules)
  return chance.of(prompt?.choices ?? []).answer.replace(/^serial$/, 'scan')
}

/** What an attentive person would say; null: wait and look again. */
export function truthful(
  s: Scenario,
  state: BayState,
  device: Device | null,
  chance: Chance,
): string | null {
  const { phase } = state
  const fields = device?.fields() ?? {}
  const manual = s.rules.traits.keyboard === 'manual'
  if (device === null)
    return (
      promptOf(state, s.rules)?.choices.find(({ answer }) =>
        ['taken-out', 'close-aborted', 'removed', 'something-else'].includes(answer),
      )?.answer ?? null
    )
  const ours = (fields.entries ?? []).findIndex((entry) => entry.includes('Autopilot'))
  const ready = device.selected === ours && device.focus === 'next'
  switch (phase.at) {
    case 'present':
    case 'identify':
    case 'back':
      return 'scan'
    case 'summon':
      if (device.page === 'menu') return 'see-menu'
      if (manual && device.page === 'signin') for (let n = 0; n < 5; n++) device.take(TAP)
      return device.page === 'options'
        ? device.spec.windows === 10
          ? 'options-10'
          : device.focus === 'list'
            ? 'options'
            : 'options-chosen'
        : device.page === 'signin'
          ? null
          : 'something-else'
    case 'selecting':
      if (device.page !== 'options') return 'something-else'
      if (ours < 0) return 'no-entry'
      return ready || manual ? 'yes' : device.focus === 'list' ? 'list' : 'again'
    case 'reviewing':
      if (device.page !== 'landing') return 'something-else'
      if (fields.profile !== 'Kiosk') return s.withOrder ? 'differs-profile' : 'yes'
      if (device.focus !== 'next' && !manual) device.focus = 'next'
      return 'yes'
    case 'provisioning':
    case 'restarting':
      if (device.page === 'success') return 'green'
      if (device.page === 'failure') return phase.at === 'provisioning' ? 'red' : null
      return state.prompt?.loud === true ? 'not-yet' : null
    case 'failing':
      return device.page === 'failure' ? 'code' : 'not-red'
    case 'retry-confirm':
      if (chance.is(0.2)) return 'reset'
      return device.focus === 'retry' || manual ? 'yes' : 'again'
    case 'dark-ask':
      return device.on ? 'still-on' : 'dark'
    case 'locate':
      if (device.page === 'options' && device.focus !== 'list') return 'options-chosen'
      return AT[device.page] ?? null
    case 'hold':
      if (phase.why === 'swapped' || phase.why === 'duplicate-serial') return 'scan'
      if (device.page === 'menu') return 'close-failed'
      return chance.is(0.5) ? anyOf(s, state, chance) : 'go-on'
    case 'resetting':
      return device.page === 'signin' ? 'first-page' : null
    case 'closed':
    case 'done':
      return 'taken-out'
    case 'alarm':
      return 'seen'
    default:
      return anyOf(s, state, chance)
  }
}
