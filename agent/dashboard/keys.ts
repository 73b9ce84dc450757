// The page's keyboard: digits choose a bay, letters answer it, a scanner's burst is a scan, and Enter never means anything.

import { BurstReader, IDLE_MS, type Meaning } from './burst.ts'
import { labelOf } from './label.ts'
import { canUndo, KEY_UNDO } from './letters.ts'
import { sendScan, sendUndo } from './post.ts'
import { may } from './rights.tsx'
import { store } from './store.ts'
import { stationNow } from './time.ts'
import { words } from './words/words.ts'

/** Two digits typed within this make one number, ms. */
const DIGITS_MS = 1_200

const burst = new BurstReader()
const letters = new Map<string, () => void>()
let digits = ''
let digitsAt = 0
let silence: number | undefined
let openAtStart: string | null = null

/** The open panel's answer to a letter; the answer takes the letter back. */
export function onLetter(letter: string, fn: () => void): () => void {
  letters.set(letter, fn)
  return () => {
    if (letters.get(letter) === fn) letters.delete(letter)
  }
}

const openBay = (): string | null =>
  store.open === null || store.open === 'settings' ? null : store.open.bay
const openPrompt = (): string | null => {
  const bay = openBay()
  return bay === null ? null : (store.view(bay)?.prompt?.id ?? '')
}
const fieldOf = (target: EventTarget | null): HTMLInputElement | null =>
  target instanceof HTMLInputElement ? target : null

function chooseBay(typed: string, at: number): void {
  digits = at - digitsAt < DIGITS_MS ? `${digits}${typed}`.slice(-2) : typed
  digitsAt = at
  const bays = store.bays()
  const bay = bays.find((id) => labelOf(id) === digits) ?? bays.find((id) => labelOf(id) === typed)
  if (bay !== undefined) store.openPanel({ bay })
}

function pressLetter(letter: string): void {
  const bay = openBay()
  const view = bay === null ? undefined : store.view(bay)
  if (view === undefined) return
  const prompt = store.lastPrompt(view.bay)
  if (letter === KEY_UNDO && may('bays.answer') && canUndo(view, stationNow())) {
    void sendUndo(view.bay, prompt)
  } else letters.get(letter)?.()
}

function act(meaning: Meaning | null, field: HTMLInputElement | null): void {
  if (meaning === null || meaning.is === 'nothing') return
  if (meaning.is === 'pieces') {
    store.say({ text: words.board.notice.pieces, isGood: false })
    return
  }
  if (meaning.is === 'scan') {
    const bay = openBay()
    const isAsked = bay !== null && store.view(bay)?.prompt?.scan === true
    // What the scanner typed into a field is no typing.
    if (field !== null) {
      field.value = field.value.replace(meaning.text, '')
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    void sendScan(meaning.text, bay !== null && isAsked ? bay : undefined)
    return
  }
  if (field !== null) return
  if (/^\d/.test(meaning.keys)) chooseBay(meaning.keys, performance.now())
  // The question changed while the key was down: it was meant for the one before.
  else if (openAtStart === openPrompt()) pressLetter(meaning.keys)
}

/** Ends a burst by silence. A page that was held up may find keys behind its own timer: then it listens on. */
function watchSilence(): void {
  window.clearTimeout(silence)
  const due = performance.now() + IDLE_MS
  silence = window.setTimeout(() => {
    if (!burst.isOpen) return
    const now = performance.now()
    if (now - due < 50 && burst.isOver(now)) {
      act(burst.end(false), fieldOf(document.activeElement))
    } else watchSilence()
  }, IDLE_MS)
}

function onKeyDown(event: KeyboardEvent): void {
  const field = fieldOf(event.target)
  const isButton = event.target instanceof HTMLButtonElement
  if (event.key === 'Enter' || event.key === 'Tab') {
    const wasOpen = burst.isOpen
    const meaning = wasOpen ? burst.end(true) : null
    // Enter presses nothing, wherever the focus stands; the Tab of a scanner moves nothing.
    const isScanned = meaning?.is === 'scan' || meaning?.is === 'pieces'
    // A link only leads elsewhere: a keyboard follows it, a scanner's Enter does not.
    const isWay =
      event.target instanceof HTMLAnchorElement ||
      (event.target instanceof HTMLElement && event.target.tagName === 'SUMMARY')
    if ((event.key === 'Enter' && !isWay) || isScanned) event.preventDefault()
    if (isScanned) act(meaning, field)
    return
  }
  if (event.key === 'Escape') {
    // What was typed into a field stays text: left quickly, it must not become an answer.
    burst.forget()
    if (field !== null) field.blur()
    // An open menu of the page's frame takes the Escape for itself.
    else if (document.querySelector('.menu[open]') === null) store.openPanel(null)
    return
  }
  if (event.key === ' ' && isButton && isHeld(event.target)) event.preventDefault()
  if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey || event.repeat)
    return
  if (!burst.isOpen) openAtStart = openPrompt()
  act(burst.key(event.key, event.timeStamp), field)
  watchSilence()
}

/** Answers and actions are pressed by finger, mouse or their letter; a space on a focused one may come from a label. */
const isHeld = (target: HTMLButtonElement): boolean =>
  burst.isOpen || target.dataset['answer'] !== undefined

function onKeyUp(event: KeyboardEvent): void {
  const { target } = event
  if (event.key === ' ' && target instanceof HTMLButtonElement && isHeld(target)) {
    event.preventDefault()
  }
}

export function startKeys(): void {
  window.addEventListener('keydown', onKeyDown, { capture: true })
  window.addEventListener('keyup', onKeyUp, { capture: true })
}
