// Taps on a gadget keyboard keep the times of their script while the agent is busy with other things.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../drivers/host/clock.ts'
import { openHidg } from '../../../drivers/keyboard/hidg.ts'
import type { HidgFile } from '../../../drivers/keyboard/hidg-file.ts'
import { burst } from '../../contracts/keyboard.ts'

const [TAPS, HOLD_MS, GAP_MS] = [40, 20, 15]

/** A node whose device polls faster than anybody writes: what is left is the driver's own time. */
function recorder(writes: { at: number; isDown: boolean }[]): HidgFile {
  return {
    device: `recorder-${process.pid}`,
    write: (report) => {
      writes.push({ at: performance.now(), isDown: report.some((byte) => byte !== 0) })
      return 'queued'
    },
    readLeds: () => null,
    isCurrent: () => true,
    close: () => undefined,
  }
}

/** How late each key went down or up, ms; negative is too early. */
async function lateness(): Promise<number[]> {
  const stateDir = await mkdtemp(join(tmpdir(), 'reseal-gadget-'))
  const writes: { at: number; isDown: boolean }[] = []
  const clock = systemClock()
  const openFile = () => recorder(writes)
  const keyboard = await openHidg({ path: '/dev/hidg0', clock, stateDir, openFile })
  // What a station does beside: many short turns of the event loop.
  const busy = setInterval(() => {
    const end = performance.now() + 1
    while (performance.now() < end);
  }, 10)
  try {
    await keyboard.ready()
    const { proof } = await keyboard.play(
      burst(0x6a, TAPS, HOLD_MS, GAP_MS),
      new AbortController().signal,
    )
    expect(proof).toBe('accepted')
  } finally {
    clearInterval(busy)
    await keyboard.close()
    await rm(stateDir, { recursive: true })
  }
  const first = writes.findIndex(({ isDown }) => isDown)
  const played = writes.slice(first, first + 2 * TAPS)
  return played
    .slice(1)
    .map(({ at }, n) => at - (played[n]?.at ?? at) - (n % 2 === 0 ? HOLD_MS : GAP_MS))
}

test('never shorter than their script, with a loop that is a tenth busy', async () => {
  const all = (await lateness()).toSorted((a, b) => a - b)
  expect(all).toHaveLength(2 * TAPS - 1)
  expect(all[0]).toBeGreaterThan(-0.1)
})
