// Readings of many commands come to an end, whatever the TPM promises.
import { describe, expect, test } from 'vitest'
import { readBanks, readNv, readPcrs, readProperties, Tpm } from '../../../drivers/tpm2-ts/index.ts'
import { readCommand } from '../../fakes/tpm-commands.ts'
import { faultOf, scripted, success } from '../../fakes/tpm-script.ts'

describe('a TPM that never comes to an end', () => {
  const properties = (from: number) => {
    const bytes = Buffer.alloc(17)
    bytes.writeUInt8(1, 0)
    bytes.writeUInt32BE(6, 1)
    bytes.writeUInt32BE(1, 5)
    bytes.writeUInt32BE(from, 9)
    return success(bytes)
  }
  const asked = (command: Uint8Array) =>
    readCommand(command).request as { property: number; capability: number }

  test('with properties that begin again is garbling', async () => {
    const { transport, sent } = scripted(properties(0x100))
    expect((await faultOf(readProperties(new Tpm(transport)))).code).toBe('TPM_GARBLED')
    expect(sent.length).toBeLessThan(5)
  })

  test('with more and more properties is read to the end of the group', async () => {
    const { transport, sent } = scripted(async (command) => properties(asked(command).property))
    const work = faultOf(readProperties(new Tpm(transport)))
    expect((await work).code).toBe('TPM_GARBLED')
    expect(sent.length).toBe(64)
  })

  test('with another capability than was asked for is garbling', async () => {
    const { transport } = scripted(properties(0x100))
    expect((await faultOf(readBanks(new Tpm(transport)))).code).toBe('TPM_GARBLED')
  })

  test('with PCRs that change all the time is garbling', async () => {
    let counter = 0
    const { transport, sent } = scripted(async () => {
      const bytes = Buffer.alloc(4 + 4 + 6 + 4 + 34)
      counter += 1
      bytes.writeUInt32BE(counter, 0)
      bytes.writeUInt32BE(1, 4)
      bytes.writeUInt16BE(11, 8)
      bytes.writeUInt8(3, 10)
      bytes.writeUInt8(counter % 2 === 1 ? 1 : 2, 11)
      bytes.writeUInt32BE(1, 14)
      bytes.writeUInt16BE(32, 18)
      return success(bytes)
    })
    expect((await faultOf(readPcrs(new Tpm(transport), 11, [0, 1]))).code).toBe('TPM_GARBLED')
    expect(sent.length).toBeLessThan(20)
  })

  test('with fewer bytes of an index than it has is garbling', async () => {
    const body = Buffer.from('0000000400020708' + '0000010000', 'hex')
    const { transport } = scripted(success(body, 0x8002))
    const index = {
      handle: 0x1c00002,
      name: new Uint8Array(34),
      nvPublic: {
        nvIndex: 0x1c00002,
        nameAlg: 11,
        attributes: 0,
        authPolicy: new Uint8Array(0),
        dataSize: 100,
      },
    }
    expect((await faultOf(readNv(new Tpm(transport), index))).code).toBe('TPM_GARBLED')
  })
})
