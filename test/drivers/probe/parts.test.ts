// The intake's own certificate, its codes, and its bounds per address.
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { intakeIdentity } from '../../../drivers/probe/certificate.ts'
import { CODE_MS, CodeBook } from '../../../drivers/probe/codes.ts'
import { limitKey, Rate, Refusals } from '../../../drivers/probe/limits.ts'

describe("the intake's certificate", () => {
  it('is sound, signed by itself, kept over restarts, and its key is for the station alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reseal-pin-'))
    const one = intakeIdentity(folder)
    const certificate = new X509Certificate(one.certificatePem)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.validTo).toMatch(/9999/)
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
    expect(createHash('sha256').update(spki).digest('base64')).toBe(one.pin)
    // The head that probe.ps1 puts before the point, since Windows cannot export it.
    expect(spki.subarray(0, 26).toString('hex')).toBe(
      '3059301306072a8648ce3d020106082a8648ce3d030107034200',
    )
    expect(intakeIdentity(folder).pin).toBe(one.pin)
    const file = join(folder, 'probe-intake-key.pem')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    // A damaged key is made anew.
    writeFileSync(file, 'no key')
    expect(intakeIdentity(folder).pin).not.toBe(one.pin)
    rmSync(folder, { recursive: true })
  })
})

describe('codes', () => {
  const bay = bayId('01')
  it('are typed as people type, used once, and end in time', () => {
    const book = new CodeBook()
    const code = book.issue(bay, 'run-1', 0)
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(
      book.redeem(
        ` ${code.toLowerCase().replace('-', '').replace(/0/g, 'o').replace(/1/g, 'l')}\n`,
        1,
      ),
    ).toEqual({ bay, run: 'run-1' })
    expect(book.redeem(code, 2)).toBeNull()
    expect(book.redeem(book.issue(bay, null, 0), CODE_MS + 1)).toBeNull()
    expect(book.redeem('x'.repeat(100_000), 0)).toBeNull()
  })
})

describe('bounds', () => {
  it('give each address its burst and then its rate', () => {
    const rate = new Rate(3, 1)
    const takes = (address: string, now: number) => rate.take(address, now)
    expect([0, 0, 0, 0].map((now) => takes('a', now))).toEqual([true, true, true, false])
    expect(takes('b', 0)).toBe(true)
    expect(rate.has('a', 500)).toBe(false)
    expect([1000, 1000].map((now) => takes('a', now))).toEqual([true, false])
  })

  it('forget the address longest unheard of, so that memory is bounded', () => {
    const rate = new Rate(1, 0)
    rate.take('first', 0)
    for (let index = 0; index < 1024; index += 1) rate.take(`${index}`, 0)
    expect(rate.take('first', 0)).toBe(true)
    expect(rate.take('1023', 0)).toBe(false)
  })

  it('count an IPv6 device by its network, and a mapped IPv4 address as what it is', () => {
    expect(limitKey('::ffff:10.0.0.1')).toBe('10.0.0.1')
    expect(limitKey('fd00:1:2:3::7')).toBe(limitKey('fd00:1:2:3:aaaa:bbbb:cccc:dddd'))
    expect(limitKey('fe80::1%eth0')).toBe(limitKey('fe80::2'))
    expect(limitKey('fd00:1:2:4::7')).not.toBe(limitKey('fd00:1:2:3::7'))
  })

  it('tell a refusal once and then how often', () => {
    const told: [string, number][] = []
    const refusals = new Refusals(10, (_, why, times) => void told.push([why, times]))
    for (const now of [0, 1, 2, 11]) refusals.add('a', 'no', now)
    expect(told).toEqual([
      ['no', 1],
      ['no', 3],
    ])
  })
})
