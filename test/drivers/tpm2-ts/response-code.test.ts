// Response codes taken apart: which part of the command, what it means, and whether to send it again.
import { describe, expect, test } from 'vitest'
import { responseCode, responseText } from '../../../drivers/tpm2-ts/index.ts'

describe('a response code', () => {
  // Codes that real TPMs gave, and their parts by Part 2, section 6.6.
  const known = [
    [0x18b, 'HANDLE', 'handle', 1],
    [0x1df, 'INTEGRITY', 'parameter', 1],
    [0x98e, 'AUTH_FAIL', 'session', 1],
    [0x9a2, 'BAD_AUTH', 'session', 1],
    [0x99d, 'POLICY_FAIL', 'session', 1],
    [0x2c4, 'VALUE', 'parameter', 2],
    [0x084, 'VALUE', null, 0],
    [0x910, 'REFERENCE_H0', 'handle', 1],
    [0x918, 'REFERENCE_S0', 'session', 1],
    [0x91e, 'REFERENCE_S6', 'session', 7],
    [0x902, 'OBJECT_MEMORY', null, 0],
    [0x921, 'LOCKOUT', null, 0],
    [0x12f, 'AUTH_UNAVAILABLE', null, 0],
    [0x100, 'INITIALIZE', null, 0],
    [0x101, 'FAILURE', null, 0],
    [0x143, 'COMMAND_CODE', null, 0],
    [0x01e, 'BAD_TAG', null, 0],
  ] as const
  test.each(known)('0x%s is %s', (raw, name, kind, number) => {
    const subject = kind === null ? null : { kind, number }
    expect(responseCode(raw)).toMatchObject({ raw, name, subject, layer: 'tpm' })
    expect(responseCode(raw).meaning).not.toContain('in no table')
  })

  test('is repeated only if the TPM says so', () => {
    const transient = Array.from({ length: 0x1000 }, (_, raw) => raw).filter(
      (raw) => responseCode(raw).isTransient,
    )
    expect(transient).toEqual([0x908, 0x90a, 0x920, 0x922])
  })

  test('names every number of a format 1 code', () => {
    expect(responseText(responseCode(0x1c6))).toMatch(/^UNKNOWN_0x1C6 of parameter 1 \(0x1C6\)/)
    expect(responseText(responseCode(0x5df))).toMatch(/^INTEGRITY of parameter 5 \(0x5DF\): /)
    expect(responseText(responseCode(0xf8e))).toMatch(/^AUTH_FAIL of session 7 /)
    expect(responseText(responseCode(0x78b))).toMatch(/^HANDLE of handle 7 /)
  })

  test('of a program before the TPM says so', () => {
    expect(responseCode(0x000b0143)).toMatchObject({
      name: 'COMMAND_CODE',
      layer: 'resource-manager',
    })
    expect(responseCode(0x80280400)).toMatchObject({ name: 'COMMAND_BLOCKED', layer: 'windows' })
    expect(responseText(responseCode(0x80280400))).toContain('said by Windows')
  })

  test('of a vendor is none of the specification’s', () => {
    expect(responseCode(0x522).name).toBe('UNKNOWN_0x522')
    expect(responseCode(0x522).isTransient).toBe(false)
  })
})
