// Bytes of the keyboard chip against the vectors of facts/hardware §3.1, and a parser that no bytes may confuse.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  buildFrame,
  COMMAND,
  encodeReport,
  FrameParser,
  infoOf,
  isKeyboardOnly,
  type Parsed,
  RELEASE,
  replyTo,
  withKeyboardOnly,
} from '../../drivers/keyboard/ch9329-codec.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')

function parse(chunks: readonly Uint8Array[]): Parsed[] {
  const parser = new FrameParser()
  return chunks.flatMap((chunk) => parser.push(chunk))
}
const frames = (chunks: readonly Uint8Array[]) =>
  parse(chunks).flatMap((item) =>
    item.kind === 'frame' ? [[item.frame.command, hex(item.frame.data)]] : [],
  )

describe('frames that are sent', () => {
  test.each([
    ['info', buildFrame(COMMAND.info), '57 AB 00 01 00 03'],
    [
      'the Windows key down',
      buildFrame(COMMAND.report, [8, 0, 0, 0, 0, 0, 0, 0]),
      '57 AB 00 02 08 08 00 00 00 00 00 00 00 14',
    ],
    [
      'release-all',
      buildFrame(COMMAND.report, RELEASE),
      '57 AB 00 02 08 00 00 00 00 00 00 00 00 0C',
    ],
    ['reset', buildFrame(COMMAND.reset), '57 AB 00 0F 00 11'],
    ['read the settings', buildFrame(COMMAND.getConfig), '57 AB 00 08 00 0A'],
  ])('%s', (_name, frame, text) => {
    expect(hex(frame)).toBe(hex(bytes(text)))
  })

  test('more data than a frame holds is cut at 64 bytes', () => {
    expect(buildFrame(0x09, new Uint8Array(200))).toHaveLength(70)
  })
})

describe('answers', () => {
  const reply = (text: string) => {
    const [item] = parse([bytes(text)])
    if (item?.kind !== 'frame') throw new Error('no frame')
    return item.frame
  }

  test('info tells version, enumeration and lock LEDs', () => {
    const answer = replyTo(COMMAND.info, reply('57 AB 00 81 08 31 01 06 00 00 00 00 00 C3'))
    expect(answer?.kind).toBe('ok')
    expect(answer?.kind === 'ok' && infoOf(answer.data)).toEqual({
      version: 0x31,
      enumerated: true,
      leds: 6,
    })
    expect(infoOf(Uint8Array.of(0x30, 0x00, 0xff))).toEqual({
      version: 0x30,
      enumerated: false,
      leds: 7,
    })
    expect(infoOf(Uint8Array.of(0x30, 0x01))).toBeNull()
  })

  test('status 00 is ok, any other is a refusal, in both shapes', () => {
    const frame = (command: number, data: number[]) => reply(hex(buildFrame(command, data)))
    expect(replyTo(COMMAND.report, frame(0x82, [0]))).toMatchObject({ kind: 'ok' })
    expect(replyTo(COMMAND.report, frame(0x82, [0xe6]))).toEqual({ kind: 'refused', status: 0xe6 })
    expect(replyTo(COMMAND.report, frame(0xc2, [0xe4]))).toEqual({ kind: 'refused', status: 0xe4 })
    expect(replyTo(COMMAND.report, frame(0x82, []))).toEqual({ kind: 'refused', status: 0xe5 })
    expect(replyTo(COMMAND.report, frame(0x81, [0, 0, 0]))).toBeNull()
    expect(replyTo(COMMAND.getConfig, frame(0x88, Array(50).fill(1)))).toMatchObject({ kind: 'ok' })
  })
})

