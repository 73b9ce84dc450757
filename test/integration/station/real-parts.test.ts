// One bay on real parts, from plugged in to a record that another MQTT client holds, with everything that can be pulled pulled.
import { afterEach, describe, expect, test } from 'vitest'
import { RealBay, SERIAL, until } from './real-bay.ts'
import { SmallDisk } from './small-disk.ts'

let bay: RealBay | null = null
afterEach(async () => {
  await bay?.close()
  bay = null
})

async function opened(): Promise<RealBay> {
  bay = await RealBay.open()
  await bay.start()
  return bay
}

/** The flow up to a state, as an operator of an assisted bay goes through it. */
async function upTo(
  b: RealBay,
  goal: 'summon' | 'selecting' | 'reviewing' | 'provisioning' | 'offproof',
): Promise<void> {
  b.plugIn()
  await b.state(['identify', 'present'])
  b.scan(SERIAL)
  await b.state(['summon'])
  if (goal === 'summon') return
  await until('five taps of the Windows key', () => b.windowsTaps >= 5)
  await b.answer('summon', 'options')
  await b.state(['selecting'])
  if (goal === 'selecting') return
  await b.answer('selecting', 'yes')
  await b.state(['reviewing'])
  if (goal === 'reviewing') return
  await b.answer('reviewing', 'yes')
  await b.state(['provisioning'])
  if (goal === 'provisioning') return
  await b.answer('provisioning', 'green')
  await b.state(['offproof'])
}

/** The end of a good run: off, held, recorded, told, verified. */
async function resealed(b: RealBay): Promise<void> {
  b.switchOff()
  const done = await b.state(['done'])
  expect(done.signal).toBe('done')
  expect(done.grade).toBe('stated')
}

const records = async (b: RealBay): Promise<readonly Record<string, unknown>[]> => {
  const { out, code } = await b.cli('export', '--format', 'ndjson', '--data', b.dataDir)
  if (code !== 0) throw new Error(out)
  return out
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { record: Record<string, unknown> }).record)
}

