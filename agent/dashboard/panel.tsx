// The open bay: what it asks, the names to compare, big answers, what can be taken back, and what may be asked of it.
import { useEffect, useRef } from 'preact/hooks'
import { SIGNAL_TABLE } from '../core/signals.ts'
import type { BayView } from '../core/view.ts'
import { Actions } from './actions.tsx'
import { Answers } from './answers.tsx'
import { Checks } from './checks.tsx'
import { canUndo, KEY_UNDO } from './letters.ts'
import { sendUndo } from './post.ts'
import { Settings } from './settings.tsx'
import { store, useTopic } from './store.ts'
import { duration, secondsUntil, useTimed } from './time.ts'
import { labelOf, NAME_LABELS, WORDS } from './words.ts'

const close = () => store.openPanel(null)

function Names({ names }: { readonly names: NonNullable<BayView['prompt']>['names'] }) {
  if (names === undefined || Object.keys(names).length === 0) return null
  return (
    <dl class="names" aria-label={WORDS.compareThese}>
      {(['organisation', 'profile', 'user'] as const).map((field) =>
        names[field] === undefined ? null : (
          <div key={field}>
            <dt>{NAME_LABELS[field]}</dt>
            <dd>{names[field]}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

function Undo({ view }: { readonly view: BayView }) {
  const left = useTimed((now) =>
    canUndo(view, now) ? secondsUntil(view.undoUntil ?? now, now) : 0,
  )
  const prompt = store.lastPrompt(view.bay)
  if (left <= 0) return null
  return (
    <button type="button" class="undo" data-answer onClick={() => sendUndo(view.bay, prompt)}>
      <kbd>{KEY_UNDO}</kbd> {WORDS.undo} ({left} s)
    </button>
  )
}

function Facts({ view }: { readonly view: BayView }) {
  const inStep = useTimed((now) => duration(now - view.since))
  const limit = useTimed((now) => (view.deadline === null ? '' : duration(view.deadline - now)))
  const facts: readonly (readonly [string, string | null])[] = [
    ['Serial', view.serial],
    ['Step', view.step],
    ['For', inStep],
    ['Limit in', limit === '' ? null : limit],
    ['Code', view.code],
    ['Proof', view.grade],
    ['Fault', view.fault === null ? null : `${view.fault.code}. ${view.fault.hint}`],
  ]
  return (
    <dl class="facts">
      {facts.map(([name, value]) =>
        value === null || value === '' ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

function BayPanel({ bay }: { readonly bay: string }) {
  useTopic(`bay:${bay}`)
  useTopic('link')
  const view = store.view(bay)
  if (view === undefined) return null
  const row = SIGNAL_TABLE[view.signal]
  return (
    <>
      <header class={row.loud ? 'loud' : 'quiet'} style={{ '--c': row.colour, '--ink': row.ink }}>
        <b class="number">{labelOf(bay)}</b>
        <span class="says">
          <b>{view.word}</b>
          <span>{view.prompt?.line ?? view.line}</span>
        </span>
        <button type="button" class="close" aria-label={WORDS.close} onClick={close}>
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
        <Actions key={view.signal} view={view} />
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
      <button type="button" class="shade" aria-label={WORDS.close} tabIndex={-1} onClick={close} />
      <section class="panel" role="dialog" aria-modal="true" tabIndex={-1} ref={box}>
        {open === 'settings' ? <Settings onClose={close} /> : <BayPanel bay={open.bay} />}
      </section>
    </>
  )
}
