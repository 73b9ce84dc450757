// Every code of the red page: what the station does, how the run ends, and that no unknown code ever decides by itself.
import { describe, expect, test } from 'vitest'
import { codeIn, RED_CODES } from '../../agent/core/red-codes.ts'
import { TestBay } from './flow/bay.ts'

const RETRY_FOCUS = { focus: 'retry' } as const
const red = (code: string, noGo = false): TestBay => {
  const bay = new TestBay().toProvisioning()
  if (noGo) bay.give({ kind: 'tpm', station: 'NO-GO', windows: 'GO', checks: [] })
  return bay.pass(60_000).see('failure', { code })
}
/** One Retry under its guard, and the red page again. */
const retryOnce = (bay: TestBay, code: string): TestBay => {
  bay.played().see('failure', { code, ...RETRY_FOCUS })
  expect(bay.lastPlay?.request.burst).toBe('enter')
  return bay.played().pass(60_000).see('failure', { code })
}

describe('each row of the table', () => {
  test.for(RED_CODES.filter(({ action }) => action !== 'ignore'))('$code', (row) => {
    for (const noGo of [false, true]) {
      const bay = red(row.code, noGo)
      expect(bay.name, 'the page must stand first').toBe('failing')
      bay.pass(30_000)
      for (const waitMs of row.retryMs) {
        expect(bay.name).toBe('retry-wait')
        bay.pass(waitMs - 1000)
        expect(bay.name, 'never sooner than the row says').toBe('retry-wait')
        retryOnce(bay.pass(1001), row.code).pass(30_000)
      }
      const wanted = row.verdict === 'by-tpm' ? (noGo ? 'failed' : 'error') : row.verdict
      expect(bay.records).toHaveLength(1)
      expect(bay.records[0]).toMatchObject({
        verdict: wanted,
        retries: row.retryMs.length,
        attempt: 1,
      })
      expect(bay.records[0]?.error?.action).toContain(row.hint)
      expect(bay.records[0]?.error?.code).toBe(row.code)
    }
  })

  test('an unlisted, an ignored and a missing code are holds that never close by themselves', () => {
    for (const code of ['0x8BADF00D', '0x81039025', '']) {
      const bay = red(code).pass(23 * 3_600_000)
      expect([bay.phase.at, bay.records.length]).toEqual(['hold', 0])
      expect(bay.pass(2 * 3_600_000).records.at(-1)?.verdict).toBe('timeout')
    }
  })

  test('a Retry that may have landed counts, and a fault of the keyboard too', () => {
    for (const proof of ['unknown', 'fault'] as const) {
      const bay = red('0x800705B4').pass(151_000).played()
      bay.see('failure', { code: '0x800705B4', ...RETRY_FOCUS }).played(proof)
      expect(bay.state.run?.retries).toBe(1)
    }
  })

  test('Retry is pressed only where Retry holds the focus, never beside it', () => {
    const bay = red('0x800705B4').pass(151_000).played()
    bay.see('failure', { code: '0x800705B4', focus: 'reset' })
    expect(bay.lastPlay?.request.burst).toBe('moves')
    for (let n = 0; n < 8 && bay.name === 'retry-confirm'; n++)
      bay.played().see('failure', { code: '0x800705B4', focus: 'reset' })
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'guard-failed' })
  })

  test('taking back an abort does not shorten the wait for Retry', () => {
    const bay = red('0x81039001').pass(31_000).act('abort').undo().pass(100_000)
    expect(bay.name).toBe('retry-wait')
    expect(bay.pass(20_001).name).toBe('retry-confirm')
  })

  test('a device that a person resets is followed, and the run is failed whatever comes', () => {
    const follow = () => red('0x8BADF00D').pass(31_000).say('reset')
    expect(follow().name).toBe('resetting')
    expect(follow().see('signin').records.at(-1)?.verdict).toBe('failed')
    expect(follow().act('removed').pass(6000).records.at(-1)?.verdict).toBe('failed')
    expect(
      follow()
        .link('down')
        .pass(16 * 60_000)
        .records.at(-1)?.verdict,
    ).toBe('failed')
    // Nothing that does anything is pressed after it; the lock-key echo proves the driver and presses no button.
    expect(
      follow()
        .effects.filter((effect) => effect.do === 'play' && effect.request.script !== 'echo')
        .at(-1),
    ).toMatchObject({ request: { burst: 'enter', script: 'landing-11@1' } })
  })
})

test('a code is read as pages print it, and the last one counts', () => {
  expect(codeIn('0x0x81039001')).toBe('0x81039001')
  expect(codeIn('error 800705b4')).toBe('0x800705B4')
  expect(codeIn('0x81039025 0x80180014')).toBe('0x80180014')
  expect(codeIn('0x80180014 then 0x81039025')).toBe('0x80180014')
  expect(codeIn('no code')).toBeNull()
})
