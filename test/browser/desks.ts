// The desks in a browser: a station over a real ledger, with a day's devices in it.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type DeskOptions, type DeskStation, openDesk } from '../integration/desk/desk-station.ts'
import { type Browser, openBrowser } from './chromium.ts'
import { aDay } from './desk-day.ts'

const DIST = join(import.meta.dirname, '../../agent/dashboard/dist')
export interface DeskFixture {
  readonly page: Page
  readonly desk: DeskStation
  /** What the browser itself reports when the test provokes it. */
  allow(pattern: RegExp): void
}

export function useDesks(options: Omit<DeskOptions, 'board'> = {}): DeskFixture {
  let desk: DeskStation
  let browser: Browser
  let allowed: RegExp | null = null
  beforeAll(async () => {
    desk = await openDesk({ ...options, board: DIST })
    await aDay(desk)
    browser = await openBrowser(desk.url, { width: 1920, height: 1080 })
  })
  // One browser for the file: each test opens its page anew, with nothing kept from the one before.
  afterEach(async () => {
    await browser.context.setOffline(false)
    await browser.page.evaluate('localStorage.clear()')
    await browser.page.emulateMedia({ media: null })
    const complaints = browser.complaints.splice(0)
    const pattern = allowed
    allowed = null
    expect(complaints.filter((text) => pattern?.test(text) !== true)).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await desk?.close()
  })
  return {
    get page() {
      return browser.page
    },
    get desk() {
      return desk
    },
    allow: (pattern) => {
      allowed = pattern
    },
  }
}
