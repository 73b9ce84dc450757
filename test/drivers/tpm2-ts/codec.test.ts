// The codec kit: what is written is read again, and a length is checked before it is used.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ALG,
  attest,
  type Codec,
  decode,
  encode,
  fixed,
  GENERATED,
  i32,
  isTpmFault,
  list,
  openTagged,
  publicArea,
  Reader,
  ST,
  sized,
  sized8,
  sizedOf,
  struct,
  tagged,
  u8,
  u16,
  u32,
  u64,
  Writer,
} from '../../../drivers/tpm2-ts/index.ts'

const codeOf = (work: () => unknown) => {
  try {
    work()
    return 'none'
  } catch (error) {
    return isTpmFault(error) ? error.code : String(error)
  }
}

function roundTrips<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = encode(codec, value)
      expect(decode(codec, bytes)).toEqual(value)
      for (let length = 0; length < bytes.length; length += 1) {
        expect(codeOf(() => decode(codec, bytes.slice(0, length)))).toBe('TPM_MALFORMED')
      }
    }),
    { numRuns: 200 },
  )
}

const bytes = (max: number, min = 0) => fc.uint8Array({ minLength: min, maxLength: max })
const word = fc.nat(0xffff)
const long = fc.nat(0xffff_ffff)
const counter = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })

describe('numbers and buffers', () => {
  test('come back, and a cut one is malformed', () => {
    roundTrips(u8, fc.nat(0xff))
    roundTrips(u16, word)
    roundTrips(u32, long)
    roundTrips(i32, fc.integer())
    roundTrips(u64, counter)
    roundTrips(fixed(5), bytes(5, 5))
    roundTrips(sized(40), bytes(40))
    roundTrips(sized8(4), bytes(4))
    roundTrips(list(u16, 8), fc.array(word, { maxLength: 8 }))
    roundTrips(sizedOf(struct({ a: u16, b: sized(4) }), 'it'), fc.record({ a: word, b: bytes(4) }))
  })

  test('64 bits keep every bit', () => {
    expect(Buffer.from(encode(u64, 0x0123_4567_89ab_cdefn)).toString('hex')).toBe(
      '0123456789abcdef',
    )
  })

  test('a value that does not fit is the caller’s fault', () => {
    expect(codeOf(() => encode(u8, 256))).toBe('TPM_USAGE')
    expect(codeOf(() => encode(u16, -1))).toBe('TPM_USAGE')
    expect(codeOf(() => encode(u32, 1.5))).toBe('TPM_USAGE')
    expect(codeOf(() => encode(u64, -1n))).toBe('TPM_USAGE')
    expect(codeOf(() => encode(u64, 2n ** 64n))).toBe('TPM_USAGE')
    expect(codeOf(() => encode(fixed(3), new Uint8Array(2)))).toBe('TPM_USAGE')
    expect(codeOf(() => encode(sized(3), new Uint8Array(4)))).toBe('TPM_USAGE')
    expect(codeOf(() => encode(list(u8, 1), [1, 2]))).toBe('TPM_USAGE')
  })

  test('a size over its limit is malformed even if the bytes are there', () => {
    expect(codeOf(() => decode(sized(2), Uint8Array.of(0, 3, 1, 2, 3)))).toBe('TPM_MALFORMED')
    expect(codeOf(() => decode(list(u8, 2), Uint8Array.of(0, 0, 0, 3, 1, 2, 3)))).toBe(
      'TPM_MALFORMED',
    )
  })

  test('a count of four thousand million is refused before anything is made for it', () => {
    expect(codeOf(() => decode(list(u8, 512), Uint8Array.of(255, 255, 255, 255)))).toBe(
      'TPM_MALFORMED',
    )
  })

  test('bytes behind the end are malformed, in the whole and in a sized buffer', () => {
    expect(codeOf(() => decode(u8, Uint8Array.of(1, 2)))).toBe('TPM_MALFORMED')
    expect(codeOf(() => decode(sizedOf(u8, 'it'), Uint8Array.of(0, 2, 1, 2)))).toBe('TPM_MALFORMED')
  })

  test('what is read does not change with the buffer it came from', () => {
    const buffer = Buffer.from([0, 2, 7, 8])
    const value = decode(sized(4), buffer)
    buffer.fill(0)
    expect(value).toEqual(Uint8Array.of(7, 8))
  })

  test('a writer grows without losing what it has, and has an end', () => {
    const writer = new Writer()
    for (let index = 0; index < 300; index += 1) writer.u32(index)
    const taken = new Reader(writer.take())
    for (let index = 0; index < 300; index += 1) expect(taken.u32()).toBe(index)
    expect(codeOf(() => writer.bytes(new Uint8Array(70_000)))).toBe('TPM_OVERSIZED')
  })
})