describe('settings', () => {
  const factory = bytes(
    '80 80 00 00002580 0800 0003 861a29e1 0000 0001 00 0d000000 00000000 00000000 00000000 00 00 000000000000000000000000',
  )
  test('keyboard-only changes byte 0 and nothing else', () => {
    expect(factory).toHaveLength(50)
    const next = withKeyboardOnly(factory)
    expect(next[0]).toBe(0x01)
    expect(hex(next.subarray(1))).toBe(hex(factory.subarray(1)))
    expect(factory[0]).toBe(0x80)
  })
  test.each([
    [0x00, false],
    [0x01, true],
    [0x02, false],
    [0x03, false],
    [0x80, false],
    [0x81, true],
    [0x82, false],
  ])('mode %i is keyboard-only: %s', (mode, only) => {
    expect(isKeyboardOnly(Uint8Array.of(mode))).toBe(only)
  })
})

describe('the left Windows key', () => {
  test('stays a modifier bit, or stands as E3 in the array', () => {
    const win = [8, 0, 0, 0, 0, 0, 0, 0]
    expect([...encodeReport(win, 'modifier')]).toEqual(win)
    expect([...encodeReport(win, 'usage')]).toEqual([0, 0, 0xe3, 0, 0, 0, 0, 0])
    expect([...encodeReport([0x0a, 0, 0x04, 0, 0, 0, 0, 0], 'usage')]).toEqual([
      2, 0, 4, 0xe3, 0, 0, 0, 0,
    ])
    expect([...encodeReport([0, 0, 0x28, 0, 0, 0, 0, 0], 'usage')]).toEqual([
      0, 0, 0x28, 0, 0, 0, 0, 0,
    ])
    const full = [8, 0, 1, 2, 3, 4, 5, 6]
    expect([...encodeReport(full, 'usage')]).toEqual(full)
    expect([...encodeReport(RELEASE, 'usage')]).toEqual(RELEASE)
  })
})

describe('the parser', () => {
  const ok = buildFrame(0x82, [0])

  test('finds a frame behind noise, behind a false head, and behind a broken one', () => {
    expect(frames([Uint8Array.of(1, 2, 0x57, 3), ok])).toEqual([[0x82, '00']])
    expect(frames([Uint8Array.of(0x57), ok])).toEqual([[0x82, '00']])
    expect(frames([Uint8Array.of(0x57, 0xab, 0, 0x81, 1), ok, new Uint8Array(70)])).toEqual([
      [0x82, '00'],
    ])
  })

  test('names a wrong checksum and a length that no frame has', () => {
    const wrong = buildFrame(0x82, [0])
    wrong[6] = 0
    expect(parse([wrong])).toEqual([{ kind: 'bad', why: 'checksum' }])
    expect(parse([Uint8Array.of(0x57, 0xab, 0, 0x82, 65)])).toEqual([
      { kind: 'bad', why: 'length' },
    ])
  })

  test('reset forgets a half frame', () => {
    const parser = new FrameParser()
    parser.push(ok.subarray(0, 4))
    parser.reset()
    expect(parser.push(ok)).toHaveLength(1)
  })

  // Heads and short lengths are frequent, or random bytes would hardly ever look like a frame.
  const byte = fc.oneof(
    fc.constantFrom(0x57, 0xab, 0, 1, 2, 0x82),
    fc.integer({ min: 0, max: 255 }),
  )
  const noise = fc.array(byte, { maxLength: 120 }).map((all) => Uint8Array.from(all))
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

  test('a frame among rubble without heads is found once, in any split', () => {
    const rubble = fc
      .array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })
      .map((all) => Uint8Array.from(all.filter((one) => one !== 0x57)))
    const data = fc.uint8Array({ maxLength: 64 })
    fc.assert(
      fc.property(
        rubble,
        fc.integer({ min: 0, max: 255 }),
        data,
        rubble,
        cuts,
        (a, cmd, d, b, at) => {
          const whole = Buffer.concat([a, buildFrame(cmd, d), b])
          expect(frames(cut(whole, at))).toEqual([[cmd, hex(d)]])
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('holds back less than one frame, however long it is fed', () => {
    const parser = new FrameParser()
    fc.assert(
      fc.property(noise, (chunk) => {
        parser.push(chunk)
        // 69 zeros finish whatever was held, so that nothing can be left to finish.
        parser.push(new Uint8Array(70))
        expect(parser.push(ok).filter((item) => item.kind === 'frame')).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  })
})
