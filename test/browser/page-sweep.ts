// Opens a page in a language, theme and size, and asks axe-core and the layout what a person would stumble over.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Look {
  readonly language: 'en' | 'de' | 'es'
  readonly theme: 'dark' | 'light'
  readonly size: { readonly width: number; readonly height: number }
}

const WALL = { width: 1920, height: 1080 }
const PHONE = { width: 390, height: 844 }

/** Six looks in which every two of language, theme and size stand together at least once. */
export const LOOKS: readonly Look[] = [
  { language: 'en', theme: 'dark', size: WALL },
  { language: 'en', theme: 'light', size: PHONE },
  { language: 'de', theme: 'light', size: WALL },
  { language: 'de', theme: 'dark', size: PHONE },
  { language: 'es', theme: 'dark', size: WALL },
  { language: 'es', theme: 'light', size: PHONE },
]

export const nameOf = ({ language, theme, size }: Look): string =>
  `${language} ${theme} ${size.width}×${size.height}`

/** Puts the look on a page that is open at the station; the next navigation shows it. */
export async function dress(page: Page, { language, theme, size }: Look): Promise<void> {
  await page.setViewportSize(size)
  await page.evaluate(
    `localStorage.setItem('reseal.language', '${language}'); localStorage.setItem('reseal.theme', '${theme}')`,
  )
}

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** What axe-core finds of serious or critical kind under WCAG 2.2 A and AA, one line each. */
export async function seriousOf(page: Page): Promise<readonly string[]> {
  // The page's own policy forbids foreign scripts: the browser itself puts it in.
  await page.evaluate(AXE)
  const tags = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']"
  const found = await page.evaluate<readonly Violation[]>(
    `axe.run(document, { runOnly: { type: 'tag', values: ${tags} }, resultTypes: ['violations'] }).then((all) => all.violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`,
  )
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) =>
          `${id}: ${html.slice(0, 160)} ${failureSummary.replace(/\s+/g, ' ').slice(0, 240)}`,
      ),
    )
}

/** True when the page itself is wider than the screen: a person would have to push it about. */
export const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth + 1')
