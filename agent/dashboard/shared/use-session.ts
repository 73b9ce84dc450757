// Asks once for a page who is signed in at it.
import { useEffect, useState } from 'preact/hooks'
import { send } from './api.ts'
import { type Session, session } from './session.ts'

/** undefined: not known yet; null: the station does not answer. */
export function useSession(): Session | null | undefined {
  const [now, setNow] = useState<Session | null | undefined>(undefined)
  useEffect(() => void session().then(setNow, () => setNow(null)), [])
  return now
}

/** Ends the session of this browser and leads to the sign-in page, whether the station still knew it or not. */
export async function signOut(): Promise<void> {
  try {
    await send('/api/v1/session', {}, 'DELETE')
  } finally {
    location.href = '/login'
  }
}
