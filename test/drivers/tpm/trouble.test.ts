// How a broken conversation is told: each fault of the TPM package and of a relay has its kind and its step.
import { expect, test } from 'vitest'
import { isStationError, StationError } from '../../../agent/fault.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { attestTpm, NO_ROOTS } from '../../../drivers/tpm/index.ts'
import { troubleOf } from '../../../drivers/tpm/trouble.ts'
import { responseCode, TpmFault, type TpmFaultCode } from '../../../drivers/tpm2-ts/index.ts'

const answered = (raw: number) =>
  new TpmFault('TPM_RESPONSE', 'It answered so.', { response: responseCode(raw) })

test.each<[TpmFaultCode, string]>([
  ['TPM_UNREACHABLE', 'stopped'],
  ['TPM_CLOSED', 'stopped'],
  ['TPM_BUSY', 'stopped'],
  ['TPM_CANCELLED', 'stopped'],
  ['TPM_TIMEOUT', 'timed-out'],
  ['TPM_GARBLED', 'garbled'],
  ['TPM_OVERSIZED', 'garbled'],
  ['TPM_MALFORMED', 'garbled'],
  ['TPM_INTEGRITY', 'garbled'],
  ['TPM_KEY', 'garbled'],
])('%s is told as %s', (code, kind) => {
  const trouble = troubleOf(new TpmFault(code, 'It did so.'), 'taking a quote')
  expect(trouble).toEqual({ kind, step: 'taking a quote', detail: 'It did so' })
})

test.each([
  [0x902, 'no-slot'],
  [0x903, 'no-slot'],
  [0x100, 'restarted'],
  [0x18b, 'restarted'],
  [0x910, 'restarted'],
  [0x918, 'restarted'],
  [0x143, 'refused'],
  [0x80280400, 'refused'],
])('response code 0x%s is told as %s', (raw, kind) => {
  expect(troubleOf(answered(raw), 'taking a quote').kind).toBe(kind)
})

test("a relay's own words are told, and a mistake of ours is no trouble of the TPM", () => {
  const silent = new StationError('DEVICE_TPM_SILENT', 'the probe is gone')
  expect(troubleOf(silent, 'taking a quote')).toMatchObject({
    kind: 'stopped',
    detail: 'the probe is gone',
  })
  const bytes = new StationError('DEVICE_TPM_DATA', 'a frame without end')
  expect(troubleOf(bytes, 'taking a quote').kind).toBe('garbled')
  for (const mistake of [new TypeError('no'), new TpmFault('TPM_USAGE', 'No.')])
    expect(() => troubleOf(mistake, 'taking a quote')).toThrow(mistake)
})

test('a relay that has nobody behind it from the first command on is silent, not a verdict', async () => {
  const error = await attestTpm(
    { send: () => Promise.reject(new StationError('DEVICE_TPM_SILENT', 'no probe')) },
    {
      clock: systemClock(),
      roots: NO_ROOTS,
      signal: new AbortController().signal,
      where: 'a relay',
    },
  ).catch((caught: unknown) => caught)
  expect(isStationError(error) && error.code).toBe('DEVICE_TPM_SILENT')
})
