// The parts of an open bay that its panel, its page and the phone share: names to compare, taking back, facts.
import type { BayView } from '../core/view.ts'
import { canUndo, KEY_UNDO } from './letters.ts'
import { sendUndo } from './post.ts'
import { useMay } from './rights.tsx'
import { store } from './store.ts'
import { duration, secondsUntil, useTimed } from './time.ts'
import { langOf, say } from './words/say.ts'
import { words } from './words/words.ts'

const { panel, facts, steps, grades } = words.board

export function Names({ names }: { readonly names: NonNullable<BayView['prompt']>['names'] }) {
  if (names === undefined || Object.keys(names).length === 0) return null
  return (
    <dl class="names" aria-label={panel.compareThese}>
      {(['organisation', 'profile', 'user'] as const).map((field) =>
        names[field] === undefined ? null : (
          <div key={field}>
            <dt>{panel[field]}</dt>
            <dd>{names[field]}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

export function Undo({ view }: { readonly view: BayView }) {
  const left = useTimed((now) =>
    canUndo(view, now) ? secondsUntil(view.undoUntil ?? now, now) : 0,
  )
  const may = useMay()
  const prompt = store.lastPrompt(view.bay)
  if (left <= 0 || !may('bays.answer')) return null
  return (
    <button type="button" class="undo" data-answer onClick={() => sendUndo(view.bay, prompt)}>
      <kbd>{KEY_UNDO}</kbd> {panel.undo} ({left} s)
    </button>
  )
}

const named = (table: Readonly<Record<string, string>>, key: string | null): string | null =>
  key === null ? null : (table[key] ?? key)

export function Facts({ view }: { readonly view: BayView }) {
  const inStep = useTimed((now) => duration(now - view.since))
  const limit = useTimed((now) => (view.deadline === null ? '' : duration(view.deadline - now)))
  const { fault, afterRun } = view
  const rows: readonly (readonly [string, string | null])[] = [
    [facts.serial, view.serial],
    [facts.step, named(steps, view.step)],
    [facts.for, inStep],
    [facts.limit, limit === '' ? null : limit],
    [facts.code, view.code],
    [facts.proof, named(grades, view.grade)],
  ]
  return (
    <>
      {afterRun === undefined ? null : <p class="after-run">{facts[afterRun]}</p>}
      <dl class="facts">
        {rows.map(([name, value]) =>
          value === null || value === '' ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
        {fault === null ? null : (
          <div>
            <dt>{facts.fault}</dt>
            <dd>
              {fault.code}. <span {...langOf(fault.hint)}>{say(fault.hint)}</span>
            </dd>
          </div>
        )}
      </dl>
    </>
  )
}
