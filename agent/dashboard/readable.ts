// From how far the present grid can be read on this screen, so that the person who hangs the monitor knows.

/** Capital height that reads well: 20 minutes of arc (signal page: 17.5 mm at 3 m). */
const MM_PER_METRE = 1000 * Math.tan((20 / 60) * (Math.PI / 180))
/** Capital height over font size of the usual sans fonts: 0.716 to 0.729. */
const CAPITAL = 0.72
const INCH_MM = 25.4
const KEY = 'reseal.screen-inches'
const INCHES_DEFAULT = 24

export const SCREEN_INCHES = [10, 13, 15, 19, 22, 24, 27, 32, 43, 50, 55, 65] as const

export const screenInches = (): number => Number(localStorage.getItem(KEY)) || INCHES_DEFAULT
export const setScreenInches = (inches: number): void => localStorage.setItem(KEY, String(inches))

/** Metres for a font of `px` CSS pixels on a screen of `inches`, whose size in CSS pixels is given. */
export function metresFor(px: number, inches: number, width: number, height: number): number {
  const mmPerPx = (inches * INCH_MM) / Math.hypot(width, height)
  return (px * CAPITAL * mmPerPx) / MM_PER_METRE
}

/** Metres for the number and the word of the tiles as they are painted now; null before there are tiles. */
export function readableFrom(): { readonly number: number; readonly word: number } | null {
  const metres = (selector: string) => {
    const element = document.querySelector(selector)
    if (element === null) return null
    const px = Number.parseFloat(getComputedStyle(element).fontSize)
    return metresFor(px, screenInches(), screen.width, screen.height)
  }
  const [number, word] = [metres('.tile .number'), metres('.tile .word')]
  return number === null || word === null ? null : { number, word }
}
