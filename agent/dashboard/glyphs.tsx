// The glyphs of the signal table as drawings: told apart by shape alone, so that colour is never the only difference.
import type { SignalRow } from '../core/signals.ts'
import { words } from './words/words.ts'

const stroke = {
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': 12,
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const
const fill = { fill: 'currentColor' } as const

const Ring = () => <circle cx="50" cy="50" r="36" {...stroke} stroke-width={9} />
const Hourglass = () => (
  <g>
    <path d="M26 12h48M26 88h48" {...stroke} stroke-width={10} />
    <path
      d="M32 14c0 24 12 28 18 36-6 8-18 12-18 36M68 14c0 24-12 28-18 36 6 8 18 12 18 36"
      {...stroke}
      stroke-width={8}
    />
    <path d="M38 82c4-12 10-14 12-20 2 6 8 8 12 20z" {...fill} />
  </g>
)
const Hand = () => (
  <path
    d="M30 52V24a7 7 0 0 1 14 0v20h2V14a7 7 0 0 1 14 0v30h2V20a7 7 0 0 1 14 0v30h2V32a7 7 0 0 1 13 0v32c0 20-12 32-30 32-16 0-22-6-30-18L14 58c-5-8 4-14 10-8z"
    {...fill}
  />
)
const Bars = () => <path d="M34 14v72M66 14v72" {...stroke} stroke-width={18} />
const Check = () => <path d="M14 54l24 24 48-54" {...stroke} stroke-width={16} />
const Cross = () => <path d="M20 20l60 60M80 20L20 80" {...stroke} stroke-width={16} />
const Triangle = () => <path d="M50 8L96 90H4zM50 38v24M50 76v1" {...stroke} stroke-width={11} />
const Wrench = () => (
  <path
    d="M92 26a26 26 0 0 1-36 30L26 88a10 10 0 0 1-14-14l32-30A26 26 0 0 1 74 8L60 22l4 14 14 4z"
    {...fill}
  />
)
const Bar = () => <path d="M12 50h76" {...stroke} stroke-width={18} />
/** The lamp test goes through every colour. */
const All = () => (
  <g>
    {['#C62828', '#FFD23F', '#2BC98A', '#2F81E8', '#7A2A94', '#FFFFFF'].map((colour, index) => (
      <circle
        key={colour}
        cx={24 + (index % 3) * 26}
        cy={index < 3 ? 36 : 64}
        r="11"
        fill={colour}
      />
    ))}
  </g>
)

const DRAWN: Readonly<Record<Exclude<SignalRow['glyph'], 'arc'>, () => preact.JSX.Element>> = {
  ring: Ring,
  hourglass: Hourglass,
  hand: Hand,
  bars: Bars,
  check: Check,
  cross: Cross,
  triangle: Triangle,
  wrench: Wrench,
  bar: Bar,
  all: All,
}

export function Glyph({ glyph }: { readonly glyph: Exclude<SignalRow['glyph'], 'arc'> }) {
  const Drawn = DRAWN[glyph]
  return (
    <svg class="glyph" viewBox="0 0 100 100" aria-hidden="true">
      <Drawn />
    </svg>
  )
}

const AROUND = 2 * Math.PI * 41

/** Share done as an arc with its percent; without an expectation a part of a ring that turns. */
export function Arc({
  percent,
  longer,
}: {
  readonly percent: number | null
  readonly longer: boolean
}) {
  const length = percent === null ? AROUND / 4 : (AROUND * Math.min(percent, 100)) / 100
  return (
    <svg
      class={percent === null ? 'glyph arc turns' : 'glyph arc'}
      viewBox="0 0 100 100"
      aria-hidden="true"
    >
      <circle class="track" cx="50" cy="50" r="41" fill="none" stroke-width="11" />
      <circle
        class={longer ? 'share longer' : 'share'}
        cx="50"
        cy="50"
        r="41"
        fill="none"
        stroke-width="11"
        stroke-linecap={longer ? 'butt' : 'round'}
        stroke-dasharray={longer ? '6 4' : `${length} ${AROUND}`}
        transform="rotate(-90 50 50)"
      />
      {percent === null ? null : (
        <text x="50" y="50" text-anchor="middle" dominant-baseline="central">
          {longer ? words.board.tile.long : `${percent}%`}
        </text>
      )}
    </svg>
  )
}
