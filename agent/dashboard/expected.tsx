// Drawings of the page that a question expects, so that a person compares shapes and not words.
import type { BayView } from '../core/view.ts'

type Expected = 'options' | 'choose' | 'names' | 'green' | 'red' | 'retry'

/** By the phase that asks; null: what is asked has no one page. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  summon: 'options',
  selecting: 'choose',
  reviewing: 'names',
  provisioning: 'green',
  failing: 'red',
  'retry-confirm': 'retry',
}
export const expectedOf = (view: BayView): Expected | null =>
  view.prompt === null ? null : (EXPECTED[view.state] ?? null)

const INK = '#1f2933'
const PALE = '#8a97a5'
const FRAME = '#d4380d'

const bar = (x: number, y: number, width: number, colour = PALE, height = 4) => (
  <rect x={x} y={y} width={width} height={height} rx="2" fill={colour} />
)
const framed = (x: number, y: number, width: number, height: number) => (
  <rect x={x} y={y} width={width} height={height} fill="none" stroke={FRAME} stroke-width="2.5" />
)
const button = (x: number, y: number, colour: string) => (
  <rect x={x} y={y} width="26" height="10" rx="2" fill={colour} />
)
const paper = (colour = '#fff') => (
  <g>
    <rect width="160" height="100" fill="#dfe9f5" />
    <rect x="14" y="10" width="132" height="80" rx="3" fill={colour} />
  </g>
)

function inside(page: Expected) {
  switch (page) {
    case 'options':
      return (
        <g>
          {paper()}
          {bar(24, 18, 70, INK)}
          {[34, 48, 62].map((y) => bar(32, y, 84))}
          {framed(26, 30, 108, 40)}
          {button(110, 76, '#c3ccd6')}
        </g>
      )
    case 'choose':
      return (
        <g>
          {paper()}
          {bar(24, 18, 70, INK)}
          <circle cx="29" cy="38" r="4" fill="none" stroke={INK} stroke-width="2" />
          <circle cx="29" cy="54" r="4" fill="none" stroke={INK} stroke-width="2" />
          <circle cx="29" cy="54" r="2" fill={INK} />
          {bar(40, 36, 70)}
          {bar(40, 52, 84, INK)}
          {button(110, 74, '#0b57c2')}
          {framed(107, 71, 32, 16)}
        </g>
      )
    case 'names':
      return (
        <g>
          {paper()}
          {bar(24, 16, 60, INK)}
          {[30, 44, 58].map((y) => (
            <g key={y}>
              {bar(24, y, 32)}
              {bar(64, y, 60, INK)}
            </g>
          ))}
          <path d="M24 70h14v14H24zM28 74h6v6h-6z" fill={INK} fill-rule="evenodd" />
          {button(110, 74, '#0b57c2')}
          {framed(107, 71, 32, 16)}
        </g>
      )
    case 'green':
      return (
        <g>
          {paper('#0f7b0f')}
          <path d="M30 30l8 8 16-18" fill="none" stroke="#fff" stroke-width="5" />
          {bar(64, 24, 62, '#fff', 6)}
          {[44, 56].map((y) => bar(30, y, 96, '#cfe8cf'))}
          {button(110, 74, '#fff')}
        </g>
      )
    case 'red':
    case 'retry':
      return (
        <g>
          {paper('#b01c1c')}
          <path d="M30 22l16 16M46 22L30 38" stroke="#fff" stroke-width="5" />
          {bar(64, 24, 62, '#fff', 6)}
          <text x="30" y="60" font-size="13" font-weight="700" fill="#fff">
            0x8…
          </text>
          {button(76, 74, '#fff')}
          {button(110, 74, '#e8b4b4')}
          {page === 'retry' ? framed(73, 71, 32, 16) : null}
        </g>
      )
  }
}

export function ExpectedPage({ page, label }: { readonly page: Expected; readonly label: string }) {
  return (
    <svg class="expected" viewBox="-3 -3 166 106" role="img" aria-label={label}>
      <rect x="-3" y="-3" width="166" height="106" rx="6" fill="#0a0d10" stroke="#5d6875" />
      {inside(page)}
    </svg>
  )
}
