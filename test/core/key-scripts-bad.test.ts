// Bad key scripts, one fault each: an unsafe one is told from a merely wrong one, and none gets past the loader.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unsafeOf } from '../../agent/core/key-script.ts'
import { ENTRY_NAMES_FILE, loadEntryNames } from '../../station-config/entry-names.ts'
import { parseScript } from '../../station-config/scripts.ts'
import { tempDir } from './config-files.ts'

/** A whole script with one burst; `more` replaces or adds top keys. */
const script = (place: string, guard: string, taps: string, more = '') => `id: x
version: 1
place: ${place}
windows: 11
verified: false
source: a test
${more}
bursts:
  - { name: b, guard: ${guard}, taps: [${taps}] }
`
const ENTER = '{key: ENTER}'
const TAB = '{key: TAB}'
const LWIN5 = '{key: LWIN, times: 5}'

const UNSAFE: readonly (readonly [text: string, says: RegExp])[] = [
  [script('options', 'none', ENTER), /without a guard/],
  [script('options', 'options-open', ENTER), /without a guard/],
  [script('landing', 'none', ENTER), /without a guard/],
  [script('success', 'none', ENTER), /without a guard/],
  [script('options', 'entry-selected-next-focused', `${TAB}, ${ENTER}`), /not alone/],
  [script('options', 'entry-selected-next-focused', `${ENTER}, ${TAB}`), /not alone/],
  [script('options', 'entry-selected-next-focused', `${ENTER}, ${ENTER}`), /not alone/],
  [script('options', 'entry-selected-next-focused', '{key: ENTER, times: 2}'), /not alone/],
  [script('options', 'entry-selected-next-focused', '{key: ENTER, shift: true}'), /Shift\+Enter/],
  [script('failure', 'success-reseal-focused', ENTER), /another place/],
  [script('success', 'failure-retry-focused', ENTER), /another place/],
  [script('landing', 'entry-selected-next-focused', ENTER), /another place/],
  [script('signin', 'names-right-next-focused', ENTER), /another place/],
  [script('first-page', 'refresh-focused', ENTER), /another place/],
  [script('keep-awake', 'refresh-focused', ENTER), /keep-awake/],
  [script('options', 'options-open', '{key: END}'), /may press END.*Reset/],
  [script('options', 'options-open', '{key: end}'), /may press end/],
  [script('options', 'options-open', '{key: PAGE_DOWN}'), /may press PAGE_DOWN/],
  [script('signin', 'none', '{key: F10, shift: true}'), /command prompt/],
  [script('signin', 'none', '{key: RWIN, times: 5}'), /left Windows key/],
  [script('signin', 'none', '{key: RGUI, times: 5}'), /left Windows key/],
  [script('signin', 'none', '{key: CTRL}'), /retail demo/],
  [script('signin', 'none', '{key: ALT}'), /retail demo/],
  [
    script('signin', 'options-open', '{key: SPACE, times: 10, ctrl: true, alt: true}'),
    /retail demo/,
  ],
  [script('signin', 'none', '{key: DELETE}'), /may press DELETE/],
  [script('signin', 'none', '{key: SPACE, times: 10}'), /Space/],
  [script('options', 'none', '{key: SPACE}'), /Space without a guard/],
  [script('options', 'options-open', '{key: SPACE, times: 2}'), /Space comes once/],
  [script('options', 'options-open', `${TAB}, {key: SPACE}`), /before any Tab/],
  [script('failure', 'failure-retry-focused', '{key: SPACE}'), /belongs to the options/],
  [script('success', 'success-reseal-focused', '{key: SPACE}'), /belongs to the options/],
  [script('options', 'options-open', '{key: DOWN, times: 2}'), /more than one Down/],
  [script('options', 'options-open', '{key: DOWN}, {key: TAB}, {key: DOWN}'), /more than one Down/],
  [script('options', 'options-open', '{key: UP}'), /round to Reset/],
  [script('failure', 'reset-focused', ENTER), /Reset is never a target/],
  [script('failure', 'Reset', ENTER), /Reset is never a target/],
  [script('options', 'menu-next-focused', ENTER), /unknown menu/],
  [script('options', 'unknown-menu', ENTER), /unknown menu/],
  [script('first-page', 'none', '{key: LWIN, times: 4}'), /five times/],
  [script('first-page', 'none', '{key: LWIN, times: 6}'), /five times/],
  [script('first-page', 'none', `${LWIN5}, ${LWIN5}`), /five times/],
  [script('first-page', 'none', '{key: LWIN, times: 5, shift: true}'), /pressed alone/],
  [script('first-page', 'none', `${LWIN5}, ${TAB}`), /resets its count/],
  [
    script('first-page', 'none', `{key: LWIN, times: 2}, ${TAB}, {key: LWIN, times: 3}`),
    /resets its count/,
  ],
  [script('first-page', 'none', `{key: DOWN}, ${LWIN5}`), /another key among/],
  [script('options', 'options-open', LWIN5), /only where the options are summoned/],
  [script('landing', 'none', LWIN5), /only where the options are summoned/],
  [script('keep-awake', 'none', LWIN5), /keep-awake/],
  [script('keep-awake', 'none', '{key: SPACE}'), /keep-awake/],
  [script('keep-awake', 'none', TAB), /keep-awake/],
  [script('keep-awake', 'none', '{key: F15, shift: true}'), /keep-awake/],
]

