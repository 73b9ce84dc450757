// What tests ask inside the page, as text: the types of the tests are Node's, not a browser's.

/** Names of parts that stick out of their tile. */
export const STICKS_OUT = `(all) => all.flatMap((element) => {
  const outer = element.getBoundingClientRect()
  return [...element.querySelectorAll('.number, .word, .small, .glyph')]
    .filter((part) => {
      const range = document.createRange()
      range.selectNodeContents(part)
      const inner = range.getBoundingClientRect()
      return inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1
    })
    .map((part) => element.dataset.bay + ': ' + part.textContent)
})`

/** Height of the glyph as a share of its tile. */
export const GLYPH_SHARE = `(element) =>
  element.querySelector('.glyph').getBoundingClientRect().height /
  element.getBoundingClientRect().height`

/** Capital heights of number and word, CSS px. */
export const CAPITALS = `(element) => ['.number', '.word'].map(
  (part) => parseFloat(getComputedStyle(element.querySelector(part)).fontSize) * 0.72)`

export const BACKGROUND = `(element) => getComputedStyle(element).backgroundColor`
export const TABLE_COLOUR = `(element) => getComputedStyle(element).getPropertyValue('--c').trim()`
export const SCROLLS = `document.documentElement.scrollHeight > innerHeight + 1`
export const BAY_NUMBERS = `(all) => all.map((element) => Number(element.dataset.bay))`
export const HEIGHTS = `(all) => all.map((element) => element.getBoundingClientRect().height)`
export const ANIMATIONS = `document.getAnimations().length`

/** Keeps the bays whose tile is touched; times and percents go on by themselves. */
export const WATCH_TILES = `{
  window.touched = new Set()
  new MutationObserver((all) => {
    for (const { target } of all) {
      const element = target instanceof Element ? target : target.parentElement
      if (element?.closest('.time, .arc, .bar')) continue
      window.touched.add(element?.closest('[data-bay]')?.dataset.bay ?? 'grid')
    }
  }).observe(document.querySelector('.grid'), {
    subtree: true, childList: true, attributes: true, characterData: true,
  })
}`
export const TOUCHED = `[...window.touched]`
