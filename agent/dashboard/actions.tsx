// What a person may ask of a bay besides its question; what ends something is asked twice.
import { useEffect, useState } from 'preact/hooks'
import type { BayView } from '../core/view.ts'
import { type ActionWords, actionsOf } from './bays.ts'
import { neededFor } from './may.ts'
import { sendAction } from './post.ts'
import { useMay } from './rights.tsx'

/** A first press that nobody confirms is forgotten, ms. */
const CONFIRM_MS = 6_000

export function Actions({ view }: { readonly view: BayView }) {
  const [asked, setAsked] = useState<string | null>(null)
  const may = useMay()
  useEffect(() => {
    if (asked === null) return
    const timer = window.setTimeout(() => setAsked(null), CONFIRM_MS)
    return () => window.clearTimeout(timer)
  }, [asked])
  const press = ({ action, label, confirm }: ActionWords) => {
    if (confirm !== undefined && asked !== action) {
      setAsked(action)
      return
    }
    setAsked(null)
    void sendAction(view.bay, action, label)
  }
  const own = actionsOf(view).filter(({ action }) => may(neededFor(action)))
  if (own.length === 0) return null
  return (
    <div class="actions">
      {own.map((one) => (
        <button
          type="button"
          key={one.action}
          class={asked === one.action ? 'action sure' : 'action'}
          data-answer
          data-action={one.action}
          onClick={() => press(one)}
        >
          {asked === one.action ? one.confirm : one.label}
        </button>
      ))}
    </div>
  )
}