const INVALID: readonly (readonly [text: string, says: RegExp])[] = [
  ['', /a block of keys/],
  ['[]', /a block of keys/],
  ['id: x', /missing/],
  ['id: [', /indentation/],
  [script('options', 'options-open', ''), /At least 1/],
  [script('options', 'options-open', '1'), /a block of keys/],
  [script('optoins', 'options-open', TAB), /Did you mean options/],
  [script('options', 'option-open', TAB), /Did you mean options-open/],
  [script('options', 'options-open', '{key: TABB}'), /Did you mean TAB/],
  [script('options', 'options-open', '{key: A}'), /One of: LWIN/],
  [script('options', 'options-open', '{key: 4}'), /a text/],
  [script('options', 'options-open', '{}'), /missing/],
  [script('options', 'options-open', '{key: TAB, times: 0}'), /At least 1/],
  [script('options', 'options-open', '{key: TAB, times: 11}'), /At most 10/],
  [script('options', 'options-open', '{key: TAB, times: 1.5}'), /whole number/],
  [script('options', 'options-open', '{key: TAB, holdMs: 5}'), /At least 20/],
  [script('options', 'options-open', '{key: TAB, gapMs: 60000}'), /At most 2000/],
  [script('options', 'options-open', '{key: TAB, holdMs: "50"}'), /a number/],
  [script('options', 'options-open', '{key: TAB, delayMs: 50}'), /holdMs/],
  [script('options', 'options-open', '{key: TAB, gap: 50}'), /Did you mean gapMs/],
  [script('options', 'options-open', '{key: TAB, win: true}'), /LWIN/],
  [script('options', 'options-open', '{key: TAB, target: Next}'), /names no target/],
  [script('options', 'options-open', '{key: TAB, shift: maybe}'), /true or false/],
  [
    script('options', 'options-open', '{key: TAB, times: 10, holdMs: 1000, gapMs: 1000}'),
    /At most 10000 ms/,
  ],
  [
    script('options', 'options-open', TAB).replace('windows: 11', 'windows: 8'),
    /One of: 10, 11, any/,
  ],
  [
    script('options', 'options-open', TAB).replace('verified: false', 'verified: perhaps'),
    /true or false/,
  ],
  [script('options', 'options-open', TAB).replace('version: 1', 'version: 0'), /At least 1/],
  [script('options', 'options-open', TAB).replace('id: x', 'id: X Y'), /small letters/],
  [script('options', 'options-open', TAB).replace('source: a test', 'source: ""'), /At least 1/],
  [script('options', 'options-open', TAB, 'author: me'), /not known/],
  [script('options', 'options-open', TAB).replace('name: b', 'name: "B B"'), /small letters/],
  [
    `${script('options', 'options-open', TAB)}  - { name: b, guard: options-open, taps: [${TAB}] }\n`,
    /two bursts/,
  ],
]

const said = (text: string) => parseScript(text, 'bad.yaml', unsafeOf)
const words = (problems: ReturnType<typeof said>['problems']) =>
  problems.map(({ message, hint }) => `${message}. ${hint}`).join('\n')

describe('an unsafe key script', () => {
  it.each(UNSAFE)('%#: is refused as unsafe', (text, says) => {
    const { value, problems } = said(text)
    expect(value).toBeNull()
    expect(words(problems)).toMatch(says)
    expect(problems.map(({ code }) => code)).toContain('KEY_SCRIPT_UNSAFE')
    for (const { hint } of problems) expect(hint).not.toBe('')
  })
})

describe('a wrong key script', () => {
  it.each(INVALID)('%#: is refused with its place', (text, says) => {
    const { value, problems } = said(text)
    expect(value).toBeNull()
    expect(words(problems)).toMatch(says)
    expect(problems.every(({ code }) => code === 'KEY_SCRIPT_INVALID')).toBe(true)
    for (const { hint } of problems) expect(hint).not.toBe('')
  })
  it('but not the same script without the fault', () => {
    expect(said(script('options', 'options-open', TAB)).problems).toEqual([])
    expect(said(script('first-page', 'none', LWIN5)).problems).toEqual([])
    expect(said(script('success', 'success-reseal-focused', ENTER)).problems).toEqual([])
  })
})

describe('a bad table of entry names', () => {
  const row = 'language: de, verified: false, source: s'
  it.each([
    ['', /a block of keys/],
    ['names: []', /At least 1/],
    [`names: [{${row}, reset: ""}]`, /At least 1/],
    [`names: [{${row}, rest: x}]`, /Did you mean reset/],
    [`names: [{language: German, verified: true, source: s, reset: x}]`, /language tag/],
    [
      `names: [{${row}, reset: Weg}, {${row}, pre-provision: " weg "}]`,
      /under reset and under pre-provision/,
    ],
  ])('%#: is refused', (text, says) => {
    const dir = tempDir()
    writeFileSync(join(dir, ENTRY_NAMES_FILE), text)
    const { value, problems } = loadEntryNames(dir)
    expect(value).toBeNull()
    expect(words(problems)).toMatch(says)
  })
})
