// What a commit promises: whole steps, numbered messages, a chain, and neighbours that do not hurt each other.
import { describe, expect, it } from 'vitest'
import { canonicalText, headOf, sha256 } from '../../../agent/ledger/digest.ts'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import { aDir, aLedger, aReader, codeOf, MODES } from './parts/samples.ts'
import { anAlarm, closing, START, step } from './parts/steps.ts'

describe.each(MODES)('a ledger in mode %s', (mode) => {
  it('keeps the latest state of each bay over a restart', async () => {
    const dir = aDir()
    const first = await aLedger(dir, mode)
    await Promise.all([first.commit(step('B1', 1)), first.commit(step('B2', 1))])
    await first.commit(step('B1', 2))
    await first.close()
    const again = await aLedger(dir, mode)
    expect([...(await again.states())]).toEqual([
      ['B1', '{"bay":"B1","input":2}'],
      ['B2', '{"bay":"B2","input":1}'],
    ])
    expect(again.epoch).toBe(first.epoch)
    expect(await again.seq()).toBe(3)
  })

  it('answers a closing step with its link of the chain and queues record, event and alarm', async () => {
    const ledger = await aLedger(aDir(), mode)
    const entry = { ...closing('B1', 1, 'r-1'), alarms: [anAlarm('SN-r-1')] }
    const { seq, chain } = await ledger.commit(entry)
    expect(seq).toBe(3)
    expect(chain?.entry.digest).toBe(sha256(canonicalText(entry.record)))
    expect(chain?.head).toBe(chain && headOf(chain.entry))
    const rows = await ledger.unsent(0, 10)
    expect(rows.map(({ topic }) => topic)).toEqual(['records/r-1', 'alarms', 'events'])
    expect(rows[0]).toMatchObject({
      seq: 1,
      epoch: ledger.epoch,
      body: { record: entry.record, chain },
    })
    expect(rows[2]?.body).toEqual({
      bay: 'B1',
      run: null,
      serial: 'SN-r-1',
      input: 1,
      from: 'settling',
      to: 'present',
      why: 'steady link',
    })
  })

  it('writes an alarm and an annotation to the history of their device, in the chain', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir, mode)
    await ledger.commit(closing('B1', 1, 'r-1', 'SN-7'))
    await ledger.commit(step('B1', 2, { alarms: [anAlarm('SN-7')] }))
    const { chain } = await ledger.annotate('SN-7', 'confirmed', START, { by: 'intune' })
    expect(chain?.entry).toMatchObject({ seq: 3, kind: 'annotation' })
    const reader = await aReader(dir, mode)
    const { runs, annotations } = await reader.device('SN-7')
    expect(runs).toHaveLength(1)
    expect(annotations.map(({ kind }) => kind)).toEqual(['alarm', 'confirmed'])
    expect(annotations[0]?.body).toMatchObject({ code: 'OPERATOR_POWERED_ON_AFTER_RESEAL' })
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 3, head: chain?.head })
  })

  it('answers a step that is tried again as done, and does not do it twice', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir, mode)
    const first = await ledger.commit(closing('B1', 1, 'r-1'))
    const again = await ledger.commit(closing('B1', 1, 'r-1'))
    expect(again).toEqual(first)
    expect((await ledger.unsent(0, 10)).map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('refuses a second record of one run, and only that', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir, mode)
    await ledger.commit(closing('B1', 1, 'r-1'))
    const together = [
      ledger.commit(step('B2', 1)),
      ledger.commit(closing('B3', 1, 'r-1')),
      ledger.commit(closing('B4', 1, 'r-4')),
    ]
    const codes = await Promise.all(together.map(codeOf))
    expect(codes[0]).toMatch(/^no fault/)
    expect(codes[1]).toBe('STATION_LEDGER_FAULT')
    expect(codes[2]).toMatch(/^no fault/)
    expect([...(await ledger.states()).keys()]).toEqual(['B1', 'B2', 'B4'])
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 2 })
  })

  it('takes a record with a torn character and keeps its chain whole', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir, mode)
    await ledger.commit(closing('B1', 1, 'r-1', 'SN-\ud800'))
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 1 })
    const reader = await aReader(dir, mode)
    expect((await reader.run('r-1'))?.record.device.serial).toBe('SN-\ufffd')
  })

  it('counts boots until the first commit of a bay', async () => {
    const dir = aDir()
    for (const count of [1, 2]) {
      const ledger = await aLedger(dir, mode)
      expect([...(await ledger.countBoot(['B1', 'B2'] as never)).values()]).toEqual([count, count])
      await ledger.close()
    }
    const ledger = await aLedger(dir, mode)
    await ledger.commit(step('B1', 1))
    expect([...(await ledger.countBoot(['B1', 'B2'] as never)).values()]).toEqual([1, 3])
  })

  it('gives what is unsent, oldest first, and neither what is sent nor what is parked', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir, mode)
    for (let input = 1; input <= 6; input++) await ledger.commit(step('B1', input))
    await ledger.markSent([1, 2, 4])
    await ledger.park(3, 'refused three times')
    expect((await ledger.unsent(0, 10)).map(({ seq }) => seq)).toEqual([5, 6])
    expect((await ledger.unsent(5, 10)).map(({ seq }) => seq)).toEqual([6])
    const reader = await aReader(dir, mode)
    expect(await reader.totals()).toMatchObject({
      unsent: 2,
      parked: 1,
      oldestUnsentAt: START + 5000,
    })
    expect((await reader.events(3, 10)).map(({ seq }) => seq)).toEqual([4, 5, 6])
  })

  it('prunes old inputs and sent messages, and never a record, its chain or what waits', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir, mode)
    const keepMs = 90 * 24 * 60 * 60_000
    const old = START - 2 * keepMs
    for (let input = 1; input <= 5; input++) {
      const entry = closing('B1', input, `r-${input}`)
      await ledger.commit({ ...entry, input: { ...entry.input, at: old } })
    }
    await ledger.markSent([1, 2, 3, 4, 5, 6])
    await ledger.park(7, 'refused')
    const { seq } = await ledger.commit(step('B1', 6))
    expect(await ledger.prune(keepMs)).toEqual({ inputs: 5, outbox: 6 })
    expect((await ledger.unsent(0, 20)).map((row) => row.seq)).toEqual([8, 9, 10, 11])
    expect(await ledger.prune(keepMs)).toEqual({ inputs: 0, outbox: 0 })
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 5 })
    await ledger.close()
    // Numbers go on where they were, also when the rows before them are gone.
    const again = await aLedger(dir, mode)
    expect((await again.commit(step('B1', 7))).seq).toBe(seq + 1)
  })

  it('refuses politely after it was closed, and closes twice without harm', async () => {
    const ledger = await aLedger(aDir(), mode)
    const last = ledger.commit(step('B1', 1))
    await ledger.close()
    expect((await last).seq).toBe(1)
    expect(await codeOf(ledger.commit(step('B1', 2)))).toBe('STATION_LEDGER_FAULT')
    await ledger.close()
  })
})

