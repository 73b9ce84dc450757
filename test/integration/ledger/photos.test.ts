// Photos beside the ledger: in its backup and back, copied once, and every one that is missing or changed is named.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { backupLedger, restoreLedger } from '../../../agent/ledger/backup.ts'
import { openLedger, type StationLedger } from '../../../agent/ledger/ledger.ts'
import { verifyLedger, verifyPhotos } from '../../../agent/ledger/verify.ts'
import type { AuditNote } from '../../../agent/ports.ts'
import { reseal } from '../cli/reseal.ts'
import { aDir, aLedger, clock, ids } from './parts/samples.ts'
import { START } from './parts/steps.ts'

const again = (epoch: string) => ({ station: 'bench-1', at: START, epoch })

const DAY_MS = 86_400_000
const auditNote = (at: number): AuditNote => ({
  ...{ what: 'sign-in', at, who: 'Ada', account: 'ada', role: 'operator', via: 'session' },
  ...{ from: '10.0.0.7', of: null, detail: {} },
  outcome: 'done',
})

/** Keeps `bytes` as the station does: the file, then its digest in the chain. */
async function keep(
  dir: string,
  ledger: StationLedger,
  bytes: Buffer,
  at = clock.now(),
): Promise<string> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  mkdirSync(join(dir, 'photos'), { recursive: true })
  writeFileSync(join(dir, 'photos', `${digest}.png`), bytes)
  const body = { run: 'R1', digest, type: 'image/png', bytes: bytes.length, by: 'ada' }
  await ledger.annotate('S1', 'photo', at, body)
  return `${digest}.png`
}

async function filled() {
  const dir = aDir()
  const ledger = await aLedger(dir)
  const files = [
    await keep(dir, ledger, Buffer.alloc(3_000_000, 'a')),
    await keep(dir, ledger, Buffer.from('small')),
  ]
  return { dir, ledger, files, file: join(aDir(), 'copy.db') }
}

test('a backup has every photo that the ledger names, and a restore brings them to an empty place', async () => {
  const { dir, files, file } = await filled()
  // What no entry names is no photo of the ledger.
  writeFileSync(join(dir, 'photos', '.draft.png.00'), 'half')
  const { photos } = await backupLedger(dir, file)
  expect(photos).toEqual({ photos: 2, bytes: 3_000_005, lost: 0 })
  expect(readdirSync(`${file}.photos`).toSorted()).toEqual(files.toSorted())

  const other = aDir()
  const restored = await restoreLedger(file, other, again('E-new'))
  expect(restored.photos).toEqual({ photos: 2, bytes: 3_000_005, lost: 0 })
  expect(await verifyPhotos(other)).toEqual({
    ...{ held: 2, missing: 0, changed: 0, letGo: 0, lost: [] },
  })
})

test('the next backup of the same name copies new photos only', async () => {
  const { dir, ledger, file } = await filled()
  await backupLedger(dir, file)
  await keep(dir, ledger, Buffer.from('new'))
  expect((await backupLedger(dir, file)).photos).toEqual({ photos: 3, bytes: 3, lost: 0 })
})

test('a photo that was changed is not copied; one of its size in the backup already is not taken for it', async () => {
  const { dir, files, file } = await filled()
  const [, small = ''] = files
  writeFileSync(join(dir, 'photos', small), 'SMALL')
  expect((await backupLedger(dir, file)).photos).toEqual({ photos: 1, bytes: 3_000_000, lost: 1 })
  expect(existsSync(join(`${file}.photos`, small))).toBe(false)
  expect(readdirSync(`${file}.photos`)).toHaveLength(1)
  // Bytes that were changed within the backup never reach a station as that photo.
  writeFileSync(join(`${file}.photos`, small), 'SMALL')
  const other = aDir()
  expect((await restoreLedger(file, other, again('E-new'))).photos.lost).toBe(1)
  expect(await verifyPhotos(other)).toMatchObject({ held: 1, missing: 1, changed: 0 })
})

