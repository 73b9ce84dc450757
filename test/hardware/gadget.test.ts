// Gadget keyboards of the kernel, driven by hand: what the tests of the driver stand on.
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { until } from '../fakes/pty.ts'
import { Gadget, HostSide } from './guest/gadget.ts'
import { proved } from './guest/runner.ts'

const closing: { close(): void }[] = []
const kept = <T extends { close(): void }>(part: T): T => {
  closing.push(part)
  return part
}
afterEach(() => {
  for (const part of closing.splice(0).reverse()) part.close()
})

const WINDOWS = Buffer.from([0x08, 0, 0, 0, 0, 0, 0, 0])
/** KEY_LEFTMETA of the input layer. */
const LEFT_META = 125

test('four gadgets on four controllers are four keyboards that the USB host tells apart by serial number; a fifth is refused', async () => {
  const gadgets = [0, 1, 2, 3].map((index) => kept(new Gadget(index)))
  const sides = await Promise.all(
    gadgets.map(async ({ serial }) => kept(await HostSide.of(serial))),
  )
  for (const [i, gadget] of gadgets.entries()) {
    writeFileSync(gadget.node, WINDOWS)
    await until('the key is down', () => sides[i]?.keys.length === 1)
    writeFileSync(gadget.node, new Uint8Array(8))
    await until('the key is up', () => sides[i]?.keys.length === 2)
  }
  const tap = [
    { code: LEFT_META, value: 1 },
    { code: LEFT_META, value: 0 },
  ]
  expect(sides.map(({ keys }) => keys)).toEqual([tap, tap, tap, tap])
  expect(() =>
    mkdirSync('/sys/kernel/config/usb_gadget/bay3/functions/hid.4', { recursive: true }),
  ).toThrow()
  proved('four gadget keyboards in one kernel, each press at its own keyboard; a fifth is refused')
})
