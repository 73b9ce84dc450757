// Keeps what the person at this page may do, asked anew when a badge, a refusal or an opened bay may have changed it.
import type { Permission } from '../core/roles.ts'
import { mayDo, type Rights, wayOf } from './may.ts'
import { session } from './shared/session.ts'
import { store, useTopic } from './store.ts'
import { words } from './words/words.ts'

/** A badge ends by itself at the station; while one counts it is asked so often whether it still does, ms. */
const BADGE_EVERY_MS = 15_000

let known: Rights | null = null
let timer: number | undefined

/** Asks the station; what is known stays when it does not answer. */
export async function askRights(): Promise<void> {
  window.clearTimeout(timer)
  try {
    const now = await session()
    const before = JSON.stringify(known)
    known = now
    if (JSON.stringify(now) !== before) store.tell('rights')
  } catch {
    // The station is away: the page says so by itself.
  }
  window.clearTimeout(timer)
  if (known?.person?.via === 'badge')
    timer = window.setTimeout(() => void askRights(), BADGE_EVERY_MS)
}

/** Once a page; where nobody signs in nothing can change. */
export function watchRights(): void {
  void askRights()
  store.on('panel', () => {
    if (store.open !== null && known?.signIn !== 'none') void askRights()
  })
}

export const may = (what: Permission): boolean => mayDo(known, what)

/** `may` for a component, painted again when it changes. */
export function useMay(): typeof may {
  useTopic('rights')
  return may
}

export const way = (): ReturnType<typeof wayOf> => wayOf(known)

/** One line where buttons would stand that this person may not press, with the way to them. */
export function LookOnly() {
  const { panel, phone } = words.board
  return <p class="look-only">{way() === 'badge' ? panel.lookOnlyBadge : phone.lookOnly}</p>
}
