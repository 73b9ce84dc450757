// Windows' words about its TPM: documented output, localised output, and any text at all.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isVirtualMachine, manufacturerText, vendorOf } from '../../../agent/core/tpm/vendors.ts'
import {
  informationWords,
  isVulnerable,
  needsClear,
  readTpmtool,
} from '../../../agent/core/tpm/windows-flags.ts'

const ENGLISH = [
  '-TPM Present: True',
  '-TPM Version: 2.0',
  '-TPM Manufacturer ID: IFX',
  '-TPM Manufacturer Version: 7.85.4555.0',
  '-Is Initialized: True',
  '-Ready For Storage: True',
  '-Ready For Attestation: False',
  '-Is Capable For Attestation: True',
  '-Clear Needed To Recover: False',
  '-Clear Possible: True',
  '-TPM Has Vulnerable Firmware: False',
  '-Maintenance Task Complete: False',
  '-Information Flags: 0x40000',
  '-Lockout Information:',
  '\t-Is Locked Out: False',
  '\t-Lockout Counter: 0',
].join('\r\n')

test('the output of tpmtool is read, with the mask', () => {
  expect(readTpmtool(ENGLISH)).toEqual({
    present: true,
    version: '2.0',
    initialized: true,
    readyForStorage: true,
    readyForAttestation: false,
    capableForAttestation: true,
    clearNeeded: false,
    vulnerableFirmware: false,
    lockedOut: false,
    maintenanceDone: false,
    information: 0x40000,
    manufacturerId: 'IFX',
    manufacturerVersion: '7.85.4555.0',
  })
})

test('a localised output gives no flag at all, never a wrong one', () => {
  const german = readTpmtool(
    '-TPM vorhanden: Wahr\r\n-TPM-Version: 2.0\r\n-Ist initialisiert: Wahr',
  )
  expect(Object.values(german).every((value) => value === null)).toBe(true)
})

test('a word that is neither True nor False is unknown', () => {
  expect(readTpmtool('-TPM Present: maybe').present).toBe(null)
})

test('any text gives flags', () => {
  const line = fc.constantFrom(
    ...ENGLISH.split('\r\n'),
    ':',
    '-:',
    '-__proto__: True',
    '-constructor: 1',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      expect(Object.keys(readTpmtool(lines.join('\n')))).toHaveLength(13)
    }),
  )
})

test('the mask is told in words', () => {
  expect(informationWords(0x40000 | 0x80000)).toEqual([
    'EK certificate not read',
    'event log empty or unreadable',
  ])
  expect(informationWords(0)).toEqual([])
  expect(isVulnerable(0x1000000)).toBe(true)
  expect(needsClear(0x8)).toBe(true)
})

test('vendor numbers are read as Windows prints them', () => {
  expect(manufacturerText(1_229_346_816)).toBe('IFX')
  expect(manufacturerText(1_398_033_696)).toBe('STM')
  expect(manufacturerText(0x1014)).toBe('00001014')
  expect(vendorOf(1_297_303_124)?.name).toBe('Microsoft')
  expect(vendorOf(0x1014)).toBe(null)
})

test.each([
  ['Microsoft Corporation', 'Virtual Machine', true],
  ['QEMU', 'Standard PC (Q35 + ICH9, 2009)', true],
  ['VMware, Inc.', 'VMware20,1', true],
  ['innotek GmbH', 'VirtualBox', true],
  ['Microsoft Corporation', 'Surface Laptop 7', false],
  ['LENOVO', '21HM', false],
])('%s %s is a virtual machine: %s', (manufacturer, model, is) => {
  expect(isVirtualMachine({ manufacturer, model })).toBe(is)
})
