// The page docs/ERRORS.md says exactly what the fault tables in the code say, both ways.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { FAULTS } from '../../agent/fault.ts'
import { errorsDocument } from '../../scripts/errors/document.ts'
import { SETUP_FAILURES } from '../../scripts/launcher/failure.js'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/ERRORS.md'), 'utf8')
const documented = [...page.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map((match) => match[1] ?? '')
const inCode = [...Object.keys(FAULTS), ...Object.keys(SETUP_FAILURES)]
const WRITE_IT = 'run `npm run docs:errors` and commit docs/ERRORS.md'

test('every code of the program is documented', () => {
  const missing = inCode.filter((code) => !documented.includes(code))
  expect(missing, WRITE_IT).toEqual([])
})

test('every documented code exists, once', () => {
  const unknown = documented.filter((code) => !inCode.includes(code))
  expect(unknown, WRITE_IT).toEqual([])
  expect(new Set(documented).size, WRITE_IT).toBe(documented.length)
})

test('the page is what the tables say, word for word', () => {
  expect(page === errorsDocument(), WRITE_IT).toBe(true)
})

test('each family of codes names who acts', () => {
  const families: Readonly<Record<string, readonly string[]>> = {
    OPERATOR: ['operator'],
    DEVICE: ['device'],
    STATION: ['station', 'usage'],
    // Over HTTP the other side may be who asked wrongly.
    BACKEND: ['backend', 'usage'],
  }
  const wrong = Object.entries(FAULTS).filter(([code, { who }]) => {
    const allowed = families[code.split('_')[0] ?? '']
    return allowed !== undefined && !allowed.includes(who)
  })
  expect(wrong.map(([code]) => code)).toEqual([])
})

test('each meaning and each hint is one sentence', () => {
  const rows = [...Object.entries(FAULTS), ...Object.entries(SETUP_FAILURES)]
  const loose = rows.filter(([, { meaning, hint }]) => !/\.$/.test(meaning) || !/\.$/.test(hint))
  expect(loose.map(([code]) => code)).toEqual([])
})
