// The open bay: what it asks, the names to compare, big answers, what can be taken back, and what may be asked of it.
import { useEffect, useRef } from 'preact/hooks'
import { SIGNAL_TABLE } from '../core/signals.ts'
import { Actions } from './actions.tsx'
import { Answers } from './answers.tsx'
import { Facts, Names, Undo } from './bay-parts.tsx'
import { Checks } from './checks.tsx'
import { isKiosk } from './kiosk.ts'
import { labelOf } from './label.ts'
import { LookOnly, useMay } from './rights.tsx'
import { Settings } from './settings.tsx'
import { store, useTopic } from './store.ts'
import { langOf, say } from './words/say.ts'
import { fill, words } from './words/words.ts'

const { panel, settings } = words.board
const close = () => store.openPanel(null)

function BayPanel({ bay }: { readonly bay: string }) {
  useTopic(`bay:${bay}`)
  useTopic('link')
  const may = useMay()
  const view = store.view(bay)
  if (view === undefined) return null
  const row = SIGNAL_TABLE[view.signal]
  const line = view.prompt?.line ?? view.line
  return (
    <>
      <header class={row.loud ? 'loud' : 'quiet'} style={{ '--c': row.colour, '--ink': row.ink }}>
        <b class="number">{labelOf(bay)}</b>
        <span class="says">
          <b>{say(view.word)}</b>
          <span {...langOf(line)}>{say(line)}</span>
        </span>
        <button type="button" class="close" aria-label={words.board.panel.close} onClick={close}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path
              d="M5 5l14 14M19 5L5 19"
              stroke="currentColor"
              stroke-width="3"
              stroke-linecap="round"
            />
          </svg>
        </button>
      </header>
      <div class="body">
        <Undo view={view} />
        {view.prompt === null ? null : (
          <>
            <Names names={view.prompt.names} />
            <Answers key={view.prompt.id} bay={bay} prompt={view.prompt} />
          </>
        )}
        <Checks view={view} />
        <Facts view={view} />
        {view.prompt === null && !may('bays.answer') ? <LookOnly /> : null}
        <Actions key={view.signal} view={view} />
        {isKiosk ? null : (
          <a class="more" href={`/bay?bay=${encodeURIComponent(bay)}`}>
            {words.board.panel.bayPage}
          </a>
        )}
      </div>
    </>
  )
}

export function Panel() {
  useTopic('panel')
  const { open } = store
  const box = useRef<HTMLElement>(null)
  const what = open === null ? '' : open === 'settings' ? open : open.bay
  // Focus stands on the panel, never on an answer: no key that is meant for something else may press one.
  useEffect(() => {
    if (what !== '') box.current?.focus()
  }, [what])
  if (open === null) return null
  return (
    <>
      <button
        type="button"
        class="shade"
        aria-label={words.board.panel.close}
        tabIndex={-1}
        onClick={close}
      />
      <section
        class="panel"
        role="dialog"
        aria-modal="true"
        aria-label={
          open === 'settings' ? settings.title : fill(panel.bay, { bay: labelOf(open.bay) })
        }
        tabIndex={-1}
        ref={box}
      >
        {open === 'settings' ? <Settings onClose={close} /> : <BayPanel bay={open.bay} />}
      </section>
    </>
  )
}
