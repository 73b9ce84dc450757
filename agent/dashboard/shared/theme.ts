// Dark, light, or as the screen asks: set before the first paint, kept on this screen.

export const THEMES = ['auto', 'dark', 'light'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'reseal.theme'

/** What was chosen on this screen, else `otherwise`: a wall of tiles is dark unless somebody wants it light. */
export function theme(otherwise: Theme = 'auto'): Theme {
  const kept = localStorage.getItem(KEY)
  return THEMES.find((one) => one === kept) ?? otherwise
}

export function setTheme(chosen: Theme): void {
  localStorage.setItem(KEY, chosen)
  applyTheme()
}

/** Puts the theme on the page: `data-theme` of the root element, which base.css reads. */
export function applyTheme(otherwise: Theme = 'auto'): void {
  document.documentElement.dataset['theme'] = theme(otherwise)
}
