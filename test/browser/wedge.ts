// A keyboard-wedge scanner: real key events of the browser with a wedge's own times, however busy the machine is.
import type { Page } from 'playwright-core'

/** A usual wedge sends a key each 5 ms. */
const GAP_MS = 5

/** Types a label and its suffix, all keys on their way before the first one is answered. */
export async function scanBy(
  page: Page,
  text: string,
  suffix: 'Enter' | 'Tab' | null,
): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const keys = [...text, ...(suffix === null ? [] : [suffix])]
  const from = Date.now() - keys.length * GAP_MS
  await Promise.all(
    keys.flatMap((key, index) => {
      const timestamp = (from + index * GAP_MS) / 1000
      const typed = key.length === 1 ? { text: key } : key === 'Enter' ? { text: '\r' } : {}
      return [
        session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, timestamp, ...typed }),
        session.send('Input.dispatchKeyEvent', {
          type: 'keyUp',
          key,
          timestamp: timestamp + 0.002,
        }),
      ]
    }),
  )
  await session.detach()
}
