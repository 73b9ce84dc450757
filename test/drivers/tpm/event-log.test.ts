// Boot logs: real ones of OVMF, made ones, damaged ones.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isStationError } from '../../../agent/fault.ts'
import { EVENT, readLog } from '../../../drivers/tpm/event-log/log.ts'
import { replay, startLocality } from '../../../drivers/tpm/event-log/replay.ts'
import { storyOf } from '../../../drivers/tpm/event-log/story.ts'
import { type MadeEvent, makeLog, makeVariable } from '../../fakes/event-log.ts'

const vector = (name: string) =>
  readFileSync(new URL(`../../vectors/event-log/${name}`, import.meta.url))
const { logs } = JSON.parse(vector('pcrs.json').toString()) as {
  logs: Record<string, Record<string, Record<string, string>>>
}
const SECURE = vector('ovmf-secure-boot.bin')
const OPEN = vector('ovmf-open.bin')

/** The PCR values of a log itself: what an honest TPM would quote. */
const honest = (bytes: Uint8Array, bank = 'sha256') => replay(readLog(bytes), bank)

test.each([
  ['ovmf-secure-boot', SECURE],
  ['ovmf-open', OPEN],
])('%s replays to the values of tpm2_eventlog in every bank', (name, bytes) => {
  for (const [bank, pcrs] of Object.entries(logs[name] ?? {})) {
    const own = [...honest(bytes, bank)].map(([pcr, value]) => [
      String(pcr),
      Buffer.from(value).toString('hex'),
    ])
    expect(Object.fromEntries(own)).toEqual(pcrs)
  }
})

test('a boot with Secure Boot is told with its keys, boot manager and who let it run', () => {
  const story = storyOf(readLog(SECURE), 'sha256')(honest(SECURE))
  expect(story).toMatchObject({ secureBoot: true, debug: [], differing: [], oddities: [] })
  expect(story.keys.map((line) => line.split(':')[0])).toEqual(['PK', 'KEK', 'db', 'dbx'])
  expect(story.keys.join()).toContain('Microsoft Windows Production PCA 2011')
  expect(story.authority).toContain('Microsoft Corporation UEFI CA 2011')
  expect(story.bootManager).toContain('BOOTX64.EFI')
})

test('a boot without Secure Boot is told as such', () => {
  const story = storyOf(readLog(OPEN), 'sha256')(honest(OPEN))
  expect(story).toMatchObject({ secureBoot: false, differing: [], authority: '' })
})

test('every changed digest is seen in its PCR', () => {
  const quoted = honest(SECURE)
  const events = readLog(SECURE).events.filter(({ type }) => type !== EVENT.noAction)
  for (const { pcr, digests } of events) {
    const digest = digests.get('sha256') as Buffer
    const changed = Buffer.from(SECURE)
    const at = digest.byteOffset - SECURE.byteOffset
    expect(at).toBeGreaterThan(0)
    changed[at] = (changed[at] as number) ^ 1
    expect(storyOf(readLog(changed), 'sha256')(quoted).differing).toEqual([pcr])
  }
})

const separator = (pcr: number): MadeEvent => ({
  pcr,
  type: EVENT.separator,
  data: Buffer.alloc(4),
})
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c'
const secureBoot = (isOn: boolean): MadeEvent => ({
  pcr: 7,
  type: EVENT.efiVariableDriverConfig,
  data: makeVariable(GLOBAL, 'SecureBoot', Buffer.from([isOn ? 1 : 0])),
})
const told = (events: readonly MadeEvent[], banks = ['sha256']) => {
  const bytes = makeLog(events, banks)
  return storyOf(readLog(bytes), 'sha256')(honest(bytes))
}

