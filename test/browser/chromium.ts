// Opens Debian's Chromium with a fresh profile and without a word to the outside, and keeps what the page complains of.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Browser {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors of the console and of scripts, and requests that went to another host. */
  readonly complaints: string[]
  close(): Promise<void>
}

/**
 * Without a graphics card each moving sign costs a tenth of a core: pages stand still unless `motion` is what is tested.
 * @param own every request of the page must go there
 */
export async function openBrowser(
  own: string,
  size = { width: 1920, height: 1080 },
  motion: 'reduce' | 'no-preference' = 'reduce',
  flags: readonly string[] = [],
): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'reseal-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    args: [...FLAGS, ...flags],
    viewport: size,
    screen: size,
    reducedMotion: motion,
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${own}/`)) complaints.push(`went outside: ${request.url()}`)
  })
  return {
    context,
    page,
    complaints,
    close: async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
