// One bay live on a page of its own: the board's stream and keyboard, and the way to another bay by its number.
import { startKeys } from './keys.ts'
import { watchRights } from './rights.tsx'
import { watchSounds } from './sound.ts'
import { store } from './store.ts'
import { startStream } from './stream.ts'

/** The bay that the address names; null when it names none. */
export const askedBay = (): string | null => new URLSearchParams(location.search).get('bay')

/** Opens stream and keyboard for the bay; another bay chosen by number, or Escape, leaves the page. */
export function startBay(bay: string, page: string): void {
  store.openPanel({ bay })
  store.on('panel', () => {
    const { open } = store
    if (open === null || open === 'settings') location.assign('/')
    else if (open.bay !== bay) location.assign(`${page}?bay=${encodeURIComponent(open.bay)}`)
  })
  watchSounds()
  startKeys()
  startStream()
  watchRights()
}
