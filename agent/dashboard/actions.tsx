// What a person may ask of a bay besides its question; what ends something is asked twice.
import { useEffect, useState } from 'preact/hooks'
import type { BayView } from '../core/view.ts'
import { type ActionWords, actionsOf } from './bays.ts'
import { sendAction } from './post.ts'

/** A first press that nobody confirms is forgotten, ms. */
const CONFIRM_MS = 6_000

export function Actions({ view }: { readonly view: BayView }) {
  const [asked, setAsked] = useState<string | null>(null)
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
  return (
    <div class="actions">
      {actionsOf(view).map((one) => (
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
