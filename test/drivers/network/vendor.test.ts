// The vendor that the attestation wrote among a run's checks is the one whose addresses the network check requires.
import { expect, test } from 'vitest'
import { tpmVendorOf } from '../../../agent/bench/pre-check.ts'
import { judgeTpm } from '../../../agent/core/tpm/judge.ts'
import { loadAddresses } from '../../../station-config/network/addresses.ts'
import { PROPERTIES, SIGHTING, WINDOWS } from '../../fakes/tpm-sighting.ts'

const checksOf = (manufacturer: string | null) => {
  const id = Buffer.alloc(4)
  id.write(manufacturer ?? '')
  const properties = { seen: { ...PROPERTIES, manufacturer: id.readUInt32BE() } }
  const tpm = manufacturer === null ? null : { ...SIGHTING, properties }
  const policy = { allowTestTpm: false, demands: [] }
  return judgeTpm({ tpm, windows: WINDOWS, machine: null, rules: [], policy }).checks
}

test.each(['INTC', 'AMD', 'QCOM', 'IFX', 'STM', 'NTC', 'NTZ', 'NSG', 'MSFT'])(
  'a TPM of %s is known by its id, and the list has addresses for it',
  (vendor) => {
    expect(tpmVendorOf(checksOf(vendor))).toBe(vendor)
    expect(loadAddresses().value?.addresses.some(({ tpm }) => tpm?.includes(vendor))).toBe(true)
  },
)

test('no probe, no vendor', () => {
  expect(tpmVendorOf(checksOf(null))).toBeNull()
  expect(tpmVendorOf([])).toBeNull()
})
