// Look-ups by every name of a device, work orders and webhook queues, against the real ledger and against plain recomputation.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LOOKUP_CSV_HEADING } from '../../../agent/core/lookup-csv.ts'
import type { RecordBody } from '../../../agent/core/record.ts'
import { ledgerFile, rawDatabase } from '../../../agent/ledger/database.ts'
import { FIRST_PREV, link, sha256 } from '../../../agent/ledger/digest.ts'
import { ensureLedger } from '../../../agent/ledger/migrate.ts'
import { commitRow } from '../../../agent/ledger/ops.ts'
import { MIGRATIONS } from '../../../agent/ledger/schema.ts'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import { aRecord } from '../../fakes/records.ts'
import { aDir, aLedger, aReader, MODES } from './parts/samples.ts'
import { START, step } from './parts/steps.ts'

const ZTD = '7f1f9d5e-1111-4222-8333-444455556666'
const NOW = START + 3_600_000
const MIN = 60_000

const closed = (n: number, more: Partial<RecordBody>) => {
  const record = aRecord(`run-${n}`, {
    startedAt: new Date(START + n * MIN - 30 * MIN).toISOString(),
    endedAt: new Date(START + n * MIN).toISOString(),
    ...more,
  })
  return step('B1', n, { record, transition: null, phase: 'done' })
}
const device = (serial: string | null, more: Partial<RecordBody['device']> = {}) => ({
  device: { serial, ...more },
})

it.each(MODES)('one device is found by serial number, ZtdId and MAC alike (%s)', async (mode) => {
  const dir = aDir()
  const ledger = await aLedger(dir, mode)
  const own = { ztdId: ZTD.toUpperCase(), mac: '02:AA:00:00:00:01' }
  await ledger.commit(closed(1, { ...device('5CG1', own), verdict: 'failed', workOrder: 'WO-1' }))
  await ledger.commit(closed(2, { ...device('5CG1', own), workOrder: 'WO-1' }))
  await ledger.commit(closed(3, device('5CG2', { mac: '02:bb:00:00:00:02', adapter: 'bench' })))
  await ledger.annotate('5CG1', 'confirmed', NOW, { source: 'intune' })
  await ledger.annotate('5CG1', 'pack-out', NOW, { go: true, why: '' })
  const reader = await aReader(dir, mode)
  const answer = await reader.answer('5CG1', NOW)
  expect(answer).toMatchObject({
    answer: 'resealed',
    attempts: 2,
    runs: [
      { run: 'run-2', verdict: 'resealed' },
      { run: 'run-1', verdict: 'failed' },
    ],
    workOrder: 'WO-1',
    confirmed: { source: 'intune' },
    packedOut: { go: true },
  })
  expect(await reader.answer(' 5cg1 ', NOW)).toEqual(answer)
  const found = { value: ZTD, by: 'ztdId', others: [] }
  expect(await reader.answer(`{${ZTD}}`, NOW)).toEqual({ ...answer, found })
  expect(await reader.answer(JSON.stringify({ ZtdId: ZTD }), NOW)).toEqual({ ...answer, found })
  for (const mac of ['02-AA-00-00-00-01', '02aa.0000.0001', '02AA00000001'])
    expect((await reader.answer(mac, NOW)).serial).toBe('5CG1')
  // The MAC of an adapter that stays in the bay names no device.
  expect(await reader.answer('02:bb:00:00:00:02', NOW)).toMatchObject({ answer: 'not-seen' })
  expect(await reader.answer('nobody', NOW)).toMatchObject({ answer: 'not-seen', serial: 'nobody' })
})

it('a dock that many devices went over answers by the newest and names the others', async () => {
  const dir = aDir()
  const ledger = await aLedger(dir)
  for (const n of [1, 2, 3])
    await ledger.commit(closed(n, device(`5CG${n}`, { mac: '02:cc:00:00:00:01' })))
  const reader = await aReader(dir)
  expect((await reader.answer('02:cc:00:00:00:01', NOW)).found?.others).toEqual(['5CG2', '5CG1'])
})

it('a ledger of version 1 is brought up with all its devices and orders in it', async () => {
  const dir = aDir()
  const birth = { epoch: 'E-1', station: 'bench-1', at: START, durable: false }
  ensureLedger(dir, birth, MIGRATIONS.slice(0, 1))
  const old = rawDatabase(ledgerFile(dir))
  let head = FIRST_PREV
  for (const [index, entry] of [
    closed(1, { ...device('5CG1', { ztdId: ZTD }), workOrder: 'WO-1', verdict: 'failed' }),
    closed(2, { ...device('5CG1', { ztdId: ZTD }), workOrder: 'WO-1' }),
    closed(3, { ...device(null), workOrder: 'WO-1' }),
  ].entries()) {
    const row = commitRow(entry).record
    if (row === null) throw new Error('a run without a record')
    const chained = link(index + 1, head, 'record', sha256(row.body))
    head = chained.head
    const { seq, kind, digest, prev } = chained.entry
    const { run, serial, bay, verdict, startedAt, endedAt, provisionMs, body } = row
    old.prepare('INSERT INTO chain VALUES (?, ?, ?, ?)').run(seq, kind, digest, prev)
    const record = [seq, run, serial, bay, verdict, startedAt, endedAt, provisionMs]
    old.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(...record)
    old.prepare('INSERT INTO bodies VALUES (?, ?)').run(seq, body)
  }
  old.close()
  const ledger = await aLedger(dir)
  await ledger.commit(closed(4, { ...device('5CG4', { ztdId: ZTD }), workOrder: 'WO-1' }))
  const reader = await aReader(dir)
  expect(await reader.answer(ZTD, NOW)).toMatchObject({ serial: '5CG4', attempts: 1 })
  expect(await reader.orderDevices('WO-1', '', 10)).toMatchObject([
    { serial: '5CG1', runs: 2, verdict: 'resealed' },
    { serial: '5CG4', runs: 1, verdict: 'resealed' },
  ])
  expect((await reader.orderRuns('WO-1', 0, 10)).map(({ run }) => run)).toHaveLength(4)
  expect(await verifyLedger(dir)).toMatchObject({ ok: true })
})

