// The pure parts of the broker's driver: pauses, what a refusal means, and the meter that keeps giants out.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Backoff } from '../../../drivers/broker/backoff.ts'
import { PacketMeter } from '../../../drivers/broker/packet-meter.ts'
import { refusalOf } from '../../../drivers/broker/refusals.ts'

test('pauses double, are capped, and start over after a success', () => {
  const backoff = new Backoff('bench-1')
  const pauses = Array.from({ length: 12 }, () => backoff.next())
  for (const [at, pause] of pauses.entries()) {
    const full = Math.min(250 * 2 ** at, 30_000)
    expect(pause).toBeGreaterThanOrEqual(full / 2)
    expect(pause).toBeLessThanOrEqual(full)
  }
  backoff.reset()
  expect(backoff.next()).toBeLessThanOrEqual(250)
})

test('stations of one hall do not knock at the same time, and each knocks the same way again', () => {
  const row = (name: string) => {
    const backoff = new Backoff(name)
    return Array.from({ length: 6 }, () => backoff.next()).join()
  }
  const rows = new Set(Array.from({ length: 50 }, (_, at) => row(`bench-${at}`)))
  expect(rows.size).toBe(50)
  expect(row('bench-1')).toBe(row('bench-1'))
})

test.each([
  [1, 'version'],
  [132, 'version'],
  [4, 'refused'],
  [5, 'refused'],
  [134, 'refused'],
  [135, 'refused'],
  [3, 'down'],
  [136, 'down'],
  ['ECONNREFUSED', 'down'],
  ['ENOTFOUND', 'down'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'refused'],
  ['CERT_HAS_EXPIRED', 'refused'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'refused'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'refused'],
  [undefined, 'down'],
] as const)('the code %s means %s', (code, meaning) => {
  expect(refusalOf(code)).toBe(meaning)
})

/** A packet with a body of so many bytes (MQTT 3.1.1 §2.2.3). */
function packet(length: number): Buffer {
  const head = [0x30]
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      head.push(rest)
      break
    }
    head.push((rest % 128) | 0x80)
  }
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length, 0xff)])
}

test('packets within the limit pass, however their bytes are split', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 })
  fc.assert(
    fc.property(
      lengths,
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      (all, cuts) => {
        const meter = new PacketMeter(1000)
        const bytes = Buffer.concat(all.map(packet))
        for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
          const size = cuts[cut % cuts.length] ?? 1
          expect(meter.takes(bytes.subarray(at, at + size))).toBe(true)
          at += size
        }
      },
    ),
  )
})

test('a packet over the limit is known by its first bytes, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 5 }),
      fc.integer({ min: 1001, max: 200_000 }),
      (before, length) => {
        const meter = new PacketMeter(1000)
        expect(meter.takes(Buffer.concat(before.map(packet)))).toBe(true)
        expect(meter.takes(packet(length).subarray(0, 5))).toBe(false)
      },
    ),
  )
})

test('a length of more than four bytes is no length', () => {
  expect(new PacketMeter(1000).takes(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(false)
})
