// No driver without its contract: every driver that a config may name runs the suite of its port somewhere in test/.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KEYBOARD_MODELS } from '../../drivers/keyboard/index.ts'
import { FAMILIES } from '../../station-config/driver-url.ts'

const TESTS = resolve(import.meta.dirname, '..')

/** The suite of each kind of part. A person who looks is no driver, and a capture has no suite yet. */
const SUITES: Readonly<Record<Exclude<keyof typeof FAMILIES, 'screen'>, string>> = {
  link: 'linkContract',
  keyboard: 'keyboardContract',
  lamp: 'lampContract',
  scanner: 'scannerContract',
  buttons: 'buttonsContract',
  printer: 'printerContract',
}
/** Where a person or nothing stands in for a driver. */
const NO_DRIVER: readonly string[] = ['manual', 'none', 'operator']

/** Test files that `npm test` runs without a machine of their own: those of test/hardware prove more, but later. */
const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.startsWith('hardware'))
  .map((file) => readFileSync(join(TESTS, file), 'utf8'))

/** Schemes that stand at the head of a string in a file which calls the suite. */
function coveredBy(suite: string): ReadonlySet<string> {
  const callers = files.filter((text) => new RegExp(`^\\s*${suite}\\(`, 'm').test(text))
  const heads = callers.flatMap((text) => [...text.matchAll(/['"`]([a-z][a-z0-9-]*):/g)])
  return new Set(heads.map((head) => head[1] ?? ''))
}

describe.each(Object.entries(SUITES))('%s', (family, suite) => {
  const { known } = FAMILIES[family as keyof typeof SUITES]
  const drivers = (known as readonly string[]).filter((scheme) => !NO_DRIVER.includes(scheme))

  test(`every driver passes ${suite}`, () => {
    const covered = coveredBy(suite)
    expect(drivers.filter((scheme) => !covered.has(scheme))).toEqual([])
  })
})

test('a driver that nobody tests is seen', () => {
  expect(coveredBy('keyboardContract').has('ch9350')).toBe(false)
  expect(coveredBy('keyboardContract').has('ch9329')).toBe(true)
})

test('the keyboards that can be opened are those that a config may name', () => {
  const named = FAMILIES.keyboard.known.filter((one) => one !== 'manual' && one !== 'virtual')
  expect(Object.keys(KEYBOARD_MODELS).toSorted()).toEqual(named.toSorted())
})
