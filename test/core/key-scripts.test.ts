// The scripts that ship: they load, they are safe, and their reports are the bytes that the facts name.
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  GUARDS,
  KEYS,
  type KeyScript,
  PLACES,
  reportsOf,
  unsafeOf,
} from '../../agent/core/key-script.ts'
import { ENTRY_NAMES_FILE, loadEntryNames } from '../../station-config/entry-names.ts'
import { SCRIPT_WORDS } from '../../station-config/script-schema.ts'
import { loadScripts, SCRIPTS_DIR } from '../../station-config/scripts.ts'
import { tempDir } from './config-files.ts'

const shipped = loadScripts(SCRIPTS_DIR, unsafeOf)
const scripts = shipped.value as readonly KeyScript[]
const burst = (place: string, windows: 10 | 11, name: string) =>
  scripts
    .find((one) => one.place === place && (one.windows === windows || one.windows === 'any'))
    ?.bursts.find((one) => one.name === name)

/** A copy of the shipped directory, to be spoilt. */
function copied(): string {
  const dir = tempDir()
  cpSync(SCRIPTS_DIR, dir, { recursive: true })
  return dir
}

describe('the shipped scripts', () => {
  it('load without a problem', () => {
    expect(shipped.problems).toEqual([])
  })
  it('have every burst that the flow plays, for both Windows generations', () => {
    const wanted = {
      'first-page': ['windows-x5'],
      signin: ['focus', 'windows-x5'],
      options: ['moves', 'nudge', 'enter'],
      landing: ['moves', 'nudge', 'enter'],
      refresh: ['moves', 'enter'],
      success: ['enter'],
      failure: ['moves', 'enter'],
      'keep-awake': ['awake'],
    }
    expect(Object.keys(wanted).sort()).toEqual([...PLACES].sort())
    for (const windows of [10, 11] as const)
      for (const [place, names] of Object.entries(wanted))
        for (const name of names)
          expect(burst(place, windows, name), `${place} ${name}`).toBeDefined()
  })
  it('tap the left Windows key five times, each a full press and release of 50 ms', () => {
    const reports = reportsOf(burst('first-page', 11, 'windows-x5')!)
    expect(reports).toHaveLength(11)
    for (const [index, { bytes, pauseMs }] of reports.entries()) {
      expect(bytes).toEqual([index % 2 === 0 && index < 10 ? 0x08 : 0, 0, 0, 0, 0, 0, 0, 0])
      expect(pauseMs).toBe(index === 10 ? 0 : 50)
    }
  })
  it('put the focus inside the sign-in page by six Tabs at 200 ms first', () => {
    const reports = reportsOf(burst('signin', 11, 'focus')!)
    expect(reports.filter(({ bytes }) => bytes[2] === 0x2b)).toHaveLength(6)
    expect(reports.filter(({ pauseMs }) => pauseMs === 200)).toHaveLength(6)
  })
  it('select by Space on Windows 11 only, where nothing is preselected', () => {
    const keys = (windows: 10 | 11) =>
      burst('options', windows, 'moves')?.taps.map(({ key }) => key)
    expect(keys(11)).toEqual(['DOWN', 'SPACE', 'TAB'])
    expect(keys(10)).toEqual(['DOWN', 'TAB'])
  })
  it('press Enter alone, under a guard, in a burst of its own', () => {
    for (const { bursts } of scripts)
      for (const one of bursts.filter(({ taps }) => taps.some(({ key }) => key === 'ENTER'))) {
        expect(one.name).toBe('enter')
        expect(one.guard).not.toBe('none')
        expect(reportsOf(one).map(({ bytes }) => bytes[2])).toEqual([0x28, 0, 0])
      }
  })
  it('end every burst with all keys up', () => {
    for (const { bursts } of scripts)
      for (const one of bursts) expect(reportsOf(one).at(-1)?.bytes).toEqual(Array(8).fill(0))
  })
  it('end every burst well before a play is given up', () => {
    for (const { bursts } of scripts)
      for (const one of bursts)
        expect(reportsOf(one).reduce((sum, { pauseMs }) => sum + pauseMs, 0)).toBeLessThan(10_000)
  })
  it('claim nothing as tried: no real device has seen them', () => {
    expect(scripts.filter(({ verified }) => verified)).toEqual([])
  })
})

describe('the words of a script', () => {
  it('are those of the core', () => {
    expect(SCRIPT_WORDS.places).toEqual(PLACES)
    expect(SCRIPT_WORDS.keys).toEqual(KEYS)
    expect(SCRIPT_WORDS.guards).toEqual(GUARDS)
  })
})

describe('the entry names', () => {
  const names = loadEntryNames(SCRIPTS_DIR).value ?? []
  it('know the pre-provisioning entry of Windows 10 and 11 in English, verified', () => {
    const texts = names.filter((one) => one.entry === 'pre-provision' && one.verified)
    expect(texts.map(({ text }) => text)).toEqual([
      'Pre-provision with Windows Autopilot',
      'Windows Autopilot provisioning',
    ])
  })
  it('have all four entries for each language, and no translation counts as verified', () => {
    for (const language of ['en', 'de', 'fr', 'es', 'nl', 'it']) {
      const own = names.filter((one) => one.language === language)
      expect(new Set(own.map(({ entry }) => entry)).size, language).toBe(4)
      if (language !== 'en') expect(own.some(({ verified }) => verified)).toBe(false)
    }
  })
})

describe('a directory of scripts', () => {
  it('is refused whole for one bad script', () => {
    const dir = copied()
    writeFileSync(join(dir, 'zz.yaml'), 'id: zz')
    const { value, problems } = loadScripts(dir, unsafeOf)
    expect(value).toBeNull()
    expect(problems.every(({ file }) => file.endsWith('zz.yaml'))).toBe(true)
  })
  it('is refused when two scripts are for one place', () => {
    const dir = copied()
    cpSync(join(dir, 'success.yaml'), join(dir, 'success-again.yaml'))
    expect(loadScripts(dir, unsafeOf).problems[0]?.message).toMatch(/same id, or the same place/)
  })
  it('is refused when it is missing or empty', () => {
    expect(loadScripts(join(tempDir(), 'none'), unsafeOf).problems[0]?.code).toBe('FILE_UNREADABLE')
    expect(loadScripts(tempDir(), unsafeOf).problems[0]?.message).toMatch(/no key script/)
  })
  it('is refused without the names of entries', () => {
    const dir = copied()
    rmSync(join(dir, ENTRY_NAMES_FILE))
    expect(loadEntryNames(dir).problems[0]?.code).toBe('FILE_UNREADABLE')
  })
})
