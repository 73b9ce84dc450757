// Dark, light, or as the screen asks: set before the first paint, kept on this screen.

export const THEMES = ['auto', 'dark', 'light'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'reseal.theme'

export function theme(): Theme {
  const kept = localStorage.getItem(KEY)
  return THEMES.find((one) => one === kept) ?? 'auto'
}

export function setTheme(chosen: Theme): void {
  localStorage.setItem(KEY, chosen)
  applyTheme()
}

/** Puts the theme on the page: `data-theme` of the root element, which base.css reads. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = theme()
}
