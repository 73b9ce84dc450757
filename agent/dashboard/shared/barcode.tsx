// A bar code as a drawing in the page itself: it prints sharp, and black on white in either theme.
import { barsOf } from './bars.ts'

export function Barcode({ text, label }: { readonly text: string; readonly label: string }) {
  const code = barsOf(text)
  if (code === null) return null
  const { width, height, bars } = code
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect width={width} height={height} fill="#fff" />
      {bars.map((bar) => (
        <rect key={bar.x} x={bar.x} width={bar.width} height={height} fill="#000" />
      ))}
    </svg>
  )
}
