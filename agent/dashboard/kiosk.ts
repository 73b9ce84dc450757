// A board on a wall: no settings, no ways out, no pointer, and the new version as soon as the station serves one.
import { store } from './store.ts'

export const isKiosk = new URLSearchParams(location.search).has('kiosk')

/** How often a kiosk asks whether the files of the board are others, ms. */
const ASK_EVERY_MS = 60_000

async function tagOfBoard(): Promise<string | null> {
  try {
    const { ok, headers } = await fetch('/', { method: 'HEAD', cache: 'no-store' })
    return ok ? headers.get('etag') : null
  } catch {
    return null
  }
}

/** Loads the page anew when the station has another version or other files of the board, and nobody is at it. */
export function keepNew(): void {
  if (!isKiosk) return
  document.documentElement.classList.add('kiosk')
  let version: string | null = null
  let files: string | null = null
  const isFree = () => store.open === null
  const ask = async () => {
    const now = await tagOfBoard()
    if (now === null) return
    files ??= now
    if (files !== now && isFree()) location.reload()
  }
  store.on('station', () => {
    const now = store.station?.version ?? null
    version ??= now
    if (now !== null && now !== version && isFree()) location.reload()
  })
  void ask()
  window.setInterval(() => void ask(), ASK_EVERY_MS)
}