describe('unions', () => {
  const closed = tagged('kind', u8, { 1: { a: u16 }, 2: {} })
  const open = openTagged('kind', u8, { 1: { inner: closed }, 2: { b: u8 } }, { after: { x: u8 } })

  test('are read by their selector', () => {
    expect(decode(closed, Uint8Array.of(1, 0, 7))).toEqual({ kind: 1, a: 7 })
    expect(decode(closed, Uint8Array.of(2))).toEqual({ kind: 2 })
    expect(codeOf(() => decode(closed, Uint8Array.of(3)))).toBe('TPM_MALFORMED')
  })

  test('keep the bytes of an unknown selector, also of one that stands deeper', () => {
    for (const input of [Uint8Array.of(9, 5, 1, 2, 3), Uint8Array.of(1, 5, 3, 2, 1)]) {
      const value = decode(open, input)
      expect(value).toEqual({ kind: 'unknown', code: input[0], x: 5, bytes: input.slice(2) })
      expect(encode(open, value)).toEqual(input)
    }
  })

  test('a cut value of a known selector is malformed, not unknown', () => {
    expect(codeOf(() => decode(open, Uint8Array.of(2, 5)))).toBe('TPM_MALFORMED')
    expect(codeOf(() => decode(open, Uint8Array.of(1, 5, 1, 0)))).toBe('TPM_MALFORMED')
  })

  test('a selector that is none of theirs is not written', () => {
    const wrong = { kind: 3 } as unknown as { kind: 2 }
    expect(codeOf(() => encode(closed, wrong))).toBe('TPM_USAGE')
    const missing = { kind: 1 } as unknown as { kind: 2 }
    expect(codeOf(() => encode(closed, missing))).toBe('TPM_USAGE')
  })
})

describe('structures of the TPM', () => {
  const selection = fc.record({ hash: word, select: bytes(4) })
  const quote = fc.record({
    magic: fc.constant(GENERATED),
    type: fc.constant(ST.ATTEST_QUOTE),
    qualifiedSigner: bytes(66),
    extraData: bytes(66),
    clockInfo: fc.record({
      clock: counter,
      resetCount: long,
      restartCount: long,
      safe: fc.nat(255),
    }),
    firmwareVersion: counter,
    attested: fc.record({
      pcrSelect: fc.array(selection, { maxLength: 3 }),
      pcrDigest: bytes(64),
    }),
  })

  test('a quote comes back with its 64-bit fields', () => {
    fc.assert(
      fc.property(quote, (value) => {
        expect(decode(attest, encode(attest, value))).toEqual(value)
      }),
      { numRuns: 300 },
    )
  })

  const scheme = fc.oneof(
    fc.constant({ scheme: ALG.NULL } as const),
    fc.record({ scheme: fc.constantFrom(ALG.RSASSA, ALG.ECDSA, ALG.OAEP), hashAlg: word }),
  )
  const ecc = fc.record({
    type: fc.constant(ALG.ECC),
    nameAlg: word,
    attributes: long,
    authPolicy: bytes(64),
    parameters: fc.record({
      symmetric: fc.oneof(
        fc.constant({ algorithm: ALG.NULL } as const),
        fc.record({ algorithm: fc.constant(ALG.AES), keyBits: word, mode: word }),
      ),
      scheme,
      curve: word,
      kdf: fc.constant({ scheme: ALG.NULL } as const),
    }),
    unique: fc.record({ x: bytes(66), y: bytes(66) }),
  })

  test('a public area comes back', () => {
    fc.assert(
      fc.property(ecc, (value) => {
        expect(decode(publicArea, encode(publicArea, value))).toEqual(value)
      }),
      { numRuns: 300 },
    )
  })
})
