// What a person would do at a bay: looks at the device's true page and at the question, and names one act. Pure.
import type { BenchControl } from '../../agent/ports.ts'
import { CABLES, type SimDevice } from './device.ts'
import { labelsOf } from './page.ts'
import { FirstPage } from './pages-first.ts'
import { LandingPage } from './pages-landing.ts'
import { MenuPage } from './pages-menu.ts'
import { OptionsPage } from './pages-options.ts'
import { FailurePage, SuccessPage } from './pages-result.ts'

export type View = NonNullable<ReturnType<BenchControl['bay']>>
export type Prompt = NonNullable<View['prompt']>

/** One act of a person. `mend` changes the device by hand and answers nothing. */
export type Deed =
  | { readonly do: 'answer'; readonly answer: string; readonly text?: string }
  | { readonly do: 'scan'; readonly text: string }
  | { readonly do: 'mend'; readonly how: Mend }
  | { readonly do: 'take-out' }
  | { readonly do: 'in-service' }
export type Mend =
  | 'open-lid'
  | 'power-on'
  | 'plug'
  | 'focus-next'
  | 'focus-retry'
  | 'refresh'
  | 'leave-menu'
  | 'summon'
  | 'press'
  | 'switch-off'

/** What the person remembers of this stay of the device. */
export interface Memory {
  /** Holds answered in this run. */
  readonly holds: number
  readonly scans: number
  readonly refreshes: number
  /** Times that the station was told to move again in the options. */
  readonly agains: number
  /** Answers given for this device. */
  readonly answers: number
  /** Times that this device was still on after Reseal. */
  readonly stillOns: number
}

/** More holds than this in one run, and the person ends it. */
const HOLDS_MAX = 6
const SCANS_MAX = 2
const AGAINS_MAX = 2
/** A device that took so many answers has something wrong with it: five are usual, three more for each Retry. */
const ANSWERS_MANY = 10

const answer = (id: string, text?: string): Deed =>
  text === undefined ? { do: 'answer', answer: id } : { do: 'answer', answer: id, text }
const mend = (how: Mend): Deed => ({ do: 'mend', how })
const has = (prompt: Prompt, id: string): boolean =>
  prompt.choices.some((choice) => choice.answer === id)
/** The first of these answers that the question offers. */
const oneOf = (prompt: Prompt, ...ids: readonly string[]): Deed | null => {
  const id = ids.find((wanted) => has(prompt, wanted))
  return id === undefined ? null : answer(id)
}

const PICTURES: Readonly<Record<string, string>> = {
  firmware: 'see-firmware',
  'boot-error': 'see-boot-error',
  bitlocker: 'see-bitlocker',
  desktop: 'see-desktop',
  menu: 'see-menu',
}

export interface Scene {
  readonly view: View
  readonly device: SimDevice | null
  readonly manual: boolean
  readonly memory: Memory
  /** The device of this run was resealed while it stood here. */
  readonly resealed: boolean
}

/** The act that this bay needs of a person now; null: nothing, or only waiting. */
export function deedAt(scene: Scene): Deed | null {
  const { view, device } = scene
  if (view.state === 'out' || view.state === 'faulted')
    return device === null ? { do: 'in-service' } : { do: 'take-out' }
  if (device?.isAsleep) return mend('open-lid')
  const { prompt } = view
  if (prompt === null) return null
  // Keys that do nothing, or a hold: a person looks at the cables.
  const looksForCables =
    view.state === 'hold' || scene.memory.stillOns > 0 || scene.memory.answers >= ANSWERS_MANY
  if (looksForCables && device !== null && !scene.resealed && !isWired(device)) return mend('plug')
  if (device === null)
    return oneOf(prompt, 'taken-out', 'close-aborted', 'removed', 'something-else')
  switch (view.state) {
    case 'present':
    case 'identify':
    case 'back':
      return { do: 'scan', text: device.spec.serial }
    case 'wiring':
      return mend('plug')
    case 'summon':
      return atSummon(scene, device)
    case 'selecting':
      return atSelecting(scene, prompt, device)
    case 'reviewing':
      return atReviewing(scene, prompt, device)
    case 'provisioning':
      return atProvisioning(scene, prompt, device)
    case 'failing':
      return atFailing(device)
    case 'retry-confirm':
      return atRetry(scene, device)
    case 'dark-ask':
      return answer(device.isOn ? 'still-on' : scene.resealed ? 'dark' : 'removed')
    case 'locate':
      return atLocate(scene, device)
    case 'hold':
      return atHold(scene, prompt, device)
    case 'resetting':
      return device.page instanceof FirstPage ? answer('first-page') : null
    case 'closed':
      // Another device stands here than the one whose run was closed: it is the next one.
      return view.serial !== null && view.serial !== device.spec.serial && scene.memory.scans === 0
        ? { do: 'scan', text: device.spec.serial }
        : { do: 'take-out' }
    case 'done':
      return { do: 'take-out' }
    case 'alarm':
      return device.isOn ? mend('switch-off') : answer('seen')
    default:
      return null
  }
}