test('verify names a photo that is missing and one whose bytes changed', async () => {
  const { dir, files } = await filled()
  const [large = '', small = ''] = files
  expect(await verifyPhotos(dir)).toMatchObject({ held: 2, lost: [] })
  const bytes = Buffer.alloc(statSync(join(dir, 'photos', large)).size, 'a')
  bytes[2_999_999] = 0
  writeFileSync(join(dir, 'photos', large), bytes)
  rmSync(join(dir, 'photos', small))
  expect(await verifyPhotos(dir)).toEqual({
    held: 0,
    missing: 1,
    changed: 1,
    letGo: 0,
    lost: [`${large}: changed`, `${small}: missing`],
  })
  const said = await reseal(['verify', '--data', dir], dir)
  expect([said.code, said.out]).toEqual([1, expect.stringMatching(/^ok: .* 2 rows, head/)])
  expect(said.err).toMatch(/^reseal: STATION_PHOTO_LOST: .*\(2 in .*: changed/)
  const { code, out } = await reseal(['verify', '--data', dir, '--json'], dir)
  expect([code, JSON.parse(out)]).toMatchObject([1, { ok: false, photos: { missing: 1 } }])
})

test('a restore into a place that has the photos already keeps them, also without a folder beside the copy', async () => {
  const { dir, ledger, file } = await filled()
  await backupLedger(dir, file)
  await ledger.close()
  rmSync(`${file}.photos`, { recursive: true })
  const { photos } = await restoreLedger(file, dir, again('E-new'))
  expect(photos).toEqual({ photos: 2, bytes: 0, lost: 0 })
})

test('old photos go from the disk and come back by no restore, and the chain says so and still verifies', async () => {
  let now = START
  const dir = aDir()
  const ledger = await openLedger({
    ...{ dir, mode: 'in-process', ids, station: 'a/b', clock: { ...clock, now: () => now } },
  })
  onTestFinished(() => ledger.close())
  const add = (text: string) => keep(dir, ledger, Buffer.from(text), now)
  const [old, again] = [await add('old'), await add('taken again later')]
  await ledger.audit(auditNote(now))
  now += 20 * DAY_MS
  expect(await add('taken again later')).toBe(again)
  const young = await add('young')
  const file = join(dir, 'copy.db')
  await backupLedger(dir, file)
  const { head } = await verifyLedger(dir)

  expect(await ledger.erasePhotos(30 * DAY_MS)).toBe(0)
  now += 15 * DAY_MS
  expect(await ledger.erasePhotos(30 * DAY_MS)).toBe(2)
  expect(await ledger.eraseAudit(30 * DAY_MS)).toBe(1)
  expect(await ledger.erasePhotos(30 * DAY_MS)).toBe(0)
  expect(readdirSync(join(dir, 'photos')).toSorted()).toEqual([again, young].toSorted())
  expect(await verifyPhotos(dir)).toMatchObject({ held: 2, missing: 0, letGo: 2, lost: [] })
  expect(await verifyLedger(dir, { heads: [head] })).toMatchObject({ ok: true, letGo: 1 })
  const said = await reseal(['verify', '--data', dir], dir)
  expect([said.code, said.err]).toEqual([0, ''])
  expect(said.out).toContain('2 photos, let go by age: 1 bodies of the audit and 2 photos, head')

  // A backup made after it holds what still stands there, and nothing else.
  const next = join(dir, 'next.db')
  expect((await backupLedger(dir, next)).photos).toMatchObject({ photos: 2, lost: 0 })
  expect(existsSync(join(`${next}.photos`, old))).toBe(false)
})

test('a photo that is gone without a word of the chain stays missing, also beside one that went by its age', async () => {
  const { dir, ledger, files } = await filled()
  rmSync(join(dir, 'photos', files[0] ?? ''))
  expect(await ledger.erasePhotos(DAY_MS)).toBe(0)
  expect(await verifyPhotos(dir)).toMatchObject({ held: 1, missing: 1, letGo: 0 })
})