test('Secure Boot that is only claimed is not believed', () => {
  expect(told([secureBoot(true), separator(7)]).secureBoot).toBe(true)
  // The data is not what was measured.
  const other = { ...secureBoot(true), measured: Buffer.from('something else') }
  expect(told([other, separator(7)])).toMatchObject({ secureBoot: null })
  // Measured by whoever ran after the firmware.
  expect(told([separator(7), secureBoot(true)]).secureBoot).toBe(null)
  // Measured twice: the weaker word counts.
  expect(told([secureBoot(false), secureBoot(true), separator(7)]).secureBoot).toBe(false)
  // No digest of the quoted bank: the replay never saw it.
  const unseen = { ...secureBoot(true), banks: ['sha1'] }
  expect(told([unseen, separator(7)], ['sha1', 'sha256']).secureBoot).toBe(null)
})

test('debug switches of firmware and of Windows are told, also inside containers', () => {
  const firmware = { pcr: 7, type: EVENT.efiAction, data: Buffer.from('UEFI Debug Mode') }
  const tagged = (type: number, data: Buffer) => {
    const head = Buffer.alloc(8)
    head.writeUInt32LE(type)
    head.writeUInt32LE(data.length, 4)
    return Buffer.concat([head, data])
  }
  const inner = Buffer.concat([
    tagged(0x00050001, Buffer.from([1])),
    tagged(0x00050003, Buffer.from([0])),
  ])
  const windows = { pcr: 12, type: EVENT.tag, data: tagged(0x40010001, inner) }
  const story = told([secureBoot(true), firmware, separator(7), windows])
  expect(story.debug).toEqual(['UEFI Debug Mode', 'kernel debugging'])
  expect(story.debugKnown).toBe(true)
})

test('a start locality stands in PCR 0, and no PCR gets events that extend nothing', () => {
  const locality = { pcr: 0, type: EVENT.noAction, data: Buffer.from('StartupLocality\0\u0003') }
  const nowhere = { pcr: 0xffffffff, type: EVENT.tag, data: Buffer.from('windows') }
  const bytes = makeLog([locality, nowhere, separator(0)], ['sha256'])
  expect(startLocality(readLog(bytes).events)).toBe(3)
  const start = Buffer.alloc(32)
  start[31] = 3
  const digest = createHash('sha256').update(Buffer.alloc(4)).digest()
  const wanted = createHash('sha256').update(start).update(digest).digest()
  const values = honest(bytes)
  expect([...values.keys()]).toEqual([0])
  expect(Buffer.from(values.get(0) as Uint8Array)).toEqual(wanted)
  expect(told([nowhere]).oddities).toEqual(['1 events of no PCR (Windows writes them)'])
})

test('a PCR that the log does not speak of must be untouched', () => {
  const bytes = makeLog([separator(4)], ['sha256'])
  const quoted = new Map([...honest(bytes), [11, Buffer.alloc(32)], [12, Buffer.alloc(32, 1)]])
  expect(storyOf(readLog(bytes), 'sha256')(quoted).differing).toEqual([12])
})

test('the older format is named and refused', () => {
  const old = Buffer.from(SECURE)
  old.write('Spec ID Event00\0', 32, 'latin1')
  expect(() => readLog(old)).toThrow(/older format with SHA-1 alone/)
  const bare = Buffer.alloc(64)
  bare.writeUInt32LE(8, 4)
  expect(() => readLog(bare)).toThrow(/older format with SHA-1 alone/)
})

test('pages of zeros behind the last event are padding', () => {
  const log = readLog(Buffer.concat([SECURE, Buffer.alloc(4096)]))
  expect(log).toMatchObject({ padding: 4096 })
  expect(log.events).toHaveLength(readLog(SECURE).events.length)
})

test('a log that is cut anywhere is a fault or a shorter log, never a hang', () => {
  for (let length = 0; length < OPEN.length; length += 7) {
    try {
      expect(readLog(OPEN.subarray(0, length)).events.length).toBeLessThanOrEqual(29)
    } catch (error) {
      expect(isStationError(error)).toBe(true)
    }
  }
})
