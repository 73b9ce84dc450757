// What the network check makes of what it saw, as tables: clocks, vendors, many hosts at once, NTP packets of any bytes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Asked, NetworkAddress, Reached, Round } from '../../../drivers/network/address.ts'
import { clockFindings } from '../../../drivers/network/clock-finding.ts'
import { gradeRound } from '../../../drivers/network/grade.ts'
import { isPrivate, searchDomains } from '../../../drivers/network/names.ts'
import { ntpAnswer, ntpRequest } from '../../../drivers/network/ntp.ts'

const row = (host: string, more: Partial<NetworkAddress> = {}): NetworkAddress =>
  ({ host, port: 443, need: 'required', for: 'a test', check: 'tls', ...more }) as NetworkAddress
const asked = (address: NetworkAddress, reached: Reached = { is: 'reached' }): Asked => ({
  address,
  reached,
})
const round = (...list: Asked[]): Round => ({
  obstacle: null,
  uplinks: ['up0'],
  asked: list,
  wpad: [],
})
const open = { tpmVendor: null, accept: [], every: false }
const told = (list: readonly { id: string; grade: string; value: string }[]) =>
  list.map(({ id, grade, value }) => `${grade} ${id}: ${value}`)

describe('the clock', () => {
  const ntp = (offsetMs: number) =>
    asked(row('time', { check: 'ntp' }), { is: 'reached', offsetMs })
  const http = (offsetMs: number) =>
    asked(row('page', { check: 'http', path: '/', body: 'x' }), { is: 'reached', offsetMs })
  it.each([
    [0, 'ok', 'NTP equal'],
    [30_000, 'ok', 'NTP 30 s ahead of the bench PC'],
    [-60_000, 'ok', 'NTP 60 s behind the bench PC'],
    [60_001, 'warn', 'NTP 60 s ahead of the bench PC'],
    [90_000, 'warn', 'NTP 90 s ahead of the bench PC'],
    [-120_000, 'warn', 'NTP 120 s behind the bench PC'],
    [-120_001, 'hold', 'NTP 120 s behind the bench PC'],
    [300_000, 'hold', 'NTP 300 s ahead of the bench PC'],
  ])('of %i ms is graded %s', (offset, grade, value) => {
    expect(clockFindings([ntp(offset)])).toMatchObject([{ id: 'network.clock', grade, value }])
  })

  it('is taken from the page when no time server answers, and from nothing when neither does', () => {
    expect(clockFindings([http(300_000)])).toMatchObject([{ grade: 'hold' }])
    expect(
      clockFindings([asked(row('time', { check: 'ntp' }), { is: 'blocked', why: 'x' })]),
    ).toEqual([])
  })

  it('says who is wrong', () => {
    const hint = (a: Asked, b: Asked) => clockFindings([a, b])[0]?.hint
    expect(hint(ntp(300_000), http(299_000))).toContain('timedatectl')
    expect(hint(ntp(300_000), http(1000))).toContain('The time server of this network is wrong')
    expect(hint(ntp(0), http(300_000))).toContain('find out which is right')
  })
})

describe('the vendor of the TPM', () => {
  const silent: Reached = { is: 'blocked', why: 'ECONNREFUSED' }
  const list = round(
    asked(row('a.test')),
    asked(row('intel.test', { tpm: ['INTC'] }), silent),
    asked(row('amd.test', { tpm: ['AMD'] }), silent),
  )
  it.each([
    [
      'INTC',
      [
        'hold network.blocked.intel.test: no answer: ECONNREFUSED',
        'ok network.tpm: INTC: 0 of 1 answer',
      ],
    ],
    [
      'AMD',
      [
        'hold network.blocked.amd.test: no answer: ECONNREFUSED',
        'ok network.tpm: AMD: 0 of 1 answer',
      ],
    ],
    [
      null,
      [
        'warn network.blocked.intel.test: no answer: ECONNREFUSED',
        'warn network.blocked.amd.test: no answer: ECONNREFUSED',
        'ok network.tpm: vendor not seen: 0 of 2 answer',
      ],
    ],
    [
      'WEC',
      [
        'warn network.blocked.intel.test: no answer: ECONNREFUSED',
        'warn network.blocked.amd.test: no answer: ECONNREFUSED',
        'ok network.tpm: WEC is not listed: 0 of 2 answer',
      ],
    ],
  ])('%s selects what is required', (tpmVendor, lines) => {
    expect(told(gradeRound(list, { ...open, tpmVendor })).slice(3)).toEqual(lines)
  })
})