describe('the ledger in process', () => {
  it('shares one transaction among the steps of one turn, in the order they were asked', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ledger.commit(step(`B${index}`, 1))),
    )
    // All of them see the last row of their common transaction.
    expect(new Set(answers.map(({ seq }) => seq))).toEqual(new Set([50]))
    const bays = (await ledger.unsent(0, 50)).map(({ body }) => body['bay'])
    expect(bays).toEqual(Array.from({ length: 50 }, (_, index) => `B${index}`))
  })
})

describe('the reader', () => {
  it('pages through closed runs by every filter, newest first', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir)
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ledger.commit(closing(`B${index % 2}`, index + 1, `r-${index}`, `SN-${index % 5}`)),
      ),
    )
    const reader = await aReader(dir)
    const names = async (query: Parameters<typeof reader.runs>[0]) =>
      (await reader.runs(query)).map(({ record }) => record.run)
    expect(await names({ max: 2 })).toEqual(['r-19', 'r-18'])
    expect(await names({ max: 2, before: 19 })).toEqual(['r-17', 'r-16'])
    expect(await names({ max: 9, serial: 'SN-3' })).toEqual(['r-18', 'r-13', 'r-8', 'r-3'])
    expect(await names({ max: 2, bay: 'B1' })).toEqual(['r-19', 'r-17'])
    expect(await names({ max: 9, verdict: 'failed' })).toEqual([])
    const range = { since: START + 3000, until: START + 6000 }
    expect(await names({ max: 9, ...range })).toEqual(['r-4', 'r-3', 'r-2'])
    expect(await reader.runsBefore('SN-3')).toBe(4)
    expect(await reader.provisionTimes(3)).toEqual([1_900_000, 1_900_000, 1_900_000])
    expect(await reader.totals()).toMatchObject({ runs: 20, verdicts: { resealed: 20 } })
  })

  it('says where a serial has its open run', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir)
    await ledger.commit(step('B1', 1, { run: 'r-1', serial: 'SN-1', phase: 'provisioning' }))
    const reader = await aReader(dir)
    expect(await reader.device('SN-1')).toEqual({
      runs: [],
      annotations: [],
      open: { bay: 'B1', phase: 'provisioning', run: 'r-1' },
    })
    expect(await reader.run('r-1')).toBeNull()
  })

  it('counts as today what was resealed since midnight', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir)
    const now = clockNow()
    for (const [index, endedAt] of [now - 3 * 86_400_000, now].entries()) {
      const entry = closing('B1', index + 1, `r-${index}`)
      if (entry.record === null) throw new Error('a closing step has a record')
      await ledger.commit({
        ...entry,
        record: { ...entry.record, endedAt: new Date(endedAt).toISOString() },
      })
    }
    const reader = await aReader(dir)
    expect(await reader.totals()).toMatchObject({ runs: 2, resealedToday: 1 })
  })
})

const clockNow = () => Date.now()
