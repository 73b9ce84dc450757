// Any bytes from wires, labels and strangers on the network give a value: keyboard chip, scanner, scans, MQTT, NTP, tables.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readScan } from '../../agent/core/scan.ts'
import { readRequest } from '../../agent/publish/request.ts'
import {
  buildFrame,
  COMMAND,
  DATA_MAX,
  FrameParser,
  infoOf,
  isKeyboardOnly,
  replyTo,
} from '../../drivers/keyboard/ch9329-codec.ts'
import { searchDomains } from '../../drivers/network/names.ts'
import { ntpAnswer } from '../../drivers/network/ntp.ts'
import { defaultRoutes4, defaultRoutes6 } from '../../drivers/network/uplink.ts'
import { SCAN_BYTES_MAX, ScanFramer } from '../../drivers/scanner/scan-framer.ts'
import { bounded, fuzzRuns } from '../fakes/fuzz-runs.ts'

const bytes = fc.uint8Array({ maxLength: 120 })
const text = fc.oneof(
  fc.string({ maxLength: 120, unit: 'binary' }),
  fc.string({ maxLength: 120 }),
  fc
    .tuple(
      fc.constantFrom('RSL.', 'deviceLink:?sn=', '{"ZtdId":"', 'S/N: ', ']Q1', 'https://'),
      fc.string({ maxLength: 40 }),
    )
    .map(([head, rest]) => head + rest),
  fc.json({ maxDepth: 4 }),
)

const chip = fuzzRuns('keyboardChip')
test(
  'any bytes, split anywhere, into the parser of the keyboard chip: frames within their size',
  () => {
    const some = fc.oneof(
      bytes,
      fc
        .tuple(fc.constantFrom(...Object.values(COMMAND)), fc.uint8Array({ maxLength: 70 }))
        .map(([command, data]) => buildFrame(command | 0x80, data)),
      fc.constant(Uint8Array.of(0x57, 0xab, 0, 0x81, 0xff)),
    )
    const property = fc.property(fc.array(some, { maxLength: 6 }), (chunks) => {
      const parser = new FrameParser()
      const found = chunks.flatMap((chunk) => parser.push(chunk))
      const whole = new FrameParser().push(Buffer.concat(chunks))
      expect(found).toEqual(whole)
      for (const item of found) {
        if (item.kind !== 'frame') continue
        expect(item.frame.data.length).toBeLessThanOrEqual(DATA_MAX)
        for (const command of Object.values(COMMAND)) {
          const reply = replyTo(command, item.frame)
          if (reply?.kind === 'ok') [infoOf(reply.data), isKeyboardOnly(reply.data)].length
        }
      }
    })
    bounded(() => fc.assert(property, { numRuns: chip.numRuns }))
  },
  chip.timeoutMs,
)

const scanner = fuzzRuns('scanner')
test(
  'any bytes from a scanner: scans within their size, without control characters',
  () => {
    const property = fc.property(fc.array(bytes, { maxLength: 6 }), (chunks) => {
      const framer = new ScanFramer()
      const scans = [...chunks.flatMap((chunk) => framer.push(chunk)), ...framer.flush()]
      for (const scan of scans) {
        expect(scan.length).toBeLessThanOrEqual(SCAN_BYTES_MAX)
        // But for the separator of GS1, which stands between two elements and at no edge.
        const bare = scan.split('\u001d')
        expect([bare.at(0), bare.at(-1)]).not.toContain('')
        expect([...bare.join('')].every((letter) => letter >= ' ' && letter !== '\u007f')).toBe(
          true,
        )
      }
    })
    bounded(() => fc.assert(property, { numRuns: scanner.numRuns }))
  },
  scanner.timeoutMs,
)

const scans = fuzzRuns('scans')
test(
  'any text as a scan or a QR code: one of the known kinds',
  () => {
    const kinds = ['serial', 'qr', 'device-link', 'bay', 'command', 'none']
    const property = fc.property(text, (one) => {
      const read = readScan(one)
      expect(kinds).toContain(read.kind)
      if (read.kind === 'serial') expect(read.serial).toMatch(/^[A-Z0-9._/+$%*-]{3,64}$/)
      if (read.kind === 'command') expect(read.command).toMatch(/^[a-z][a-z0-9-]{0,31}$/)
    })
    bounded(() => fc.assert(property, { numRuns: scans.numRuns }))
  },
  scans.timeoutMs,
)

const query = fuzzRuns('mqttQuery')
test(
  'any bytes as a query over MQTT: a serial number, or a problem, and answers only where they may go',
  () => {
    const payload = fc.oneof(
      bytes,
      text.map((one) => Buffer.from(one)),
      fc
        .record(
          { serial: fc.anything(), responseTopic: fc.anything(), correlation: fc.anything() },
          { requiredKeys: [] },
        )
        .map((one) =>
          Buffer.from(
            JSON.stringify(one, (_, part) => (typeof part === 'bigint' ? `${part}` : part)),
          ),
        ),
    )
    const topic = fc.oneof(
      fc.constant(null),
      fc.constantFrom('answers/1', 'reseal/v1/x', '#'),
      text,
    )
    const property = fc.property(
      payload,
      topic,
      fc.option(fc.uint8Array({ maxLength: 200 })),
      (given, responseTopic, correlation) => {
        const request = readRequest(
          { topic: 'q', payload: given, retain: false, responseTopic, correlation },
          (one) => one.startsWith('answers/'),
        )
        expect(request.serial === null).toBe(request.problem !== null)
        if (request.answerTo !== null) expect(request.answerTo).toMatch(/^answers\//)
        if (request.serial !== null) expect(request.serial.length).toBeLessThanOrEqual(128)
      },
    )
    bounded(() => fc.assert(property, { numRuns: query.numRuns }))
  },
  query.timeoutMs,
)

const ntp = fuzzRuns('ntp', 2)
const NONCE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
test(
  'any packet as an answer of a time server: only one to our question counts',
  () => {
    const packet = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.boolean()).map(([raw, isOurs]) => {
      const copy = Buffer.from(raw)
      if (isOurs && copy.length >= 48) {
        copy[0] = 0x24
        copy.set(NONCE, 24)
      }
      return copy
    })
    const property = fc.property(packet, (one) => {
      const answer = ntpAnswer(one, NONCE)
      if (answer === null) return
      expect(one.subarray(24, 32).equals(NONCE)).toBe(true)
      if (!('refused' in answer)) expect(Number.isFinite(answer.receivedMs)).toBe(true)
    })
    bounded(() => fc.assert(property, { numRuns: ntp.numRuns }))
  },
  ntp.timeoutMs,
)

test(
  'any text as tables of the kernel or resolv.conf: names, and nothing breaks',
  () => {
    const lines = fc.oneof(
      text,
      fc
        .array(
          fc.constantFrom(
            'search',
            'domain',
            'a.b',
            '00000000',
            '0003',
            'eth0',
            '\n',
            '0'.repeat(32),
            '00',
          ),
          {
            maxLength: 40,
          },
        )
        .map((words) => words.join(' ')),
    )
    const property = fc.property(lines, (one) => {
      for (const name of [...defaultRoutes4(one), ...defaultRoutes6(one)])
        expect(typeof name).toBe('string')
      const domains = searchDomains(one)
      expect(domains.length).toBeLessThanOrEqual(2)
    })
    bounded(() => fc.assert(property, { numRuns: ntp.numRuns }))
  },
  ntp.timeoutMs,
)