it('the rows of orders are what a recount of all records gives, after any history', async () => {
  const runs = fc.array(
    fc.record({
      serial: fc.constantFrom('A', 'B', 'C', null),
      workOrder: fc.constantFrom('WO-1', 'WO-2', undefined),
      verdict: fc.constantFrom('resealed', 'failed', 'error', 'aborted'),
    }),
    { maxLength: 30 },
  )
  await fc.assert(
    fc.asyncProperty(runs, async (all) => {
      const dir = aDir()
      const ledger = await aLedger(dir, 'in-process', { durable: false })
      for (const [n, { serial, workOrder, verdict }] of all.entries())
        await ledger.commit(
          closed(n + 1, {
            ...device(serial),
            verdict: verdict as RecordBody['verdict'],
            ...(workOrder === undefined ? {} : { workOrder }),
          }),
        )
      const reader = await aReader(dir)
      for (const order of ['WO-1', 'WO-2']) {
        const own = all.filter((run) => run.workOrder === order)
        const serials = [...new Set(own.flatMap(({ serial }) => serial ?? []))].toSorted()
        const counted = serials.map((serial) => {
          const mine = own.filter((run) => run.serial === serial)
          return { serial, runs: mine.length, verdict: mine.at(-1)?.verdict }
        })
        expect(await reader.orderDevices(order, '', 100)).toMatchObject(counted)
        expect(await reader.orderRuns(order, 0, 100)).toHaveLength(own.length)
      }
    }),
    { numRuns: 15 },
  )
})

it('an alarm after the reseal stands in the order, one before it does not', async () => {
  const dir = aDir()
  const ledger = await aLedger(dir)
  for (const serial of ['A', 'B'])
    await ledger.commit(closed(serial === 'A' ? 5 : 6, { ...device(serial), workOrder: 'WO-1' }))
  await ledger.annotate('A', 'alarm', START + 60 * MIN, { code: 'X' })
  await ledger.annotate('B', 'alarm', START + MIN, { code: 'X' })
  const reader = await aReader(dir)
  const devices = await reader.orderDevices('WO-1', '', 10)
  expect(devices.map(({ alarmAt }) => alarmAt)).toEqual([START + 60 * MIN, null])
})

it('a table of look-ups has one line for each question, unknown ones too', async () => {
  const dir = aDir()
  const ledger = await aLedger(dir)
  await ledger.commit(closed(1, device('5CG1')))
  await ledger.commit(closed(2, device('=5CG2', {})))
  const reader = await aReader(dir)
  const lines = (await reader.answerLines(['5CG1', '=5CG2', 'nobody'], NOW)).split('\r\n')
  expect(LOOKUP_CSV_HEADING.startsWith('asked,serial,answer,verdict,grade,')).toBe(true)
  expect(lines[0]).toMatch(/^5CG1,5CG1,resealed,resealed,witnessed,/)
  expect(lines[1]).toMatch(/^'=5CG2,'=5CG2,resealed,/)
  expect(lines[2]).toMatch(/^nobody,nobody,not-seen,,,/)
  expect(lines).toHaveLength(4)
})

it('a queue of a webhook takes each row once, and gives up and tries again as it is told', async () => {
  const dir = aDir()
  const ledger = await aLedger(dir, 'thread')
  const reader = await aReader(dir, 'thread')
  const row = (seq: number) => ({
    seq,
    key: `k-${seq}`,
    event: 'record',
    at: START,
    body: '{}',
    due: START + seq,
  })
  expect(await reader.hookCursor('erp')).toBe(null)
  const take = { do: 'take', hook: 'erp', cursor: 3, rows: [row(1), row(3)] } as const
  expect(await ledger.changeHooks(take)).toBe(2)
  // As after a crash between reading and committing: nothing is taken twice, and the cursor never goes back.
  expect(await ledger.changeHooks({ ...take, cursor: 2 })).toBe(0)
  expect(await reader.hookCursor('erp')).toBe(3)
  await ledger.changeHooks({ do: 'again', hook: 'erp', seq: 1, due: START + 99, why: 'HTTP 500' })
  expect(await reader.hooksDue('erp', 10)).toMatchObject([
    { seq: 3, tries: 0, why: null },
    { seq: 1, tries: 1, why: 'HTTP 500' },
  ])
  await ledger.changeHooks({ do: 'dead', hook: 'erp', seq: 1, why: 'HTTP 500' })
  await ledger.changeHooks({ do: 'done', hook: 'erp', seq: 3, at: START + 5 })
  expect(await reader.hookStates(['erp', 'other'])).toEqual([
    { hook: 'erp', waiting: 0, dead: 1, delivered: 1, deliveredAt: START + 5 },
    { hook: 'other', waiting: 0, dead: 0, delivered: 0, deliveredAt: null },
  ])
  expect(await ledger.changeHooks({ do: 'resend', hook: 'erp', seqs: [1, 7], due: START })).toBe(1)
  expect(await reader.hooksDue('erp', 10)).toMatchObject([{ seq: 1, tries: 0, due: START }])
})
