// Sends what a person did to the station and says how it was taken; nothing on the page changes before the station says so.

import { labelOf } from './label.ts'
import { askRights } from './rights.tsx'
import { changeHeaders, signInAgain } from './shared/session.ts'
import { store } from './store.ts'
import { say } from './words/say.ts'
import { fill, words } from './words/words.ts'

const LIMIT_MS = 8_000
const { notice, panel } = words.board
const NAME_KEY = 'reseal.name'
const isBadge = (text: string) => /^\s*RSLB\./i.test(text)

export const personName = (): string => localStorage.getItem(NAME_KEY) ?? ''
export const setPersonName = (name: string): void => localStorage.setItem(NAME_KEY, name.trim())

interface Reply {
  readonly taken?: string
  readonly bay?: string
  readonly title?: string
  readonly hint?: string
  readonly detail?: string
}

/** True when it was taken; the notice line tells either way. */
async function post(path: string, body: object, what: string, isScan = false): Promise<boolean> {
  const by = personName() || 'board'
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...changeHeaders() },
      body: JSON.stringify('badge' in body ? body : { ...body, by }),
      signal: AbortSignal.timeout(LIMIT_MS),
    })
    if (response.status === 401) void signInAgain()
    // A badge ran out, or an account changed since this page was told.
    if (response.status === 401 || response.status === 403) void askRights()
    const reply = (await response.json()) as Reply
    if (response.ok) {
      // A scan says which bay took it; everything else names its bay itself.
      const form = reply.bay === undefined || !isScan ? notice.taken : notice.takenBy
      store.say({ text: fill(form, { what, bay: labelOf(reply.bay ?? '') }), isGood: true })
      return true
    }
    const why = [reply.title, reply.hint]
      .flatMap((part) => part ?? [])
      .map(say)
      .join(' ')
    store.say({ text: fill(notice.refused, { what, why }), isGood: false })
  } catch {
    store.say({ text: fill(notice.noAnswer, { what }), isGood: false })
  }
  return false
}

const at = (bay: string, action: string) =>
  `/api/v1/bays/${encodeURIComponent(bay)}/actions/${action}`
const named = (bay: string, label: string) => fill(notice.ofBay, { bay: labelOf(bay), what: label })

export const sendAnswer = (
  bay: string,
  prompt: string,
  answer: string,
  label: string,
  text?: string,
): Promise<boolean> =>
  post(at(bay, 'answer'), { prompt, answer, ...(text ? { text } : {}) }, named(bay, label))

export const sendUndo = (bay: string, prompt: string): Promise<boolean> =>
  post(at(bay, 'undo'), { prompt }, named(bay, panel.undo))

export const sendAction = (bay: string, action: string, label: string): Promise<boolean> =>
  post(at(bay, action), {}, named(bay, label))

/** A badge at a kiosk: what follows is done by its owner. It is never sent to a bay. */
async function sendBadge(badge: string): Promise<boolean> {
  const isTaken = await post('/api/v1/session/badge', { badge }, words.trust.badge)
  if (isTaken) await askRights()
  return isTaken
}

/** A scan made at a certain bay, or one that the station has to route by its content. */
export const sendScan = (text: string, bay?: string): Promise<boolean> =>
  isBadge(text)
    ? sendBadge(text.trim())
    : post(
        bay === undefined ? '/api/v1/scan' : at(bay, 'scan'),
        { text },
        fill(notice.scan, { text: text.slice(0, 24) }),
        true,
      )
