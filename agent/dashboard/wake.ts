// Keeps the screen awake while the board is seen, and says honestly when the browser does not.
import { store } from './store.ts'

export type Wake = 'on' | 'refused' | 'none'

let state: Wake = 'none'
let lock: WakeLockSentinel | null = null

export const wakeState = (): Wake => state

function tell(now: Wake): void {
  state = now
  store.tell('station')
}

async function hold(): Promise<void> {
  if (document.visibilityState !== 'visible' || (lock !== null && !lock.released)) return
  // Absent where the page is not trusted (plain http from another PC) and in old browsers.
  if (!('wakeLock' in navigator)) {
    tell(window.isSecureContext ? 'none' : 'refused')
    return
  }
  try {
    lock = await navigator.wakeLock.request('screen')
    lock.addEventListener('release', () => tell('refused'))
    tell('on')
  } catch {
    tell('refused')
  }
}

/** The browser lets go whenever the page is hidden: it is asked again when it is seen. */
export function keepAwake(): void {
  void hold()
  document.addEventListener('visibilitychange', () => void hold())
}
