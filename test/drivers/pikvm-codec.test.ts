// Bytes of the PiKVM microcontroller against facts/hardware §3.2, and a parser that no bytes may confuse.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KEYS, reportsOf } from '../../agent/core/key-script.ts'
import {
  crc16,
  PIKVM,
  type PikvmAnswer,
  PikvmParser,
  pikvmRequest,
  stepsTo,
  usagesOf,
} from '../../drivers/keyboard/pikvm-codec.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function sealed(...body: number[]): Uint8Array {
  const sum = crc16(Uint8Array.from(body))
  return Uint8Array.of(...body, sum >> 8, sum & 0xff)
}
const PONG = sealed(0x34, 0x80 | 0x01 | 0x04, 0x80 | 0x01, 0x01, 0, 0)

function parse(chunks: readonly Uint8Array[]) {
  const parser = new PikvmParser()
  return chunks.flatMap((chunk) => parser.push(chunk))
}
const answers = (chunks: readonly Uint8Array[]): PikvmAnswer[] =>
  parse(chunks).flatMap((item) => (item.kind === 'frame' ? [item.frame] : []))

describe('requests', () => {
  test('ping has the check value of the facts', () => {
    expect(hex(pikvmRequest(PIKVM.ping))).toBe('3301000000001838')
  })

  test('a key has its own code, and down or up', () => {
    const [win] = stepsTo(new Set(), usagesOf([8, 0, 0, 0, 0, 0, 0, 0])) ?? []
    expect([...(win ?? [])].slice(0, 6)).toEqual([0x33, 0x11, 80, 1, 0, 0])
    const [up] = stepsTo(new Set([0xe3, 0x28]), new Set([0x28])) ?? []
    expect([...(up ?? [])].slice(0, 6)).toEqual([0x33, 0x11, 80, 0, 0, 0])
  })

  test('no keys are one clear, no change is one ping, several keys are several requests', () => {
    const commands = (down: number[], next: number[]) =>
      stepsTo(new Set(down), new Set(next))?.map((request) => request[1])
    expect(commands([0x28, 0xe1], [])).toEqual([0x10])
    expect(commands([0x28], [0x28])).toEqual([0x01])
    expect(commands([0x28], [0xe1, 0x2b])).toEqual([0x11, 0x11, 0x11])
    expect(commands([], [0x04])).toBeUndefined()
  })

  test.each(KEYS)('every key that a script may name has a code: %s', (key) => {
    const tap = { key, times: 1, shift: true, holdMs: 1, gapMs: 1 }
    for (const { bytes } of reportsOf({ name: 'x', guard: 'none', taps: [tap] }))
      expect(stepsTo(new Set(), usagesOf(bytes))).not.toBeNull()
  })
})

describe('answers', () => {
  test('tell LEDs in the order of the port, the device, the outputs', () => {
    expect(answers([PONG])).toEqual([
      {
        kind: 'ok',
        leds: 0b011,
        online: true,
        restarts: false,
        keyboard: 1,
        mouse: false,
        canSet: true,
        hasUsb: true,
      },
    ])
    const [other] = answers([sealed(0x34, 0x80 | 0x40 | 0x08 | 0x02, 0x0b, 0x02, 0, 0)])
    expect(other).toMatchObject({
      ...{ leds: 0b100, online: false, restarts: true, keyboard: 3, mouse: true, canSet: false },
      hasUsb: false,
    })
  })

  test.each([0x24, 0x40, 0x45, 0x48])('%i is a refusal', (code) => {
    expect(answers([sealed(0x34, code, 0, 0, 0, 0)])).toEqual([{ kind: 'refused', code }])
  })

  test('four bytes of old firmware are a refusal too: they tell nothing of the device', () => {
    expect(answers([sealed(0x33, 0x20)])).toEqual([{ kind: 'refused', code: 0x20 }])
  })
})

describe('the parser', () => {
  // Heads are frequent, or random bytes would hardly ever look like an answer.
  const byte = fc.oneof(fc.constantFrom(0x33, 0x34, 0x20, 0x80), fc.integer({ min: 0, max: 255 }))
  const noise = fc.array(byte, { maxLength: 80 }).map((all) => Uint8Array.from(all))
  const cuts = fc.array(fc.nat(1000), { maxLength: 12 })
  const cut = (whole: Uint8Array, at: readonly number[]): Uint8Array[] => {
    const points = [0, ...at.map((n) => n % (whole.length + 1)), whole.length].sort((a, b) => a - b)
    return points.slice(1).map((end, n) => whole.subarray(points[n], end))
  }

  test('any bytes in any split give the same values and never a throw', () => {
    fc.assert(
      fc.property(noise, cuts, (whole, at) => {
        expect(parse(cut(whole, at))).toEqual(parse([whole]))
      }),
      { numRuns: 3000 },
    )
  })

  test('an answer behind rubble is found once, in any split', () => {
    const rubble = noise.map((all) => all.filter((one) => one !== 0x33 && one !== 0x34))
    fc.assert(
      fc.property(rubble, rubble, cuts, (before, after, at) => {
        const whole = Buffer.concat([before, PONG, after])
        expect(answers(cut(whole, at))).toHaveLength(1)
      }),
      { numRuns: 2000 },
    )
  })

  test('an answer behind a false head is found, and reset forgets a half one', () => {
    expect(answers([Uint8Array.of(0x34, 0x80, 0x33), PONG, new Uint8Array(8)])).toHaveLength(1)
    const parser = new PikvmParser()
    parser.push(PONG.subarray(0, 5))
    parser.reset()
    expect(parser.push(PONG)).toHaveLength(1)
  })
})
