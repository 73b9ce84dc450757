// Where are we? Routes a page that was seen or named to the state that handles it; every doubt ends in a hold.
import type { Fact, LookedFact } from '../facts.ts'
import type { Fields, Page } from '../pages.ts'
import { dialogKind } from './choosing.ts'
import { closeByWord, closeNow } from './closing.ts'
import type { Step } from './context.ts'
import { beginSucceeding } from './green.ts'
import { hold } from './opening.ts'
import { beginProvisioning, greenByWord } from './provisioning.ts'
import { beginFailing, followReset } from './red.ts'
import { beginLanding } from './reviewing.ts'
import { beginKeys, optionsSaid, optionsSeen } from './summoning.ts'

/** A page that this state did not expect. Pages that pass by themselves are waited out by the state's own limit. */
export function lookElsewhere(c: Step, fact: LookedFact): void {
  if (fact.page === 'dark' || fact.page === 'unknown' || fact.page === 'updating') return
  // A menu that opens under our keys is told apart from one that was there.
  if (fact.page !== 'menu') c.locate(`unexpected page ${fact.page}`)
  routePage(c, fact.page, fact.fields, fact.frame)
}

/** Sends the run to where a page belongs; pages that say nothing leave it where it is. */
export function routePage(c: Step, page: Page, fields: Fields, ref: string): void {
  switch (page) {
    case 'language':
    case 'region':
    case 'keyboard':
    case 'eula':
    case 'network':
    case 'signin':
      if (c.run.provisionFrom !== null) hold(c, 'other', 'back at the first pages')
      else {
        // The options will open anew, with the focus on their list.
        c.note({ moved: false })
        beginKeys(c)
      }
      return
    case 'options':
      routeDialog(c, fields, ref)
      return
    case 'menu':
      hold(c, 'unknown-menu', (fields.entries ?? []).join(', ').slice(0, 120))
      return
    case 'landing':
      beginLanding(c, 0)
      return
    case 'provisioning':
      if (c.run.names === null && c.run.provisionFrom === null)
        hold(c, 'associated-elsewhere', fields.activity ?? '')
      else beginProvisioning(c, 'seen on screen')
      return
    case 'success':
      beginSucceeding(c)
      return
    case 'failure':
      beginFailing(c, fields.code ?? null, ref)
      return
    case 'resetting':
      followReset(c, 'seen on screen')
      return
    case 'firmware':
    case 'boot-error':
    case 'bitlocker':
    case 'desktop':
      hold(c, page)
      return
    case 'dark':
    case 'unknown':
    case 'updating':
      return
  }
}

function routeDialog(c: Step, fields: Fields, ref: string): void {
  const kind = dialogKind(c.rules.names, fields.entries ?? [])
  if (kind === 'ours') {
    // Only a fresh dialog takes the moves: nothing chosen on the white page, the focus on its list.
    const windows = fields.windows ?? c.run.windows
    const fresh = fields.focus === 'list' && (windows === 10 || fields.selected === undefined)
    if (!fresh) c.note({ moved: true })
    optionsSeen(c, windows, ref)
  } else if (kind === 'resealed') {
    c.see('no-pre-provision-entry', 'screen', ref)
    closeNow(c, 'failed', {
      code: 'DEVICE_ALREADY_RESEALED',
      note: 'Look its serial number up before anything else',
    })
  } else hold(c, 'unknown-menu', (fields.entries ?? []).join(', ').slice(0, 120))
}

const WORD_PAGES: Readonly<Record<string, Page>> = {
  'first-page': 'language',
  landing: 'landing',
  provisioning: 'provisioning',
}

export function onLocate(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'locate') return
  if (fact.kind === 'looked') routePage(c, fact.page, fact.fields, fact.frame)
  else if (fact.kind === 'answered') {
    const page = WORD_PAGES[fact.answer]
    // A person's word that it works on: an Enter that was unknown did land.
    // Progress on a device whose Next nobody asked for is device preparation (facts/autopilot §0, 3).
    if (page !== undefined) routePage(c, page, {}, fact.prompt)
    else if (fact.answer === 'green') greenByWord(c, fact.prompt, fact.given)
    else if (fact.answer === 'green-differs') hold(c, 'swapped', 'names on the green page')
    else if (fact.answer === 'red') beginFailing(c, null, fact.prompt)
    else optionsSaid(c, fact)
  } else if (fact.kind === 'timer' && c.due('confirm'))
    c.locate('page not known: a person looks', true)
}

const SEEN: Readonly<Record<string, Page>> = {
  'see-firmware': 'firmware',
  'see-boot-error': 'boot-error',
  'see-bitlocker': 'bitlocker',
  'see-desktop': 'desktop',
  'see-menu': 'menu',
}

/** The pictured answers of safety rule 1, the same in every prompt. False when the answer is none of them. */
export function pictured(c: Step, answer: string): boolean {
  const page = SEEN[answer]
  if (page !== undefined) routePage(c, page, {}, answer)
  else if (answer === 'see-language') hold(c, 'other-language')
  else if (answer === 'see-dark') {
    // Reseal may have been pressed and nobody can prove it: such a run never becomes resealed.
    if (c.run.reseal?.proof === 'unknown')
      closeByWord(c, 'interrupted', {
        code: 'STATION_RESTARTED',
        note: 'Reseal may have been pressed; switch the device on only to look',
      })
    else hold(c, 'other', 'dark: power, lid, cable')
  } else if (answer === 'something-else' && c.phase.at === 'dark-ask') return false
  else if (answer === 'something-else') hold(c, 'other')
  else return false
  return true
}