const isWired = (device: SimDevice): boolean => CABLES.every((cable) => device.has(cable))

/** What every look begins with: dark is waited out or mended, obstacles have their picture. */
function plain(device: SimDevice): Deed | 'wait' | null {
  const { name } = device.page
  const picture = PICTURES[name]
  if (picture !== undefined) return answer(picture)
  if (name === 'updating') return 'wait'
  if (name !== 'dark') return null
  return device.isOn ? 'wait' : answer('see-dark')
}

const elsewhere = answer('something-else')

/** Which options they are; on the white page also whether the frame is on the list, where a Space does no harm. */
function theOptions(scene: Scene, page: OptionsPage, device: SimDevice): Deed {
  if (device.spec.windows === 10) return answer('options-10')
  const { prompt } = scene.view
  const elsewhere =
    page.fields().focus !== 'list' && prompt !== null && has(prompt, 'options-chosen')
  return answer(elsewhere && !scene.manual ? 'options-chosen' : 'options')
}

function atSummon(scene: Scene, device: SimDevice): Deed | null {
  const { page } = device
  if (page instanceof OptionsPage) return theOptions(scene, page, device)
  if (page.name === 'dark' && !device.isOn) return mend('power-on')
  if (page instanceof FirstPage) return scene.manual ? mend('summon') : null
  const deed = plain(device)
  return deed === 'wait' ? null : (deed ?? elsewhere)
}

function atSelecting(scene: Scene, prompt: Prompt, device: SimDevice): Deed | null {
  const { page } = device
  if (!(page instanceof OptionsPage)) {
    const deed = plain(device)
    return deed === 'wait' ? null : (deed ?? elsewhere)
  }
  const ours = labelsOf(device.spec).preProvision[device.spec.windows]
  const { entries, selected, focus } = page.fields()
  if (!entries?.includes(ours)) return oneOf(prompt, 'no-entry', 'something-else')
  if (selected === ours && focus === 'next') return scene.manual ? mend('press') : answer('yes')
  const list = focus === 'list' && !scene.manual ? oneOf(prompt, 'list') : null
  if (list !== null && scene.memory.agains < AGAINS_MAX) return list
  // The station tries again once or twice; then the person puts it right by hand.
  const again = scene.manual || scene.memory.agains >= AGAINS_MAX ? null : oneOf(prompt, 'again')
  return again ?? mend('focus-next')
}

/** The order's rule for the assigned user, as a person reads it. */
function userFits(rule: string, user: string): boolean {
  if (rule === 'any') return true
  if (rule === 'none') return user === ''
  if (rule.startsWith('*@')) return user.endsWith(rule.slice(1))
  return rule === user
}

