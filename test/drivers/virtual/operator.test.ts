// The simulated operator alone, with a bench control of cardboard: loads, waits for viewers, yields to others, survives kills.
import { describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import type { BayView, Prompt } from '../../../agent/core/view.ts'
import type { BenchControl, Taken } from '../../../agent/ports.ts'
import {
  judge,
  SteppedClock,
  VirtualBench,
  VirtualOperator,
} from '../../../drivers/virtual/index.ts'

const bay = bayId('1')

/** Shows what it is told to show and keeps what was said to it. */
class CardboardControl implements BenchControl {
  view: BayView
  readonly said: string[] = []
  /** Never answers, as an agent that was killed. */
  isDead = false
  onSaid: (what: string) => void = () => undefined
  #listeners = new Set<(bay: string | null) => void>()

  constructor() {
    this.view = {
      bay,
      state: 'empty',
      signal: 'empty',
      word: '',
      line: '',
      step: '',
      serial: null,
      run: null,
      since: 0,
      deadline: null,
      prompt: null,
      progress: null,
      code: null,
      grade: null,
      fault: null,
      undoUntil: null,
      input: 0,
      at: 0,
    } as BayView
  }

  show(state: string, answers: readonly string[] = [], more: Partial<BayView> = {}): void {
    const prompt: Prompt | null =
      answers.length === 0
        ? null
        : {
            id: `p${this.view.input}`,
            verb: 'Look',
            line: '',
            expected: null,
            since: 0,
            loud: true,
            scan: false,
            choices: answers.map((answer) => ({
              answer,
              label: answer,
              pictured: false,
              closes: false,
            })),
          }
    this.view = { ...this.view, ...more, state, prompt, input: this.view.input + 1 }
    for (const listener of this.#listeners) listener(bay)
  }

  #take(what: string): Promise<Taken> {
    this.said.push(what)
    if (this.isDead) return new Promise(() => {})
    this.onSaid(what)
    return Promise.resolve({ taken: 'taken' })
  }

  bays = () => [this.view]
  bay = () => this.view
  seq = () => 0
  health = () => []
  answer = (_bay: string, _prompt: string, answer: string) => this.#take(answer)
  undo = () => this.#take('undo')
  act = (_bay: string, action: string) => this.#take(`act ${action}`)
  scan = (text: string) => this.#take(`scan ${text}`)
  subscribe(fn: (bay: string | null) => void): () => void {
    this.#listeners.add(fn)
    return () => this.#listeners.delete(fn)
  }
}

function open(viewerFirstMs = 0) {
  const clock = new SteppedClock()
  const bench = new VirtualBench({
    clock,
    seed: 11,
    bays: [bay],
    devices: 1,
    faults: false,
    capture: () => false,
  })
  const control = new CardboardControl()
  const operator = new VirtualOperator({ clock, bench, control, viewerFirstMs, humanRate: 1 })
  const stop = new AbortController()
  const working = operator.run(stop.signal)
  const until = async (holds: () => boolean) => {
    await clock.run(holds, 1_000_000)
    expect(holds()).toBe(true)
  }
  const pass = async (ms: number) => {
    const end = clock.mono() + ms
    clock.after(ms, () => {})
    await until(() => clock.mono() >= end)
  }
  const close = () => {
    stop.abort()
    return working
  }
  return { clock, bench, control, operator, until, pass, close }
}

describe('the simulated operator', () => {
  it('plugs the next device in, switches it on, scans its label, and counts the seconds', async () => {
    const { bench, control, operator, until, close } = open()
    await until(() => control.said.length === 1)
    const device = bench.place(bay).device
    expect(control.said).toEqual([`scan ${device?.spec.serial}`])
    expect(device?.isOn).toBe(true)
    expect(operator.figures()).toMatchObject({ devices: 1, prompts: 0 })
    expect(device?.truth.read().operatorMs).toBeGreaterThan(5000)
    await close()
  })

  it('gives a viewer the first word, and none itself once somebody answered', async () => {
    const { clock, control, until, pass, close } = open(60_000)
    await until(() => control.said.length === 1)
    const from = clock.mono()
    control.show('back', ['serial'])
    await until(() => control.said.length === 2)
    expect(clock.mono() - from).toBeGreaterThan(60_000)
    control.show('present', ['powered'])
    await pass(50_000)
    control.show('summon', [])
    await pass(600_000)
    expect(control.said).toHaveLength(2)
    await close()
  })

  it('says what the device really shows, at the moment of saying it', async () => {
    const { bench, control, until, close } = open()
    await until(() => control.said.length === 1)
    const device = bench.place(bay).device
    const pages = () => device?.page.name
    control.show('locate', ['first-page', 'green', 'red'], {
      run: 'r',
      serial: device?.spec.serial ?? null,
    })
    await until(() => control.said.length === 2)
    expect([control.said[1], ['language', 'region', 'signin'].includes(pages() ?? '')]).toEqual([
      'first-page',
      true,
    ])
    await close()
  })

  it('is not lost with an agent that dies while it is answered, and serves the next one', async () => {
    const { control, operator, until, pass, close } = open()
    await until(() => control.said.length === 1)
    control.isDead = true
    control.show('back', ['serial'])
    await until(() => control.said.length === 2)
    await pass(600_000)
    operator.attach(null)
    await pass(600_000)
    const next = new CardboardControl()
    next.show('back', ['serial'])
    operator.attach(next)
    await until(() => next.said.length === 1)
    expect(control.said).toHaveLength(2)
    await close()
  })

  it('takes the device out when its bay is done, and then everything is', async () => {
    const { bench, control, operator, until, close } = open()
    await until(() => control.said.length === 1)
    control.onSaid = () => control.show('empty')
    control.show('closed', ['taken-out'], {
      serial: bench.place(bay).device?.spec.serial ?? null,
      run: 'r',
    })
    // The device could still be provisioned: it comes a second time, and then no more.
    await until(() => control.said.filter((what) => what === 'taken-out').length === 1)
    control.onSaid = () => undefined
    await until(() => control.said.filter((what) => what.startsWith('scan')).length === 2)
    control.onSaid = () => control.show('empty')
    control.show('closed', ['taken-out'])
    await until(() => operator.isDone)
    expect(bench.place(bay).device).toBeNull()
    await close()
  })

  it('goes home at once when it is told to', async () => {
    const { close } = open()
    await close()
  })
})

describe('the judgement of a record', () => {
  const clock = new SteppedClock()
  const bench = new VirtualBench({
    clock,
    seed: 11,
    bays: [bay],
    devices: 1,
    faults: false,
    capture: () => false,
  })
  const device = bench.nextDevice()
  if (device === null) throw new Error('one device was asked for')
  const at = clock.now()
  const record = (verdict: string, from = 0, to = 0) => ({
    serial: device.spec.serial,
    verdict,
    startedAt: at + from,
    endedAt: at + to,
  })

  it('holds resealed and failed against the truth, and lets all others be', () => {
    expect(judge(bench.truths(), record('resealed'))).toBe('wrong')
    expect(judge(bench.truths(), record('failed'))).toBe('wrong')
    for (const verdict of ['error', 'timeout', 'aborted', 'interrupted'])
      expect(judge(bench.truths(), record(verdict))).toBe('right')
    device.truth.indistinguishable('false-word')
    expect(judge(bench.truths(), record('resealed'))).toBe('indistinguishable')
    device.truth.resealed()
    expect(judge(bench.truths(), record('resealed'))).toBe('right')
    expect(judge(bench.truths(), record('resealed', -10, -5))).toBe('indistinguishable')
    expect(judge(bench.truths(), { ...record('resealed'), serial: 'another' })).toBe('wrong')
  })
})
