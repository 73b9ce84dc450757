// The TPM and the pre-check of a bay in a real browser: lines that stand apart, reasons in words, and what nobody promises.
import { expect, test } from 'vitest'
import { NO_PROMISE } from '../../agent/core/tpm/promise.ts'
import type { TpmView } from '../../agent/core/view.ts'
import { viewOf } from '../fakes/board-bench.ts'
import { BOUND, clock, textOf, useBoard } from './fixture.ts'

const board = useBoard()

const TPM: TpmView = {
  station: 'NO-GO',
  windows: 'HOLD',
  flow: { result: 'not-reached' },
  demands: ['attestation', 'secure-boot'],
  reasons: [
    {
      id: 'roca',
      side: 'station',
      verdict: 'NO-GO',
      words: 'The TPM has a weak key',
      value: 'the key has the fingerprint',
      hint: 'Update the firmware and clear the TPM.',
    },
    {
      id: 'ek-chain',
      side: 'station',
      verdict: 'HOLD',
      words: "The maker's certificate of the TPM is not trusted here",
      value: 'CN=<b>Maker</b> is not among the roots',
      hint: '',
    },
    {
      id: 'device-clock',
      side: 'windows',
      verdict: 'HOLD',
      words: 'The clock of the device is wrong',
      value: '95.0 s',
      hint: 'Set the clock of the device.',
    },
  ],
}
const line = (name: string) => board.panel().locator(`[data-line="${name}"]`)

test('both verdicts stand side by side with their own reasons, never mixed', async () => {
  board.bench.show(viewOf('5', 'hold', clock, { line: 'TPM: fetch the lead', tpm: TPM }))
  await board.tile('5').click()
  await expect.poll(() => line('station').count(), BOUND).toBe(1)
  const station = (await textOf(line('station'))).replace(/\s+/g, ' ')
  expect(station).toMatch(/^Attests to the station ✗ No ✗ The TPM has a weak key/)
  expect(station).toContain('→ Update the firmware and clear the TPM.'.slice(2))
  expect(station).toContain('is not trusted here')
  expect(station).not.toContain('clock')
  // What a device tells is text, whatever it looks like.
  expect(station).toContain('CN=<b>Maker</b>')
  const windows = (await textOf(line('windows'))).replace(/\s+/g, ' ')
  expect(windows).toMatch(/^Windows says ready \? A person decides \? The clock of the device/)
  expect(windows).not.toContain('weak key')
  expect((await textOf(line('flow'))).replace(/\s+/g, ' ')).toBe(
    "Microsoft's service said · Not asked yet",
  )
  const boxes = await Promise.all(
    ['station', 'windows', 'flow'].map((name) => line(name).boundingBox()),
  )
  expect(new Set(boxes.map((box) => box?.y)).size).toBe(1)
  expect(new Set(boxes.map((box) => box?.x)).size).toBe(3)
  const all = await textOf(board.panel())
  expect(all).toContain(NO_PROMISE)
  expect(all).toContain('The work order demands: attestation, secure-boot')
})

test('the service answer changes alone, with its code', async () => {
  const flow = { result: 'failed', code: '0x81039001', source: 'screen' } as const
  board.bench.show(
    viewOf('5', 'hold', clock, { tpm: { ...TPM, station: 'GO', reasons: [], flow } }),
  )
  await board.tile('5').click()
  await expect
    .poll(async () => (await textOf(line('flow'))).replace(/\s+/g, ' '), BOUND)
    .toBe("Microsoft's service said ✗ Failed 0x81039001")
  expect((await textOf(line('station'))).replace(/\s+/g, ' ')).toBe('Attests to the station ✓ Yes')
})

test('a bad network stands in the panel with what to do, and a bay without any shows nothing', async () => {
  const finding = {
    id: 'network.clock',
    grade: 'hold',
    value: 'off by 300 s',
    hint: 'Set the clock of the bench PC.',
  } as const
  board.bench.show(viewOf('5', 'waiting', clock, { preCheck: [finding] }))
  await board.tile('5').click()
  const found = board.panel().locator('.pre-check')
  await expect.poll(() => found.count(), BOUND).toBe(1)
  expect((await textOf(found)).replace(/\s+/g, ' ')).toMatch(
    /^Before it starts \? clock of the network off by 300 s .*Set the clock of the bench PC\.$/,
  )
  expect(await board.panel().locator('.tpm').count()).toBe(0)
  await board.page.keyboard.press('Escape')
  await board.tile('1').click()
  await expect.poll(() => board.panel().count(), BOUND).toBe(1)
  expect(await board.panel().locator('.checks').count()).toBe(0)
})

test('thirty reasons scroll inside the panel and nothing else moves', async () => {
  const [reason] = TPM.reasons
  if (reason === undefined) throw new Error('there is one')
  const reasons = Array.from({ length: 30 }, (_, n) => ({ ...reason, id: `row-${n}` }))
  board.bench.show(viewOf('5', 'hold', clock, { tpm: { ...TPM, reasons } }))
  await board.tile('5').click()
  await expect.poll(() => board.panel().locator('.tpm li').count(), BOUND).toBe(30)
  const box = await board.panel().boundingBox()
  const page = board.page.viewportSize()
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(page?.height ?? 0)
})