function atReviewing(scene: Scene, prompt: Prompt, device: SimDevice): Deed | null {
  const { page } = device
  if (!(page instanceof LandingPage)) {
    const deed = plain(device)
    // Enter was pressed a moment ago: the page is still on its way.
    if (deed === 'wait' || (page instanceof OptionsPage && page.isLeaving)) return null
    return deed ?? elsewhere
  }
  const shown = page.fields()
  if (shown.loading) return null
  if (!shown.profile)
    return scene.memory.refreshes < 2
      ? mend('refresh')
      : oneOf(prompt, 'no-profile', 'differs-profile')
  const names = prompt.names
  if (names?.organisation !== undefined && names.organisation !== shown.organisation)
    return answer('differs-organisation')
  if (names?.profile !== undefined && names.profile !== shown.profile)
    return answer('differs-profile')
  if (names?.user !== undefined && !userFits(names.user, shown.user ?? ''))
    return answer('differs-user')
  if (shown.focus !== 'next') return mend('focus-next')
  return scene.manual ? mend('press') : answer('yes')
}

function atProvisioning(scene: Scene, prompt: Prompt, device: SimDevice): Deed | null {
  const { page } = device
  if (page instanceof SuccessPage) {
    if (!page.canReseal) return scene.manual && page.isLeaving ? answer('green') : null
    if (device.spec.greenDiffers) return answer('green-differs')
    return scene.manual ? mend('press') : answer('green')
  }
  if (page instanceof FailurePage) return answer('red')
  if (page.name === 'provisioning') return prompt.loud ? answer('not-yet') : null
  if (page instanceof LandingPage) return prompt.loud ? elsewhere : null
  const deed = plain(device)
  if (deed === 'wait' || !prompt.loud) return null
  return deed ?? elsewhere
}

function atFailing(device: SimDevice): Deed | null {
  const { page } = device
  if (page instanceof FailurePage) return answer('code', page.code)
  if (page.name === 'provisioning') return answer('not-red')
  const deed = plain(device)
  return deed === 'wait' ? null : (deed ?? elsewhere)
}

function atRetry(scene: Scene, device: SimDevice): Deed | null {
  const { page } = device
  if (!(page instanceof FailurePage)) {
    const deed = plain(device)
    return deed === 'wait' ? null : (deed ?? elsewhere)
  }
  if (page.fields().focus === 'retry') return scene.manual ? mend('press') : answer('yes')
  return scene.manual ? mend('focus-retry') : answer('again')
}

function atLocate(scene: Scene, device: SimDevice): Deed | null {
  const { page } = device
  if (page instanceof FirstPage) return answer('first-page')
  if (page instanceof OptionsPage) return theOptions(scene, page, device)
  if (page instanceof LandingPage) return page.fields().loading ? null : answer('landing')
  if (page instanceof SuccessPage) return page.canReseal ? answer('green') : null
  if (page instanceof FailurePage) return answer('red')
  if (page.name === 'provisioning') return answer('provisioning')
  if (page.name === 'resetting') return null
  if (page.name === 'dark' && !device.isOn && !scene.resealed) return mend('power-on')
  const deed = plain(device)
  return deed === 'wait' ? null : (deed ?? elsewhere)
}

function atHold(scene: Scene, prompt: Prompt, device: SimDevice): Deed | null {
  const { view, memory, resealed } = scene
  const { page, spec } = device
  const end = oneOf(prompt, 'close-aborted', 'close-error', 'close-failed')
  if (prompt.scan && memory.scans < SCANS_MAX) return { do: 'scan', text: spec.serial }
  if (prompt.scan || view.serial !== spec.serial || resealed || memory.holds >= HOLDS_MAX)
    return end
  if (page instanceof MenuPage) return mend('leave-menu')
  if (page.name === 'dark') {
    if (device.isOn) return null
    return mend('power-on')
  }
  if (!spec.provisionable) return oneOf(prompt, 'close-failed', 'close-aborted')
  if (page instanceof FailurePage) {
    const [, next] = spec.outcomes
    return next?.kind === 'green'
      ? oneOf(prompt, 'retry', 'go-on', 'close-error')
      : oneOf(prompt, 'close-error', 'close-aborted')
  }
  if (page.name === 'updating' || page.name === 'resetting') return null
  if (page instanceof OptionsPage && !page.isRight) return mend('focus-next')
  return oneOf(prompt, 'go-on', 'close-error', 'close-aborted')
}
