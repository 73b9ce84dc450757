// The firmware rules: edges of every range, and files that are refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compareTo, type FirmwareSubject, metRules } from '../../../agent/core/tpm/firmware.ts'
import { VENDORS } from '../../../agent/core/tpm/vendors.ts'
import { loadFirmwareRules } from '../../../station-config/tpm/firmware-rules.ts'

const loaded = loadFirmwareRules()
const rules = loaded.value ?? []
const met = (vendor: string, firmware: readonly number[], more: Partial<FirmwareSubject> = {}) =>
  metRules(rules, { vendor, firmware, model: '', ek: 'rsa2048', windows: null, ...more }).map(
    ({ id }) => id,
  )

test('the rules of this version load, and name vendors that exist', () => {
  expect(loaded.problems).toEqual([])
  const known = VENDORS.map(({ id }) => id)
  for (const { vendors } of rules) for (const vendor of vendors) expect(known).toContain(vendor)
})

test.each([
  [[4, 0], true],
  [[4, 33], true],
  [[4, 33, 65_535, 65_535], true],
  [[4, 34], false],
  [[4, 39], false],
  [[4, 40], true],
  [[4, 42, 1], true],
  [[4, 43], false],
  [[5, 0], true],
  [[5, 61], true],
  [[5, 62], false],
  [[6, 42], true],
  [[6, 43], false],
  [[7, 61], true],
  [[7, 62], false],
  [[7, 85], false],
  [[133, 32], true],
  [[133, 33], false],
  [[3, 99], false],
  [[8, 0], false],
] as const)('Infineon %j is known as vulnerable: %s', (firmware, isListed) => {
  expect(met('IFX', firmware).some((id) => id.startsWith('roca'))).toBe(isListed)
  expect(met('STM', firmware).filter((id) => id.startsWith('roca'))).toEqual([])
})

test('the SLB9672 rule holds for one firmware only', () => {
  expect(met('IFX', [15, 21])).toEqual([])
  expect(met('IFX', [15, 22, 1])).toEqual(['slb9672-15.22'])
  expect(met('IFX', [15, 23])).toEqual([])
})

test("AMD's rule has an open number in the middle", () => {
  expect(met('AMD', [3, 92, 0, 5])).toEqual(['amd-ftpm-3.x.0'])
  expect(met('AMD', [3, 92, 1])).toEqual([])
  expect(met('AMD', [4, 92, 0])).toEqual([])
})

test('RSA-3072 keys of two vendors are a known issue, other keys of theirs are not', () => {
  expect(met('STM', [1, 258], { ek: 'rsa3072' })).toEqual(['rsa3072-stm-ntc'])
  expect(met('NTC', [7, 2], { ek: 'rsa3072' })).toEqual(['rsa3072-stm-ntc'])
  expect(met('IFX', [16, 13], { ek: 'rsa3072' })).toEqual([])
  expect(met('STM', [1, 258], { ek: null })).toEqual([])
})

test.each([
  ['19043.9999', []],
  ['19044.0', ['tiger-lake-21h2']],
  ['19044.1386', ['tiger-lake-21h2']],
  ['19044.1387', []],
  ['22000.0', ['windows-11-21h2']],
  ['22000.674', ['windows-11-21h2']],
  ['22000.675', []],
  ['26100.4946', []],
] as const)('Windows %s on Intel meets %j', (windows, ids) => {
  expect(met('INTC', [600, 18], { windows })).toEqual(ids)
})

test('a rule about Windows is not met by a device that does not tell its build', () => {
  expect(met('INTC', [600, 18], { windows: null })).toEqual([])
})

test('a version is compared by the numbers of the limit', () => {
  expect(compareTo([4, 33, 12], [4, 33])).toBe(0)
  expect(compareTo([4], [4, 1])).toBe(-1)
  expect(compareTo([10, 0], [9, 99])).toBe(1)
})

const folder = mkdtempSync(join(tmpdir(), 'reseal-rules-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const RULE = `  - id: one
    vendors: [IFX]
    effect: vulnerable
    reason: why
    hint: Do it.
    source: here
    date: 2026-01-01
`
test.each([
  ['an unknown effect', RULE.replace('vulnerable', 'bad'), 'effect'],
  ['an unknown key', `${RULE}    colour: red\n`, 'colour'],
  ['a version without quotes', `${RULE}    firmware: { from: 4.33, to: 4.34 }\n`, 'firmware'],
  [
    'a range that ends before it begins',
    `${RULE}    firmware: { from: "4.9", to: "4.3" }\n`,
    'firmware',
  ],
  ['a range over two majors', `${RULE}    firmware: { from: "4.9", to: "5.3" }\n`, 'firmware'],
  [
    'versions of any vendor',
    `${RULE.replace('[IFX]', '[]')}    firmware: { from: "4.1", to: "4.3" }\n`,
    'vendors',
  ],
  ['a rule for everything', RULE.replace('[IFX]', '[]'), 'vendors'],
  ['two rules of one id', `${RULE}${RULE}`, 'id'],
  ['no date', RULE.replace('    date: 2026-01-01\n', ''), 'date'],
])('%s is refused with its place', (_, text, place) => {
  const file = join(folder, 'rules.yaml')
  writeFileSync(file, `rules:\n${text}`)
  const { value, problems } = loadFirmwareRules(file)
  expect(value).toBe(null)
  expect(problems.map(({ path }) => path).join()).toContain(place)
  writeFileSync(file, `rules:\n${RULE}`)
  expect(loadFirmwareRules(file).value).toHaveLength(1)
})
