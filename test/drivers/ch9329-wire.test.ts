// One question at a time on a stream that the test holds: stale bytes, late event loops, aborts, one write per frame.
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import type { SerialStream } from '../../drivers/io/serial.ts'
import { buildFrame, COMMAND } from '../../drivers/keyboard/ch9329-codec.ts'
import { Ch9329Wire } from '../../drivers/keyboard/ch9329-wire.ts'

/** A port whose kernel buffer and event loop are the test's own. */
class HeldStream implements SerialStream {
  readonly path = 'held'
  readonly baud = 9600
  readonly writes: Uint8Array[] = []
  isOpen = true
  kernel: Uint8Array[] = []
  wire: Ch9329Wire | null = null
  onWrite = (): void => undefined

  write(bytes: Uint8Array): void {
    this.writes.push(bytes)
    this.onWrite()
  }
  async drain(): Promise<void> {}
  async setBaud(): Promise<void> {}
  async close(): Promise<void> {}
  pump(): number {
    const chunks = this.kernel.splice(0)
    for (const chunk of chunks) this.wire?.take(chunk)
    return chunks.length
  }
  discard(): number {
    return this.kernel.splice(0).length
  }
}

function rig() {
  const stream = new HeldStream()
  const life = new AbortController()
  const wire = new Ch9329Wire(stream, systemClock(), life.signal)
  stream.wire = wire
  return { stream, wire, life }
}

const OK = buildFrame(0x82, [0])
const INFO = buildFrame(0x81, [0x30, 1, 0, 0, 0, 0, 0, 0])

describe('a question to the chip', () => {
  test('goes out in one write and takes its own answer in any split', async () => {
    const { stream, wire } = rig()
    stream.onWrite = () => {
      for (const byte of INFO) wire.take(Uint8Array.of(byte))
    }
    expect(await wire.info(100)).toEqual({ version: 0x30, enumerated: true, leds: 0 })
    expect(stream.writes).toEqual([buildFrame(COMMAND.info)])
  })

  test('is not answered by what lay in the kernel before it', async () => {
    const { stream, wire } = rig()
    stream.kernel.push(OK)
    const asking = wire.ask(COMMAND.report, new Uint8Array(8), 20)
    stream.pump()
    expect(await asking).toEqual({ kind: 'silent' })
  })

  test('is answered by what lies in the kernel when the event loop was late', async () => {
    const { stream, wire } = rig()
    stream.onWrite = () => void stream.kernel.push(OK)
    expect(await wire.ask(COMMAND.report, new Uint8Array(8), 20)).toMatchObject({ kind: 'ok' })
  })

  test('is not answered by that of another command, nor by half a frame of before', async () => {
    const { stream, wire } = rig()
    stream.onWrite = () => wire.take(OK.subarray(0, 5))
    expect(await wire.ask(COMMAND.report, new Uint8Array(8), 20)).toEqual({ kind: 'garbled' })
    stream.onWrite = () => wire.take(OK)
    expect(await wire.info(20)).toBe('silent')
  })

  test('that stayed unanswered makes the wire suspect until an info was answered', async () => {
    const { stream, wire } = rig()
    await wire.ask(COMMAND.report, new Uint8Array(8), 5)
    expect(wire.isSuspect).toBe(true)
    stream.onWrite = () => wire.take(OK)
    await wire.ask(COMMAND.report, new Uint8Array(8), 100)
    expect(wire.isSuspect).toBe(true)
    stream.onWrite = () => wire.take(INFO)
    await wire.info(100)
    expect(wire.isSuspect).toBe(false)
  })

  test('ends early on an abort, at once on a lost port, and is not asked on a closed one', async () => {
    const { stream, wire } = rig()
    const stop = new AbortController()
    const from = performance.now()
    const asking = wire.ask(COMMAND.report, new Uint8Array(8), 60_000, stop.signal)
    stop.abort()
    expect(await asking).toEqual({ kind: 'aborted' })
    const lost = wire.ask(COMMAND.report, new Uint8Array(8), 60_000)
    wire.lost()
    expect(await lost).toEqual({ kind: 'gone' })
    expect(performance.now() - from).toBeLessThan(10_000)
    stream.isOpen = false
    expect(await wire.ask(COMMAND.report, new Uint8Array(8), 60_000)).toEqual({ kind: 'gone' })
    expect(stream.writes).toHaveLength(2)
  })
})
