// Every rendering against station-config/asyncapi.yaml, and the envelope that no body can shadow.
import { expect, test } from 'vitest'
import {
  answerMessage,
  bayMessage,
  errorMessage,
  type Message,
  rowMessage,
  type Stamp,
  statusMessage,
  throughputMessage,
} from '../../agent/core/messages.ts'
import { resealAnswer } from '../../agent/core/reseal-answer.ts'
import { SIGNALS } from '../../agent/core/signals.ts'
import { closedRun, throughputOf } from '../../agent/core/throughput-figures.ts'
import { fakeView } from '../fakes/fake-bench.ts'
import { aRecord } from '../fakes/records.ts'
import { asyncapi, channelProblems, channelsOf } from '../integration/publish/parts/asyncapi.ts'

const AT = Date.parse('2026-11-23T09:00:00Z')
const stamp: Stamp = { station: 'bench-1', epoch: 'e-1', seq: 7, at: AT, rate: null }
const fits = (channel: string, message: Message) =>
  expect(channelProblems(channel, JSON.parse(JSON.stringify(message)))).toEqual([])

const chain = {
  entry: { seq: 1, kind: 'record', digest: 'a'.repeat(64), prev: '0'.repeat(64) },
  head: 'b'.repeat(64),
} as const
const history = (record = aRecord('run-1')) => ({
  runs: [{ seq: 1, record, chain }],
  annotations: [],
  open: null,
})

test('the document itself is whole: every reference leads somewhere', () => {
  const text = JSON.stringify(asyncapi)
  for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = path
      ?.split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], asyncapi)
    expect(found, path).toBeDefined()
  }
})

test('each topic of the contract is exactly one channel', () => {
  const below = ['status', 'bays/B1', 'records/run-1', 'events', 'alarms', 'throughput']
  const channels = below.map((topic) => channelsOf(`reseal/v1/hall/bench-1/${topic}`))
  expect(channels).toEqual([['status'], ['bay'], ['record'], ['event'], ['alarm'], ['throughput']])
  expect(channelsOf('reseal/v1/hall/bench-1/query/reseal')).toEqual(['query'])
})

test.each(['online', 'offline', 'stopped'] as const)('status says %s', (state) => {
  const message = statusMessage(stamp, state, '0.1.0', ['B1', 'B2'])
  fits('status', message)
  expect(message).toMatchObject({ state, version: '0.1.0', bays: ['B1', 'B2'], seq: 7 })
})

test.each(SIGNALS)('a bay with the signal %s is as the document says', (signal) => {
  fits('bay', bayMessage(stamp, fakeView('B1', { signal })))
})

test('a bay with everything at once is as the document says, without names of persons', () => {
  const view = fakeView('B1', {
    state: 'reviewing',
    signal: 'you',
    serial: 'SN-1',
    run: 'run-1',
    deadline: AT + 60_000,
    prompt: {
      id: 'B1.4',
      verb: 'Compare',
      line: 'Are these the names?',
      names: { organisation: 'Contoso', user: 'ada@contoso.example' },
      expected: 'yes',
      choices: [{ answer: 'yes', label: 'Yes', pictured: false, closes: false }],
      since: AT,
      loud: true,
      scan: false,
    },
    progress: { share: 0.4, startedAt: AT, p50Ms: 1000, p90Ms: 9000, n: 3, longer: false },
    code: '0x800705B4',
    grade: 'stated',
    fault: { code: 'STATION_LAMP_GONE', hint: 'Plug it in.' },
    afterRun: 'leave',
    undoUntil: AT + 5000,
    tpm: {
      station: 'HOLD',
      windows: 'not-seen',
      flow: { result: 'failed', code: '0x81039001', source: 'screen' },
      demands: ['attestation'],
      reasons: [
        {
          id: 'ek-chain',
          side: 'station',
          verdict: 'HOLD',
          words: 'It is not trusted here',
          value: 'CN=Maker',
          hint: 'Add the root.',
        },
      ],
    },
    preCheck: [{ id: 'network.clock', grade: 'hold', value: '300 s', hint: 'Set it.' }],
    input: 12,
  })
  const message = bayMessage(stamp, view)
  fits('bay', message)
  expect(message).toMatchObject({
    eta: '2026-11-23T09:00:01.000Z',
    etaLate: '2026-11-23T09:00:09.000Z',
    deadline: '2026-11-23T09:01:00.000Z',
    input: 12,
    seq: 7,
    afterRun: 'leave',
  })
  expect(message).toMatchObject({ tpm: view.tpm, preCheck: view.preCheck })
  expect(JSON.stringify(message)).not.toContain('ada@')
})

