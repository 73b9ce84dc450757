// Names of the steps that durations are booked under; what a manager reads, so few and stable.
import type { Phase } from '../state.ts'

export const STEPS = [
  'identify',
  'precheck',
  'summon',
  'choose',
  'review',
  'provision',
  'restart',
  'reseal',
  'red',
  'reset',
  'keyboard',
  'locate',
  'hold',
  'close',
  'none',
] as const
export type StepName = (typeof STEPS)[number]

/** The step a phase belongs to. */
export function stepName(phase: Phase): StepName {
  switch (phase.at) {
    case 'empty':
    case 'settling':
    case 'present':
    case 'closed':
    case 'done':
    case 'back':
    case 'alarm':
    case 'out':
    case 'faulted':
      return 'none'
    case 'identify':
    case 'wiring':
      return 'identify'
    case 'precheck':
      return 'precheck'
    case 'echo':
    case 'summon':
      return 'summon'
    case 'moving':
    case 'selecting':
    case 'entering':
      return 'choose'
    case 'landing':
    case 'reviewing':
    case 'refreshing':
    case 'accepting':
      return 'review'
    case 'provisioning':
      return 'provision'
    case 'restarting':
      return 'restart'
    case 'succeeding':
    case 'resealing':
    case 'offproof':
    case 'dark-ask':
      return 'reseal'
    case 'failing':
    case 'retry-wait':
    case 'retry-confirm':
    case 'retrying':
      return 'red'
    case 'resetting':
      return 'reset'
    case 'keyless':
      return 'keyboard'
    case 'locate':
      return 'locate'
    case 'hold':
      return 'hold'
    case 'closing':
      return 'close'
  }
}
