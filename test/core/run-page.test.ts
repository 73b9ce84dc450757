// What the page of a closed run makes of its record, without a browser.
import { describe, expect, test } from 'vitest'
import type { TpmCheck } from '../../agent/core/facts.ts'
import { checksOf } from '../../agent/dashboard/record-checks.ts'
import { aRecord } from '../fakes/records.ts'

const check = (id: string, verdict: TpmCheck['verdict'], hint = ''): TpmCheck => ({
  id,
  verdict,
  value: `seen of ${id}`,
  source: 'tpm',
  hint,
})
const flow = { result: 'failed', code: '0x81039001', source: 'screen' } as const

describe('the TPM of a record', () => {
  test('has its reasons in words, each on its side, refusals first', () => {
    const checks = [
      check('device-clock', 'HOLD'),
      check('tpm-family', 'GO'),
      check('roca', 'NO-GO', 'A weak Infineon key; update the firmware and clear the TPM.'),
      check('quote', 'not-seen'),
    ]
    const record = aRecord('r', { tpm: { station: 'NO-GO', windows: 'HOLD', flow, checks } })
    expect(checksOf(record).tpm).toEqual({
      station: 'NO-GO',
      windows: 'HOLD',
      flow,
      demands: [],
      reasons: [
        {
          id: 'roca',
          side: 'station',
          verdict: 'NO-GO',
          words: 'The TPM has a weak key',
          value: 'seen of roca',
          hint: 'A weak Infineon key; update the firmware and clear the TPM.',
        },
        {
          id: 'device-clock',
          side: 'windows',
          verdict: 'HOLD',
          words: 'The clock of the device is wrong',
          value: 'seen of device-clock',
          hint: '',
        },
      ],
    })
  })

  test('is not shown where nobody saw one; findings are, but those that were fine', () => {
    const unseen = { station: 'not-seen', windows: 'not-seen', flow, checks: [] } as const
    const bad = { id: 'network.dns', grade: 'hold', value: 'none', hint: 'Mend it.' } as const
    const findings = [bad, { ...bad, grade: 'ok' as const }]
    expect(checksOf(aRecord('r', { tpm: unseen, preCheck: { at: 1, findings } }))).toEqual({
      preCheck: [bad],
    })
  })
})
