// Any bytes of a hostile device give a value or a fault of ours: frames, commands, answers to a relay, and reports.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { probeEvidence } from '../../../agent/core/probe/evidence.ts'
import { readReport } from '../../../agent/core/probe/report.ts'
import { judgeProbe } from '../../../agent/core/probe/verdict.ts'
import { isStationError, StationError } from '../../../agent/fault.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { ALLOWED, refusalOfCommand } from '../../../drivers/probe/allow-list.ts'
import { CodeBook } from '../../../drivers/probe/codes.ts'
import { readFrame, refusalOf, refusalText, writeFrame } from '../../../drivers/probe/frame.ts'
import { limitKey } from '../../../drivers/probe/limits.ts'
import { Relay } from '../../../drivers/probe/relay.ts'
import { bounded, fuzzRuns, SHARES } from '../../fakes/fuzz-runs.ts'

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
/** A frame or command whose sizes mostly fit, as random bytes never would. */
const sized = (head: (length: number) => readonly Uint8Array[]) =>
  fc
    .tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: -1, max: 1 }))
    .map(([rest, off]) => Buffer.concat([...head(Math.max(0, rest.length + off)), rest]))
const frame = sized((length) => [u32(length), u32(length % 5)])
const command = fc
  .tuple(
    fc.constantFrom(0x8001, 0x8002, 0x8003),
    fc.oneof(fc.constantFrom(...ALLOWED.map(({ code }) => code)), fc.nat(0xffff_ffff)),
    fc.oneof(fc.constantFrom(0x01c0_0002, 0x4000_000b, 0x4000_000c), fc.nat(0xffff_ffff)),
    fc.uint8Array({ maxLength: 30 }),
  )
  .map(([tag, code, handle, rest]) =>
    Buffer.concat([
      Uint8Array.of(tag >> 8, tag & 0xff),
      u32(14 + rest.length),
      u32(code),
      u32(handle),
      rest,
    ]),
  )

test('the shares of all parsers are a whole', () => {
  const sum = Object.values(SHARES).reduce((all, one) => all + one, 0)
  expect(sum).toBeCloseTo(1, 9)
})

const frames = fuzzRuns('frames', 2)
test(
  'any bytes as a frame: the frame itself, or a fault of ours',
  () => {
    const property = fc.property(fc.oneof(frame, fc.uint8Array({ maxLength: 64 })), (bytes) => {
      try {
        const read = readFrame(bytes)
        expect(Buffer.from(writeFrame(read))).toEqual(Buffer.from(bytes))
        const refusal = refusalOf(read.payload)
        if (refusal !== null) expect(refusalText(refusal)).toMatch(/0x[0-9A-F]{8}/)
      } catch (error) {
        if (!isStationError(error) || error.code !== 'DEVICE_PROBE_DATA') throw error
      }
    })
    bounded(() => fc.assert(property, { numRuns: frames.numRuns }))
  },
  frames.timeoutMs,
)

test(
  'any bytes as a command: passed only with a code and a handle of the list',
  () => {
    const property = fc.property(fc.oneof(command, fc.uint8Array({ maxLength: 64 })), (bytes) => {
      if (refusalOfCommand(bytes) !== null) return
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      expect([0x8001, 0x8002]).toContain(view.getUint16(0))
      expect(view.getUint32(2)).toBe(bytes.length)
      const row = ALLOWED.find(({ code }) => code === view.getUint32(6))
      expect(row).toBeDefined()
      const handle = bytes.length < 14 ? null : view.getUint32(10)
      if (row?.handles !== undefined)
        expect(
          row.handles.some(([from, to]) => handle !== null && handle >= from && handle <= to),
        ).toBe(true)
    })
    bounded(() => fc.assert(property, { numRuns: frames.numRuns }))
  },
  frames.timeoutMs,
)