test('a record may hold checks that nobody saw, and says what the service answered', () => {
  const check = { id: 'event-log', verdict: 'not-seen', value: 'no log', source: 'tpm', hint: '' }
  const flow = { result: 'failed', code: '0x81039001', source: 'probe' } as const
  const tpm = { station: 'GO', windows: 'not-seen', flow, checks: [check] } as const
  const record = aRecord('run-1', { tpm: tpm as never })
  fits('record', rowMessage(stamp, 'records/run-1', { record, chain }))
})

test('rows are as the document says, and the envelope is the row’s own', () => {
  const event = { bay: 'B1', run: null, serial: null, input: 3, from: 'a', to: 'b', why: 'c' }
  fits('event', rowMessage(stamp, 'events', event))
  const alarm = { bay: 'B1', code: 'X', serial: 'S', run: 'r', detail: 'd' }
  fits('alarm', rowMessage(stamp, 'alarms', alarm))
  fits('record', rowMessage(stamp, 'records/run-1', { record: aRecord('run-1'), chain }))
  const shadow = { ...event, seq: 99, epoch: 'other', station: 'x', at: 1, schema: 'y' }
  expect(rowMessage(stamp, 'events', shadow)).toMatchObject({
    schema: 'reseal/event/1',
    station: 'bench-1',
    epoch: 'e-1',
    seq: 7,
    at: '2026-11-23T09:00:00.000Z',
  })
})

test('virtual time travels as a clock, and real time does not', () => {
  const message = statusMessage({ ...stamp, rate: 60 }, 'online', '0', [])
  fits('status', message)
  expect(message['clock']).toEqual({ now: '2026-11-23T09:00:00.000Z', rate: 60 })
  expect(statusMessage(stamp, 'online', '0', [])).not.toHaveProperty('clock')
})

test('answers and errors are as the document says, in each kind', () => {
  const kinds = [
    history(),
    history(aRecord('r', { verdict: 'failed', error: { code: 'DEVICE_RED', action: 'Look' } })),
    { runs: [], annotations: [], open: null },
    { ...history(), open: { bay: 'B1', phase: 'hold', run: 'run-2' } },
  ]
  for (const kind of kinds) {
    fits('answer', answerMessage(stamp, resealAnswer('SN-1', kind, AT), 'q-1'))
  }
  const error = { code: 'BACKEND_REQUEST_INVALID', detail: 'serial', hint: 'Correct it.' }
  fits('answer', errorMessage(stamp, error, null))
})

test('figures count what closed in each window, and nothing else', () => {
  const minutes = (ago: number) => new Date(AT - ago * 60_000).toISOString()
  const runs = [
    closedRun(1, aRecord('a', { endedAt: minutes(30 * 60) })),
    closedRun(2, aRecord('b', { endedAt: minutes(10 * 60), attempt: 2 })),
    closedRun(3, aRecord('c', { endedAt: minutes(90), verdict: 'failed' })),
    closedRun(4, aRecord('d', { endedAt: minutes(5), operatorWaitMs: 20_000 })),
  ]
  const figures = throughputOf(runs, AT)
  fits('throughput', throughputMessage(stamp, { ...figures }))
  expect(figures.hour).toMatchObject({ runs: 1, verdicts: { resealed: 1 }, resealedPerHour: 1 })
  expect(figures.hour.operatorWaitMs).toBe(20_000)
  expect(figures.shift).toMatchObject({ runs: 2, verdicts: { resealed: 1, failed: 1 } })
  expect(figures.day).toMatchObject({ runs: 3, firstTimeRight: 0.333 })
  expect(throughputOf([], AT).hour.firstTimeRight).toBeNull()
  fits('throughput', throughputMessage(stamp, { ...throughputOf([], AT) }))
})
