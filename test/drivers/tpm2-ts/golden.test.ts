// Bytes that tpm2-tools sent and received, read and written back bit for bit.
import { describe, expect, test } from 'vitest'
import {
  ALG,
  CAP,
  decode,
  decodeAttest,
  encode,
  nameOf,
  type PublicArea,
  publicArea,
  ST,
} from '../../../drivers/tpm2-ts/index.ts'
import {
  COMMANDS,
  readAnswer,
  readCommand,
  record,
  writeCommand,
} from '../../fakes/tpm-commands.ts'
import golden from '../../vectors/tpm2-tools.json' with { type: 'json' }

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const exchanges = Object.entries(golden).flatMap(([name, list]) =>
  list.map((one, index) => ({
    name,
    index,
    command: hex(one.command),
    response: hex(one.response),
  })),
)

/** The one exchange in which a tool used the command so. */
function exchange(name: keyof typeof golden, index = 0) {
  const one = exchanges.find((each) => each.name === name && each.index === index)
  if (one === undefined) throw new Error(`${name} ${index} was not recorded`)
  const request = readCommand(one.command)
  const answer = readAnswer(request.command, one.response, request.auths.length)
  return {
    request: request.request,
    handles: request.handles,
    answer: answer.fields,
    raw: answer.raw,
  }
}

test('every command of the package was recorded', () => {
  const recorded = new Set(Object.keys(golden))
  expect(COMMANDS.map(({ name }) => name).filter((name) => !recorded.has(name))).toEqual([])
})

describe.each(exchanges)('$name $index of tpm2-tools', ({ name, command, response }) => {
  test('is read and written back', () => {
    const taken = readCommand(command)
    expect(taken.command.name).toBe(name)
    expect(Buffer.from(writeCommand(taken)).toString('hex')).toBe(
      Buffer.from(command).toString('hex'),
    )
  })

  test('has an answer that is read and written back', () => {
    const taken = readCommand(command)
    const { raw, fields } = readAnswer(taken.command, response, taken.auths.length)
    expect(raw.code).toBe(0)
    expect(encode(record(taken.command.answer), fields)).toEqual(raw.parameters)
  })
})

describe('what the tools were told', () => {
  test('a quote is over the asked PCRs and nonce', () => {
    const { request, answer } = exchange('TPM2_Quote')
    expect(request['qualifyingData']).toEqual(hex('0102030405060708'))
    const attest = decodeAttest(answer['quoted'] as Uint8Array)
    expect(attest.type).toBe(ST.ATTEST_QUOTE)
    expect(attest.extraData).toEqual(hex('0102030405060708'))
    if (attest.type !== ST.ATTEST_QUOTE) return
    expect(attest.attested.pcrSelect).toEqual([{ hash: ALG.SHA256, select: hex('830000') }])
    expect(attest.clockInfo.clock).toBeTypeOf('bigint')
  })

  test('a certificate of a key names it', () => {
    const { answer } = exchange('TPM2_Certify')
    const attest = decodeAttest(answer['certifyInfo'] as Uint8Array)
    if (attest.type !== ST.ATTEST_CERTIFY) throw new Error('no certificate')
    expect(attest.attested.name.length).toBe(34)
  })

  test('a primary key has the name that the TPM says', () => {
    const { answer } = exchange('TPM2_CreatePrimary')
    expect(nameOf(answer['outPublic'] as PublicArea)).toEqual(answer['name'])
  })

  test('an index has its size and is read whole', () => {
    const { answer } = exchange('TPM2_NV_ReadPublic')
    expect(answer['nvPublic']).toMatchObject({ nvIndex: 0x1800001, dataSize: 700 })
    expect(exchange('TPM2_NV_Read').answer['data']).toEqual(new Uint8Array(700))
  })

  test('groups of capabilities are lists', () => {
    const groups = exchanges
      .filter(({ name }) => name === 'TPM2_GetCapability')
      .map(({ index }) => exchange('TPM2_GetCapability', index).answer['data'])
      .map((data) => (data as { capability: number }).capability)
    expect(new Set(groups)).toEqual(
      new Set([CAP.ALGS, CAP.HANDLES, CAP.COMMANDS, CAP.PCRS, CAP.TPM_PROPERTIES, CAP.ECC_CURVES]),
    )
  })

  test('a public area with an algorithm from the future keeps its bytes', () => {
    const { answer } = exchange('TPM2_ReadPublic')
    const known = encode(publicArea, answer['outPublic'] as PublicArea)
    const type = Uint8Array.from(known)
    type[1] = 0x77
    const scheme = Uint8Array.from(known)
    // The first two bytes behind type, nameAlg, attributes and policy are the symmetric algorithm.
    const at = 10 + (((known[8] ?? 0) << 8) | (known[9] ?? 0))
    scheme[at] = 0x7f
    for (const bytes of [type, scheme]) {
      const area = decode(publicArea, bytes)
      expect(area.type).toBe('unknown')
      expect(encode(publicArea, area)).toEqual(bytes)
      expect(nameOf(area)).toHaveLength(34)
    }
  })
})