const GET_RANDOM = Uint8Array.from(Buffer.from('80010000000c0000017b0008', 'hex'))
const relayed = fuzzRuns('relay')
test(
  'any order of frames into a relay: each command has at most one answer, and it is its own',
  async () => {
    const never = new AbortController().signal
    const step = fc.record({ number: fc.nat(4), last: fc.nat(255), asks: fc.boolean() })
    const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const relay = new Relay(systemClock(), 'bay 01')
      const answers: (readonly [asked: number, answer: Uint8Array])[] = []
      let asked = 0
      for (const { number, last, asks } of steps) {
        if (asks) {
          const own = asked + 1
          const sent = relay.send(GET_RANDOM, never)
          sent.then(
            (answer) => answers.push([own, answer]),
            () => undefined,
          )
          // One that is refused because another is in flight uses no number up.
          if (await isOpen(sent)) asked = own
        }
        const payload =
          number === 0
            ? new Uint8Array()
            : Uint8Array.of(0x80, 1, 0, 0, 0, 12, 0, 0, 0, 0, number, last)
        try {
          await relay.exchange({ number, payload }, 0, never)
        } catch (error) {
          if (!isStationError(error) || error.code !== 'DEVICE_PROBE_REPLAY') throw error
        }
      }
      relay.close(new StationError('DEVICE_PROBE_GONE', 'done'))
      await Promise.resolve()
      expect(new Set(answers.map(([own]) => own)).size).toBe(answers.length)
      for (const [own, answer] of answers) expect(answer[10]).toBe(own)
    })
    await fc.assert(property, { numRuns: Math.ceil(relayed.numRuns / 4) })
  },
  relayed.timeoutMs,
)

/** True while nobody has answered. */
const isOpen = (work: Promise<unknown>) =>
  Promise.race([
    work.then(
      () => false,
      () => false,
    ),
    Promise.resolve()
      .then(() => undefined)
      .then(() => undefined)
      .then(() => undefined)
      .then(() => true),
  ])

test(
  'any text as a code, any text as an address: nobody is let in, nothing breaks',
  () => {
    const book = new CodeBook()
    const property = fc.property(fc.string({ maxLength: 80, unit: 'binary' }), (text) => {
      expect(book.redeem(text, 0)).toBeNull()
      expect(limitKey(text).length).toBeLessThanOrEqual(text.length + 16)
    })
    bounded(() => fc.assert(property, { numRuns: Math.ceil((relayed.numRuns * 3) / 4) }))
  },
  relayed.timeoutMs,
)

const NAMES =
  `probe admin os.edition os.build os.revision os.display os.kind smbios.serial smbios.model mac
  power.mains power.battery clock secureboot vm tpm.IsReady tpm.Information tpm.SpecVersion tpm.ManufacturerId
  tpm.ManufacturerVersion tpmtool ek.present ek.hash ek.certificates event registry task.maintenance note __proto__`
    .trim()
    .split(/\s+/)
const value = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc.constantFrom(
    'windows',
    '1',
    'true',
    '2.0, 0, 1.59',
    '1229870147',
    '99999999999999999999',
    '-TPM Version: 2.0',
    'Microsoft-Windows-Shell-Core/Operational|62407|1|CommercialOOBE_ESPProgress_WhiteGlove_Success',
    'HKEY\\AutopilotSettings|DeviceSetupCategory.Status|{"categorySucceeded":true}',
    'constructor|__proto__|[]',
  ),
)
const line = fc.tuple(fc.constantFrom(...NAMES), value).map(([name, said]) => `${name}=${said}`)
const report = fc
  .tuple(
    fc.array(line, { maxLength: 20 }),
    fc.constantFrom('reseal-probe 1\n', '\uFEFFreseal-probe 1\r\n', ''),
  )
  .map(([lines, title]) => title + lines.join('\n'))
const reports = fuzzRuns('reports')
test(
  'any lines as a report: bounded values, evidence of the probe alone, and never a proof',
  () => {
    const policy = { allowTestTpm: false, demands: [] }
    const property = fc.property(
      fc.oneof(report, fc.string({ maxLength: 300, unit: 'binary' })),
      (text) => {
        const read = readReport(text)
        if (read === null) return
        for (const { source } of probeEvidence(read, 1_000_000, 500_000))
          expect(source).toBe('probe')
        const fact = judgeProbe({
          report: read,
          tpm: null,
          rules: [],
          policy,
          reportedAt: 1_000_000,
          now: 1_000_000,
        })
        expect(fact.station).not.toBe('GO')
        for (const check of fact.checks) expect(check.value.length).toBeLessThan(4096)
      },
    )
    bounded(() => fc.assert(property, { numRuns: reports.numRuns }))
  },
  reports.timeoutMs,
)