describe('a bay on real parts', () => {
  test('goes to resealed in assisted mode, and the record is at a separate client', async () => {
    const b = await opened()
    const consumer = await b.listen()
    await upTo(b, 'offproof')
    await resealed(b)
    await until('the record arrives', () =>
      [...consumer.rows.values()].some((row) => /records/.test(row.topic)),
    )
    expect(consumer.problems).toEqual([])
    expect([...consumer.rows.values()].filter((row) => /records/.test(row.topic))).toHaveLength(1)
    await consumer.client.endAsync(true)

    const status = await b.cli('status', SERIAL, '--url', b.url, '--json')
    expect(status.code).toBe(0)
    expect(JSON.parse(status.out)).toMatchObject({
      serial: SERIAL,
      answer: 'resealed',
      grade: 'stated',
    })

    expect(await b.stop()).toBeLessThan(2000)
    expect(b.chip.keysDown()).toEqual([])
    const verify = await b.cli('verify', '--data', b.dataDir)
    expect(verify).toMatchObject({ code: 0 })
    const [record] = await records(b)
    expect(record).toMatchObject({
      verdict: 'resealed',
      grade: 'stated',
      device: { serial: SERIAL },
      agentRestarts: 0,
    })
    // At least one round of five full taps (the last one ends when the options are seen), three Enters, each guarded.
    expect(b.windowsTaps).toBeGreaterThanOrEqual(5)
    expect(b.enters).toBe(3)
    const keys = record?.['keys'] as { burst: string; guard: string; on: string; proof: string }[]
    const enters = keys.filter((one) => one.burst === 'enter')
    for (const line of enters) expect(line.on).toMatch(/^p\d+$/)
    // After Reseal the device goes dark: no echo follows that could say more than the chip did.
    expect(enters.map(({ proof }) => proof)).toEqual(['delivered', 'delivered', 'accepted'])
  })

  for (const step of ['summon', 'selecting', 'reviewing', 'provisioning'] as const) {
    test(`the link pulled in ${step}: it waits as a restart, and closes as interrupted when a person says taken out`, async () => {
      const b = await opened()
      await upTo(b, step)
      const enters = b.enters
      b.link.down()
      await b.state(['restarting'])
      // An echo of the lock key may be on its way in this very instant; it is no key that stays.
      await until('all keys are up', () => b.chip.keysDown().length === 0)
      expect((await b.act('removed')).status).toBe(200)
      b.chip.set({ enumerated: false })
      await b.state(['empty', 'closed'])
      await b.stop()
      expect(b.enters).toBe(enters)
      expect(await records(b)).toMatchObject([
        { verdict: 'interrupted', error: { code: 'OPERATOR_REMOVED' } },
      ])
    })
  }

  test('the link pulled in the seconds of the off-proof is a question when a person says taken out, never a verdict', async () => {
    const b = await opened()
    await upTo(b, 'offproof')
    expect((await b.act('removed')).status).toBe(200)
    await b.answer('dark-ask', 'removed')
    await b.state(['closed', 'empty'])
    await b.stop()
    expect(await records(b)).toMatchObject([{ verdict: 'interrupted' }])
  })

  for (const step of ['summon', 'selecting', 'reviewing'] as const) {
    test(`kill -9 in ${step}: one record in the end, no key replayed, all keys up first`, async () => {
      const b = await opened()
      await upTo(b, step)
      await b.kill()
      const before = b.chip.reports.length
      await b.start()
      await until('the chip hears of the new agent', () => b.chip.reports.length > before)
      expect(b.chip.reports[before]?.bytes).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
      const enters = b.enters
      const view = await b.state(['summon', 'locate'])
      expect(b.enters).toBe(enters)
      if (view.state === 'locate')
        await b.answer('locate', step === 'reviewing' ? 'landing' : 'options')
      else await b.answer('summon', 'options')
      const next = await b.state(['selecting', 'reviewing'])
      if (next.state === 'selecting') await b.answer('selecting', 'yes')
      await b.answer('reviewing', 'yes')
      await b.answer('provisioning', 'green')
      await b.state(['offproof'])
      await resealed(b)
      await b.stop()
      const all = await records(b)
      expect(all).toMatchObject([{ verdict: 'resealed', agentRestarts: 1 }])
      expect((await b.cli('verify', '--data', b.dataDir)).code).toBe(0)
    })
  }

  test('kill -9 while it provisions: it goes on by itself; kill -9 in the off-proof: the hold is proven anew', async () => {
    const b = await opened()
    await upTo(b, 'provisioning')
    await b.kill()
    await b.start()
    await b.state(['provisioning'])
    await b.answer('provisioning', 'green')
    await b.state(['offproof'])
    b.switchOff()
    await b.kill()
    await b.start()
    const view = await b.state(['done', 'dark-ask'])
    if (view.state === 'dark-ask') await b.answer('dark-ask', 'dark')
    await b.state(['done'])
    await b.stop()
    expect(await records(b)).toMatchObject([{ verdict: 'resealed', agentRestarts: 2 }])
  })

  test('the keyboard pulled when a key is due: station signal after its time, and the run goes on when it is back', async () => {
    const b = await opened()
    await upTo(b, 'selecting')
    await b.chip.unplug()
    await until('the board shows the bench', async () => (await b.view()).signal === 'station')
    await b.answer('selecting', 'yes')
    await b.state(['keyless'])
    await b.chip.plug()
    await b.answer('locate', 'options')
    await b.answer('selecting', 'yes')
    await b.answer('reviewing', 'yes')
    await b.answer('provisioning', 'green')
    await b.state(['offproof'])
    await resealed(b)
    await b.stop()
    expect(await records(b)).toMatchObject([{ verdict: 'resealed' }])
  })

  test('the disk is full when an answer comes: no key until there is room, then the flow goes on by itself', async () => {
    const disk = new SmallDisk()
    try {
      bay = await RealBay.open({ dataDir: disk.path })
      await bay.start()
      const b = bay
      await upTo(b, 'selecting')
      const enters = b.enters
      disk.fill()
      const view = await b.view()
      const answer = b.act('answer', { prompt: view.prompt?.id, answer: 'yes' })
      await until(
        'the board shows the bench',
        async () => (await b.view()).signal === 'station',
        15_000,
      )
      expect((await b.view()).fault?.code).toBe('STATION_LEDGER_FULL')
      expect((await b.view()).state).toBe('selecting')
      expect(b.enters).toBe(enters)
      disk.free()
      await answer
      // The confirmation is older than its two seconds by now, so the bay asks again before it presses.
      await until('the bay goes on', async () => (await b.view()).signal !== 'station', 15_000)
      const next = await b.state(['selecting', 'reviewing'])
      if (next.state === 'selecting') await b.answer('selecting', 'yes')
      await b.answer('reviewing', 'yes')
      await b.answer('provisioning', 'green')
      await b.state(['offproof'])
      await resealed(b)
      await b.stop()
      expect(await records(b)).toMatchObject([{ verdict: 'resealed' }])
      expect((await b.cli('verify', '--data', b.dataDir)).code).toBe(0)
    } finally {
      await bay?.close()
      bay = null
      disk.close()
    }
  })

  test('the broker is gone for the whole run: nothing waits, and the record arrives when it is back, once', async () => {
    const b = await opened()
    await b.broker.stop()
    await upTo(b, 'offproof')
    await resealed(b)
    await b.broker.start()
    const consumer = await b.listen()
    await until(
      'the record arrives',
      () => [...consumer.rows.values()].some((row) => /records/.test(row.topic)),
      20_000,
    )
    expect([...consumer.rows.values()].filter((row) => /records/.test(row.topic))).toHaveLength(1)
    await consumer.client.endAsync(true)
  })
})
