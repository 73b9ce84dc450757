// Any bytes into any parser give a value or a typed fault; a value is written back as it came.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type AnyCodec,
  attest,
  authCommand,
  authResponse,
  type Codec,
  capabilityData,
  decode,
  decodeResponse,
  encode,
  isTpmFault,
  nvPublic,
  publicArea,
  publicParameters,
  responseCode,
  responseText,
  signature,
  signatureScheme,
  symmetric,
} from '../../../drivers/tpm2-ts/index.ts'
import { bounded, fuzzRuns } from '../../fakes/fuzz-runs.ts'
import { COMMANDS, readCommand, record, writeCommand } from '../../fakes/tpm-commands.ts'
import golden from '../../vectors/tpm2-tools.json' with { type: 'json' }

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const seeds = Object.values(golden)
  .flat()
  .flatMap(({ command, response }) => [hex(command), hex(response)])

/** Random bytes rarely get past a length; real ones with a few changes do. */
const changed = fc
  .record({
    seed: fc.constantFrom(...seeds),
    from: fc.nat(40),
    changes: fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 4 }),
    length: fc.nat(700),
  })
  .map(({ seed, from, changes, length }) => {
    const bytes = Uint8Array.from(seed)
    for (const [at, value] of changes) bytes[at % bytes.length] = value
    return bytes.slice(from % 3 === 0 ? from : 0, length)
  })
const bytes = fc.oneof(changed, fc.uint8Array({ maxLength: 200 }))

/** Runs a parser; a fault of the package is as good as a value, anything else is not. */
function attempt<T>(parser: () => T): T | null {
  try {
    return parser()
  } catch (error) {
    if (isTpmFault(error)) return null
    throw error
  }
}

const structures: Readonly<Record<string, AnyCodec>> = {
  publicArea,
  publicParameters,
  attest,
  signature,
  signatureScheme,
  symmetric,
  capabilityData,
  nvPublic,
  authCommand,
  authResponse,
}
const parsers: readonly (readonly [string, AnyCodec])[] = [
  ...Object.entries(structures),
  ...COMMANDS.map((one) => [`${one.name} request`, record(one.request)] as const),
  ...COMMANDS.map((one) => [`${one.name} answer`, record(one.answer)] as const),
]

const perParser = fuzzRuns('structures', parsers.length)
test.each(parsers)(
  'any bytes into %s',
  (_, any) => {
    const codec = any as Codec<unknown>
    const property = fc.property(bytes, (input) => {
      const value = attempt(() => decode(codec, input))
      if (value !== null) expect(encode(codec, value)).toEqual(input)
    })
    bounded(() => fc.assert(property, { numRuns: perParser.numRuns }))
  },
  perParser.timeoutMs,
)

const framed = fuzzRuns('messages')
test(
  'any bytes as a whole command or response',
  () => {
    const property = fc.property(bytes, fc.boolean(), fc.nat(3), (input, hasHandle, auths) => {
      attempt(() => decodeResponse(input, hasHandle, auths))
      const command = attempt(() => {
        // Codes that the package does not have are another fault, of the test's own reader.
        const known = COMMANDS.some(
          ({ code }) => input.length >= 10 && code === Buffer.from(input).readUInt32BE(6),
        )
        return known ? readCommand(input) : null
      })
      if (command === null) return
      const back = writeCommand(command)
      // The header's own size and tag are not kept apart: the bytes behind them are.
      expect(back.slice(6)).toEqual(input.slice(6))
    })
    bounded(() => fc.assert(property, { numRuns: framed.numRuns }))
  },
  framed.timeoutMs,
)

const codes = fuzzRuns('responseCodes')
test(
  'any number is a response code with a name and a sentence',
  () => {
    const code = fc.oneof(fc.nat(0xfff), fc.nat(0xffff_ffff))
    fc.assert(
      fc.property(code, (raw) => {
        const text = responseText(responseCode(raw))
        expect(text).toMatch(/^[A-Z][A-Z0-9_x]+( of (handle|parameter|session) \d+)? \(0x[0-9A-F]+/)
      }),
      { numRuns: codes.numRuns },
    )
  },
  codes.timeoutMs,
)
