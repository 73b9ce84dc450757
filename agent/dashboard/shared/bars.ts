// A Code 128 as shapes, for pages and for the sheet that the command line writes: nothing here needs a browser.
import { code128, drawingSVG } from 'bwip-js/browser'

export interface Bars {
  /** Modules, with the quiet zones of 10 on both sides (ISO/IEC 15417). */
  readonly width: number
  readonly height: number
  /** Bars as rectangles: left edge and width in modules. */
  readonly bars: readonly { readonly x: number; readonly width: number }[]
}

const QUIET = 10
/** Height of the bars in modules; the page scales them. */
const HEIGHT = 40

/** On half a page of A4 (80 mm) a module of more than this many would be finer than 0.4 mm: too fine at arm's length. */
const HALF_PAGE_MODULES = 200

/** True for a code that needs the whole width of the page. */
export const isWide = ({ width }: Bars): boolean => width > HALF_PAGE_MODULES

/** The bars of a text of printable ASCII; null for any other. */
export function barsOf(text: string): Bars | null {
  if (!/^[\x20-\x7e]{1,80}$/.test(text)) return null
  const svg = code128({ bcid: 'code128', text, scale: 1, includetext: false }, drawingSVG())
  const bars = [...svg.matchAll(/stroke-width="(\d+)" d="([^"]+)"/g)].flatMap(
    ([, width = '', path = '']) =>
      [...path.matchAll(/M(\d+(?:\.\d+)?) /g)].map(([, middle = '']) => ({
        x: QUIET + Number(middle) - Number(width) / 2,
        width: Number(width),
      })),
  )
  const end = Math.max(...bars.map(({ x, width }) => x + width))
  return { width: end + QUIET, height: HEIGHT, bars }
}
