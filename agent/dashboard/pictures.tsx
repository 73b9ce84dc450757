// Small drawings of what a screen may show instead, so that "something else" needs no reading.
import type { Choice } from '../core/view.ts'

type Picture = NonNullable<Choice['picture']>

const lines = (ys: readonly number[], from: number, to: number, colour: string) =>
  ys.map((y) => (
    <path
      key={y}
      d={`M${from} ${y}H${to}`}
      stroke={colour}
      stroke-width="3"
      stroke-linecap="round"
    />
  ))

const text = (x: number, y: number, size: number, colour: string, words: string) => (
  <text x={x} y={y} font-size={size} fill={colour} text-anchor="middle" font-weight="700">
    {words}
  </text>
)

/** What stands inside the frame of a 96 by 60 screen. */
function inside(picture: Picture) {
  switch (picture) {
    case 'dark':
      return <rect width="96" height="60" fill="#000" />
    case 'firmware':
      return (
        <g>
          <rect width="96" height="60" fill="#0b1420" />
          <rect
            x="20"
            y="24"
            width="56"
            height="14"
            rx="2"
            fill="none"
            stroke="#c9d4e2"
            stroke-width="2"
          />
          {text(48, 17, 9, '#c9d4e2', 'PASSWORD')}
          {text(48, 36, 12, '#c9d4e2', '••••')}
        </g>
      )
    case 'boot-error':
      return (
        <g>
          <rect width="96" height="60" fill="#000" />
          {text(48, 26, 10, '#e8e8e8', 'No boot')}
          {text(48, 38, 10, '#e8e8e8', 'device')}
          {lines([50], 10, 18, '#e8e8e8')}
        </g>
      )
    case 'bitlocker':
      return (
        <g>
          <rect width="96" height="60" fill="#0063b1" />
          <rect x="10" y="22" width="16" height="13" rx="2" fill="#fff" />
          <path d="M13 22v-5a5 5 0 0 1 10 0v5" fill="none" stroke="#fff" stroke-width="3" />
          {text(60, 18, 9, '#fff', 'Recovery')}
          {text(60, 34, 8, '#fff', '123456-12…')}
          {lines([44, 50], 34, 84, '#9fc8ea')}
        </g>
      )
    case 'desktop':
      return (
        <g>
          <rect width="96" height="60" fill="#2a6fb8" />
          <rect y="50" width="96" height="10" fill="#e9eef5" />
          <path d="M42 52h5v5h-5zM49 52h5v5h-5z" fill="#2a6fb8" />
          <path d="M8 8h10v8H8zM8 24h10v8H8z" fill="#fff" opacity=".9" />
        </g>
      )
    case 'menu':
      return (
        <g>
          <rect width="96" height="60" fill="#dfe9f5" />
          <rect x="16" y="8" width="64" height="44" rx="3" fill="#fff" stroke="#7b8794" />
          {lines([18, 27, 36], 24, 70, '#56616e')}
          {text(48, 49, 9, '#b42318', '? ? ?')}
        </g>
      )
    case 'language':
      return (
        <g>
          <rect width="96" height="60" fill="#e8f0fa" />
          {text(30, 27, 17, '#23303d', 'ñ')}
          {text(66, 27, 17, '#23303d', 'Ж')}
          {text(48, 50, 17, '#23303d', 'ع')}
        </g>
      )
    default:
      return (
        <g>
          <rect width="96" height="60" fill="#39424d" />
          {text(48, 44, 38, '#fff', '?')}
        </g>
      )
  }
}

export function ScreenPicture({ picture }: { readonly picture: Picture }) {
  return (
    <svg class="picture" viewBox="-3 -3 102 66" aria-hidden="true">
      <rect x="-3" y="-3" width="102" height="66" rx="5" fill="#0a0d10" stroke="#5d6875" />
      {inside(picture)}
    </svg>
  )
}
