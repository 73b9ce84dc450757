// A wrong bar code of the label is asked about once, and a person who insists is believed.
import { afterEach, expect, test } from 'vitest'
import { SerialDoubt } from '../../agent/bench/serial-doubt.ts'
import { SteppedClock } from '../../drivers/virtual/stepped-clock.ts'
import { HandBay, HandBench } from '../fakes/hand-bay.ts'
import { ORDER } from './flow/world.ts'

const DELL = ['Latitude 5450', 'Latitude 7350']

let open: HandBench | null = null
afterEach(async () => {
  await open?.bench.close()
  open = null
})

test('a number that fits, an unknown maker and an order of several makers raise no doubt', () => {
  const doubt = new SerialDoubt(new SteppedClock(0))
  expect(doubt.of('01', '7XK2PQ3', DELL)).toBeNull()
  expect(doubt.of('01', '17039451279', [])).toBeNull()
  expect(doubt.of('01', '17039451279', ['Something 7'])).toBeNull()
  expect(doubt.of('01', '17039451279', ['Latitude 5450', 'ThinkPad T14'])).toBeNull()
})

test('the same code again is meant; another code, another bay or a third time is asked anew', () => {
  const clock = new SteppedClock(0)
  const doubt = new SerialDoubt(clock)
  expect(doubt.of('01', '17039451279', DELL)).toMatch(/express service code/)
  expect(doubt.of('02', '17039451279', DELL)).not.toBeNull()
  expect(doubt.of('01', '17039451279', DELL)).toBeNull()
  expect(doubt.of('01', '17039451279', DELL)).not.toBeNull()
  expect(doubt.of('01', '99999999991', DELL)).not.toBeNull()
  expect(doubt.of('01', '17039451279', DELL)).not.toBeNull()
})

test('at the bench the scan is refused with the reason, and taken when it is scanned again', async () => {
  const bay = new HandBay('01')
  const own = await HandBench.open([bay], { ...ORDER, models: DELL })
  open = own
  bay.plug('up')
  await own.state('01', 'present')
  expect(await own.bench.scan('17039451279', 'ann', '01')).toMatchObject({
    taken: 'refused',
    code: 'OPERATOR_SCAN_DOUBTFUL',
    detail: expect.stringContaining('express service code'),
  })
  expect(own.bench.bay('01')?.run ?? null).toBeNull()
  expect(await own.bench.scan('17039451279', 'ann', '01')).toMatchObject({ taken: 'taken' })
  await own.until('the run', () => own.bench.bay('01')?.serial === '17039451279')
})
