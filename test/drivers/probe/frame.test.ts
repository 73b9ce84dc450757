// Frames of the relay: written and read back, and any other bytes are a typed fault.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isStationError } from '../../../agent/fault.ts'
import {
  FRAME_MAX,
  PAYLOAD_MAX,
  readFrame,
  refusalOf,
  refusalText,
  writeFrame,
} from '../../../drivers/probe/frame.ts'

/** A TPM response of so many bytes: tag, its size, success. */
function response(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0x8001)
  view.setUint32(2, size)
  return bytes
}

it('a frame is read back as it was written, from an empty one to the largest', () => {
  expect(readFrame(writeFrame({ number: 0, payload: new Uint8Array() })).payload).toHaveLength(0)
  for (const size of [10, 11, 512, PAYLOAD_MAX]) {
    const frame = { number: 7, payload: response(size) }
    const bytes = writeFrame(frame)
    expect(readFrame(bytes)).toEqual(frame)
    // It is a copy: a buffer that is used again changes nothing.
    const read = readFrame(Buffer.from(bytes))
    bytes.fill(0xff)
    expect(read).toEqual(frame)
  }
  expect(FRAME_MAX).toBe(4104)
})

it('four bytes are a refusal of the device with a reason', () => {
  const payload = Uint8Array.of(0x80, 0x28, 0x04, 0x00)
  expect(refusalOf(readFrame(writeFrame({ number: 3, payload })).payload)).toBe(0x80280400)
  expect(refusalText(0x80280400)).toBe('Windows blocks this command (0x80280400)')
  expect(refusalText(0xdeadbeef)).toBe('0xDEADBEEF')
  expect(refusalOf(response(10))).toBeNull()
})

it('any bytes give a frame or a typed fault, and a frame is written back as it came', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        expect(writeFrame(readFrame(bytes))).toEqual(bytes)
      } catch (error) {
        if (!isStationError(error) || error.code !== 'DEVICE_PROBE_DATA') throw error
      }
    }),
    { numRuns: 5000 },
  )
  const long = writeFrame({ number: 1, payload: response(PAYLOAD_MAX + 1) })
  expect(() => readFrame(long)).toThrow('DEVICE_PROBE_DATA')
})