describe('findings', () => {
  it('hold for what is required unless the bench accepts it, and never for an issuer alone', () => {
    const one = round(asked(row('good')), asked(row('a.test'), { is: 'intercepted', why: 'by X' }))
    expect(told(gradeRound(one, open))).toContain(
      'hold network.intercepted.a.test: intercepted: by X',
    )
    const accepted = gradeRound(one, { ...open, accept: ['a.test'] })
    expect(told(accepted)).toContain('warn network.intercepted.a.test: intercepted: by X')
    const other = round(asked(row('good')), asked(row('a.test'), { is: 'issuer', why: 'Y of Z' }))
    expect(told(gradeRound(other, open))).toContain(
      'warn network.issuer.a.test: unexpected issuer: Y of Z',
    )
  })

  it('are one for one cause, with the likeliest first, and a hint that names hosts and what to mend', () => {
    const many = Array.from({ length: 9 }, (_, i) =>
      asked(row(`h${i}.test`), { is: 'intercepted', why: 'by Corp CA' }),
    )
    const portal = asked(row('p.test'), { is: 'portal', why: 'sent to login.test (302)' })
    const holds = gradeRound(round(...many, portal), open).filter(({ grade }) => grade === 'hold')
    expect(holds.map(({ id }) => id)).toEqual(['network.portal.p.test', 'network.intercepted'])
    expect(holds[1]?.value).toBe('intercepted at 9 hosts: by Corp CA')
    expect(holds[1]?.hint).toMatch(/h0\.test:443, .* and others is intercepted by Corp CA/)
  })

  it('name every address for a person who asks', () => {
    const many = Array.from({ length: 5 }, (_, i) =>
      asked(row(`h${i}.test`), { is: 'blocked', why: 'ECONNREFUSED' }),
    )
    const good = asked(row('good.test'), { is: 'reached', issuer: 'Public CA 1' })
    const lines = told(gradeRound(round(good, ...many), { ...open, every: true }))
    expect(lines).toContain('ok network.at.good.test: certificate by Public CA 1')
    expect(lines.filter((line) => line.startsWith('hold network.blocked.h'))).toHaveLength(5)
  })

  it('tell of a proxy that only shows itself', () => {
    const via = asked(row('a.test'), { is: 'reached', via: '1.1 squid' })
    const list = gradeRound({ ...round(via), wpad: ['wpad.lan = 10.0.0.9'] }, open)
    expect(told(list)).toContain('warn network.proxy: wpad.lan = 10.0.0.9, answers come 1.1 squid')
  })

  it('of any round are well formed, and hold only where something is wrong', () => {
    const kinds = [
      'reached',
      'portal',
      'proxy',
      'intercepted',
      'dns-wrong',
      'dns',
      'blocked',
      'slow',
      'broken',
      'expired',
      'issuer',
    ] as const
    const reached = fc
      .constantFrom(...kinds)
      .map((is): Reached => (is === 'reached' ? { is } : { is, why: 'w' }))
    const one = fc.record({
      address: fc
        .record({
          host: fc.constantFrom('a', 'b', 'c', 'd'),
          need: fc.constantFrom('required' as const, 'optional' as const),
        })
        .map(({ host, need }) => row(host, { need })),
      reached,
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), (list) => {
        const findings = gradeRound(round(...list), open)
        const isFine = list.every(({ reached: { is } }) => is === 'reached')
        expect(findings.some(({ grade }) => grade !== 'ok')).toBe(!isFine || list.length === 0)
        for (const { grade, hint, id } of findings) {
          expect(id).toMatch(/^network\./)
          if (grade === 'hold') expect(hint).not.toBe('')
        }
      }),
    )
  })
})

describe('NTP', () => {
  const nonce = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])
  function answer(change: (packet: Buffer) => void = () => undefined): Buffer {
    const packet = Buffer.alloc(48)
    packet.set([0x24, 2], 0)
    packet.set(nonce, 24)
    // RFC 5905 appendix: 2208988800 s is 1970; half a second is 2^31.
    packet.writeUInt32BE(2_208_988_801, 32)
    packet.writeUInt32BE(2_208_988_801, 40)
    packet.writeUInt32BE(2 ** 31, 44)
    change(packet)
    return packet
  }
  it('asks with version 4, mode 3 and a nonce for a time', () => {
    expect(ntpRequest(nonce).toString('hex')).toBe(`23${'00'.repeat(39)}0102030405060708`)
  })
  it('reads the two times, in the era after 2036 too', () => {
    expect(ntpAnswer(answer(), nonce)).toEqual({ receivedMs: 1000, sentMs: 1500 })
    const later = answer((packet) => packet.writeUInt32BE(0, 40))
    // RFC 4330 §3: 0x00000000 after the roll-over is 2036-02-07T06:28:16Z.
    expect(ntpAnswer(later, nonce)).toMatchObject({ sentMs: Date.UTC(2036, 1, 7, 6, 28, 16) + 500 })
  })
  it.each<[string, (packet: Buffer) => void, unknown]>([
    ['of another asker', (p) => p.set([9], 24), null],
    ['that is a question', (p) => p.set([0x23], 0), null],
    ['of a server without time', (p) => p.set([0xe4], 0), { refused: 'it has no time itself' }],
    ['of stratum 16', (p) => p.set([16], 1), { refused: 'it has no time itself' }],
    [
      'that refuses',
      (p) => p.set([0, 0, 0], 1) ?? p.write('RATE', 12),
      { refused: 'it refuses: RATE' },
    ],
  ])('takes no answer %s', (_, change, expected) => {
    expect(ntpAnswer(answer(change), nonce)).toEqual(expected)
  })
  it('gives a value for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        ntpAnswer(Buffer.from(bytes), nonce)
      }),
    )
  })
})

describe('names', () => {
  it.each([
    ['10.1.2.3', true],
    ['172.31.0.1', true],
    ['172.32.0.1', false],
    ['192.168.9.9', true],
    ['100.64.0.1', true],
    ['0.0.0.0', true],
    ['127.0.0.1', true],
    ['203.0.113.7', false],
    ['20.190.128.1', false],
    ['::1', true],
    ['fd00::1', true],
    ['2603:1026::1', false],
  ])('%s is private: %s', (address, expected) => {
    expect(isPrivate(address)).toBe(expected)
  })
  it('are searched in two domains at most', () => {
    expect(searchDomains('nameserver 1.1.1.1\nsearch a.test b.test c.test\n')).toEqual([
      'a.test',
      'b.test',
    ])
    expect(searchDomains('domain x.test\n')).toEqual(['x.test'])
    expect(searchDomains('search .\n# search no.test\n')).toEqual([])
  })
})
