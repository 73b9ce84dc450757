// A QR code as a drawing in the page itself: nothing is asked of another host, and it prints sharp.
import { drawingSVG, qrcode } from 'bwip-js/browser'

/** bwip-js draws a module two units wide. */
const MODULE = 2

/** The code of `text`, or null when there is no room for it. */
function pathsOf(text: string): { readonly size: number; readonly d: string } | null {
  try {
    // `eclevel` is an option of the symbol, which the types of the package do not list.
    const options = { bcid: 'qrcode', text, scale: 1, eclevel: 'M' }
    const svg = qrcode(options, drawingSVG())
    const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1] ?? 0)
    const d = [...svg.matchAll(/ d="([^"]+)"/g)].map(([, path]) => path).join('')
    return size === 0 || d === '' ? null : { size, d }
  } catch {
    return null
  }
}

/** Four modules of quiet ground around it (ISO/IEC 18004); black on white in either theme, or no phone reads it. */
export function Qr({ text, label }: { readonly text: string; readonly label: string }) {
  const code = pathsOf(text)
  if (code === null) return null
  const quiet = 4 * MODULE
  const whole = code.size + 2 * quiet
  return (
    <svg class="qr" viewBox={`0 0 ${whole} ${whole}`} role="img" aria-label={label}>
      <rect width={whole} height={whole} fill="#fff" />
      <path d={code.d} fill="#000" transform={`translate(${quiet} ${quiet})`} />
    </svg>
  )
}
