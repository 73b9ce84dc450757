// One bay, readable from 3 m: filled or dark, glyph, number, word, one line, small print. Never more than these six.
import { SIGNAL_TABLE } from '../core/signals.ts'
import type { BayView, Progress } from '../core/view.ts'
import { Arc, Glyph } from './glyphs.tsx'
import { labelOf } from './label.ts'
import { store, useTopic } from './store.ts'
import { duration, ofLimit, useTimed } from './time.ts'
import { say } from './words/say.ts'
import { words } from './words/words.ts'

const inPercent = (part: number, whole: number): number =>
  Math.max(0, Math.min(99, Math.floor((part / whole) * 100)))

/** Percent of the expected time, as the topics say it too; 99 until it is over. */
export const percentOf = (progress: Progress, now: number): number =>
  inPercent(now - progress.startedAt, progress.p50Ms)

export const isLonger = (progress: Progress, now: number): boolean =>
  progress.longer || now - progress.startedAt > progress.p90Ms

/** Time in the step; with the time by which nine of ten are through, or the limit of a wait. */
function timeText(view: BayView, now: number): string {
  if (view.signal === 'empty' || view.signal === 'closed') return ''
  const { progress, deadline, since } = view
  if (view.signal === 'working' && progress !== null) {
    const spent = now - progress.startedAt
    return isLonger(progress, now) ? duration(spent) : ofLimit(spent, progress.p90Ms)
  }
  if (view.signal === 'waiting' && deadline !== null && deadline > since) {
    return ofLimit(now - since, deadline - since)
  }
  return duration(now - (view.prompt?.since ?? since))
}

function TileTime({ view }: { readonly view: BayView }) {
  return <span class="time">{useTimed((now) => timeText(view, now))}</span>
}

function TileArc({ progress }: { readonly progress: Progress | null }) {
  const isKnown = progress !== null && progress.share !== null
  const percent = useTimed((now) => (isKnown ? percentOf(progress, now) : -1))
  const longer = useTimed((now) => isKnown && isLonger(progress, now))
  return <Arc percent={isKnown ? percent : null} longer={longer} />
}

/** The bar at the foot: its end is the p90, the notch the time by which half are done; beyond, only stripes. */
function TileBar({ progress }: { readonly progress: Progress }) {
  const percent = useTimed((now) => inPercent(now - progress.startedAt, progress.p90Ms))
  const longer = useTimed((now) => isLonger(progress, now))
  if (longer) return <span class="bar longer" />
  return (
    <span class="bar">
      <span style={{ transform: `scaleX(${percent / 100})` }} />
      <i style={{ left: `${Math.round((progress.p50Ms / progress.p90Ms) * 100)}%` }} />
    </span>
  )
}

function TileLine({ view }: { readonly view: BayView }) {
  const { progress } = view
  const longer = useTimed((now) => progress !== null && isLonger(progress, now))
  return <span class="line">{longer ? words.board.tile.longer : say(view.line)}</span>
}

/** The code of a run that is over: for whoever mends it, small; its words stand in the line above. */
const codeText = ({ state, code }: BayView): string =>
  state === 'closed' || state === 'faulted' ? (code ?? '') : ''

const serialText = (serial: string | null) => (serial === null ? '' : `…${serial.slice(-6)}`)

export function Tile({
  bay,
  place,
}: {
  readonly bay: string
  /** Row and column of the bench; null where tiles flow. */
  readonly place: readonly [row: number, column: number] | null
}) {
  useTopic(`bay:${bay}`)
  const view = store.view(bay)
  if (view === undefined) return null
  const row = SIGNAL_TABLE[view.signal]
  const label = labelOf(bay)
  const word = say(view.word)
  const periodMs = row.rhythm.reduce((sum, [on, off]) => sum + on + off, 0)
  const classes = ['tile', view.signal, row.loud ? 'loud' : 'quiet', row.hatched ? 'hatched' : '']
  return (
    <button
      type="button"
      class={classes.join(' ')}
      data-bay={bay}
      style={{
        '--c': row.colour,
        '--ink': row.ink,
        '--period': `${periodMs}ms`,
        '--len': Math.max(2, label.length),
        ...(place === null ? {} : { gridRow: place[0], gridColumn: place[1] }),
        '--letters': Math.max(4, word.length),
      }}
      onClick={() => store.openPanel({ bay })}
    >
      <span class="number">{label}</span>
      {row.glyph === 'arc' ? <TileArc progress={view.progress} /> : <Glyph glyph={row.glyph} />}
      <span class="word">{word}</span>
      <TileLine view={view} />
      <span class="small">
        <span>{serialText(view.serial)}</span>
        <span class="code">{codeText(view)}</span>
        <TileTime view={view} />
      </span>
      {view.signal === 'working' && view.progress?.share != null ? (
        <TileBar progress={view.progress} />
      ) : null}
    </button>
  )
}
