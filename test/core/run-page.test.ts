// What the page of a closed run makes of its record, without a browser.
import { describe, expect, test } from 'vitest'
import type { TpmCheck } from '../../agent/core/facts.ts'
import { checksOf, endOf } from '../../agent/dashboard/record-checks.ts'
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

describe('the end of a record', () => {
  const cause = { meaning: 'The keyboard port of the bay is gone.', hint: 'Plug it in again.' }
  const end = (action: string, known: typeof cause | null = cause) =>
    endOf({ error: { code: 'STATION_KEYBOARD_GONE', action } }, known)

  test('names what its code means, also where the record has only general words', () => {
    const said = { why: [cause.meaning], todo: cause.hint }
    expect(end('See the fault code in the documents')).toEqual(said)
    expect(end(cause.hint)).toEqual(said)
    expect(end(`bench: ${cause.hint}`)).toEqual({ ...said, todo: `bench: ${cause.hint}` })
  })

  test('keeps the note of what happened beside it; without a code it says nothing', () => {
    const note = 'prechecked: no such state'
    expect(end(note)).toEqual({ why: [cause.meaning, note], todo: cause.hint })
    expect(end(note, null)).toEqual({ why: [], todo: note })
    expect(endOf({}, null)).toEqual({ why: [], todo: '' })
  })
})
