// What must hold after any input to a bay, whatever came before: the properties of the flow, as a witness of every step.
import { strict as assert } from 'node:assert'
import { GRADES } from '../../../agent/core/evidence.ts'
import type { Fact } from '../../../agent/core/facts.ts'
import type { Output } from '../../../agent/core/output.ts'
import type { RecordBody } from '../../../agent/core/record.ts'
import { RED_CODE_MAP } from '../../../agent/core/red-codes.ts'
import { deadlineOf } from '../../../agent/core/render-view.ts'
import type { BayState, TranscriptLine } from '../../../agent/core/state.ts'
import { readState, writeState } from '../../../agent/core/state-text.ts'

const ENTER = 0x28
const LGUI = 0x08
const SPACE = 0x2c

const RESEAL_GUARD = 'success-reseal-focused'

export class Invariants {
  readonly phases = new Map<string, number>()
  readonly records: RecordBody[] = []
  readonly #runs = new Set<string>()
  readonly #closed = new Set<string>()
  readonly #prompts = new Set<string>()
  readonly #looks = new Set<string>()
  #lastPlayed = 0
  #outstanding: string | null = null
  #brokenCount = false
  #sameDue = 0
  /** Bursts that an echo raised to delivered. */
  delivered = 0
  /** The lines that stood when the last echo was answered; null: something was lost since. */
  #atEcho: ReadonlySet<string> | null = null
  readonly #echo: boolean

  constructor(echo: boolean) {
    this.#echo = echo
  }

  readonly see = (before: BayState, fact: Fact, input: number, output: Output): void => {
    const { state } = output
    if (state.phase.at !== before.phase.at)
      this.phases.set(state.phase.at, (this.phases.get(state.phase.at) ?? 0) + 1)
    this.#serialises(state)
    this.#runsAndRecords(before, output)
    this.#deadline(fact, state)
    this.#plays(before, fact, input, output)
    this.#stale(before, fact, output)
    this.#questions(before, state)
    this.#releases(before, fact, output)
    this.#deliveries(before, fact, output)
  }

  /** An accepted burst becomes delivered by an echo alone, and only when nothing was lost since the echo before it. */
  #deliveries(before: BayState, fact: Fact, output: Output): void {
    const own = fact.kind === 'played' && before.play?.play === fact.play
    const isEcho = own && before.play?.script === 'echo'
    const good = isEcho && fact.echo === true && ['accepted', 'delivered'].includes(fact.proof)
    const keyOf = (line: TranscriptLine) => `${line.at} ${line.script} ${line.burst} ${line.on}`
    if (output.state.run?.run === before.run?.run) {
      const accepted = new Map(
        before.run?.keys
          .filter(({ proof }) => proof === 'accepted')
          .map((one) => [keyOf(one), one]),
      )
      for (const line of output.state.run?.keys ?? []) {
        if (line.proof !== 'delivered' || !accepted.has(keyOf(line))) continue
        assert(good, `${keyOf(line)} became delivered by ${fact.kind}`)
        const isBetween = this.#atEcho !== null && !this.#atEcho.has(keyOf(line))
        assert(isBetween, 'an echo before, none lost')
        this.delivered++
      }
    }
    const isLost =
      fact.kind === 'restarted' ||
      (fact.kind === 'link' && output.state.wire.link !== 'up') ||
      (fact.kind === 'keyboard' && output.state.keyboard.since !== before.keyboard.since) ||
      (own && !good && (isEcho || fact.proof === 'unknown' || fact.proof === 'fault'))
    if (good) this.#atEcho = new Set(before.run?.keys.map(keyOf))
    else if (isLost || output.state.run?.run !== before.run?.run) this.#atEcho = null
  }

  #serialises(state: BayState): void {
    const text = writeState(state)
    const again = readState(text)
    assert.deepEqual(again, state)
  }

  #runsAndRecords(before: BayState, output: Output): void {
    const was = before.run?.run ?? null
    const is = output.state.run?.run ?? null
    if (is !== null && is !== was) {
      assert(!this.#runs.has(is), 'a run opens once')
      this.#runs.add(is)
    }
    const closes = was !== null && is !== was
    assert.equal(output.record !== null, closes, `${was} -> ${is} and its record`)
    if (output.record === null) return
    assert.equal(output.record.run, was)
    assert(!this.#closed.has(output.record.run), 'one record per run')
    this.#closed.add(output.record.run)
    this.records.push(output.record)
    this.#recordIsRight(before, output.record)
  }

  #recordIsRight(before: BayState, record: RecordBody): void {
    const took = Date.parse(record.endedAt) - Date.parse(record.startedAt)
    const steps = Object.values(record.durations).reduce((sum, ms) => sum + ms, 0)
    assert.equal(steps, took, 'durations add up')
    assert.equal(record.operatorWaitMs + record.machineWaitMs, took, 'waits add up')
    assert.equal(record.grade !== undefined, record.verdict === 'resealed')
    if (record.verdict === 'resealed') this.#resealedIsProven(record)
    else assert(record.error !== undefined, 'a run that is not resealed says why')
    const { code } = record.error ?? {}
    const row = code === undefined ? undefined : RED_CODE_MAP.get(code)
    const said = before.phase.at === 'closing' && before.phase.closing.on !== null
    if (row !== undefined && !said) {
      const noGo = record.tpm.station === 'NO-GO' || record.tpm.windows === 'NO-GO'
      const wanted = row.verdict === 'by-tpm' ? (noGo ? 'failed' : 'error') : row.verdict
      assert.equal(record.verdict, wanted, `${code} closes as its row says`)
    }
    const red = code?.startsWith('0x') === true || record.verdict === 'failed'
    if (before.phase.at === 'failing' && red)
      assert(row !== undefined, 'no unknown code closes by itself')
  }

  #resealedIsProven(record: RecordBody): void {
    const kinds = new Set(record.evidence.map(({ kind }) => kind))
    assert(kinds.has('success-page'), 'success was seen or said')
    const press = record.keys.findLast(({ guard }) => guard === RESEAL_GUARD)
    assert(
      press && ['accepted', 'delivered', 'person'].includes(press.proof),
      'Reseal was accepted',
    )
    const off = kinds.has('off-proof')
    assert(off || (kinds.has('went-dark') && record.grade === 'stated'), 'it went off')
    const success = record.evidence.findLast(({ kind }) => kind === 'success-page')
    const best = success?.source === 'screen' && press.proof !== 'person' ? 'witnessed' : 'stated'
    assert(GRADES.indexOf(record.grade ?? 'witnessed') >= GRADES.indexOf(best), 'the weakest link')
  }

  #deadline(fact: Fact, state: BayState): void {
    const due = deadlineOf(state)
    if (state.run !== null) assert(due !== null, `no deadline in ${state.phase.at}`)
    if (fact.kind !== 'timer') this.#sameDue = 0
    else {
      this.#sameDue = due !== null && due <= state.at ? this.#sameDue + 1 : 0
      assert(this.#sameDue < 6, `timer stuck in ${state.phase.at} ${JSON.stringify(state.limits)}`)
    }
  }

  #plays(before: BayState, fact: Fact, input: number, output: Output): void {
    if (fact.kind === 'restarted') this.#outstanding = null
    if (fact.kind === 'played' && fact.play === this.#outstanding) this.#outstanding = null
    if (fact.kind === 'played' && before.play?.play === fact.play) {
      this.#lastPlayed = input
      const last = before.run?.keys.at(-1)
      if (last?.burst === 'windows-x5' && fact.proof === 'unknown') this.#brokenCount = true
    }
    for (const effect of output.effects) {
      if (effect.do !== 'play') continue
      const stuck = fact.kind === 'timer'
      assert(this.#outstanding === null || stuck, 'one play at a time')
      this.#outstanding = effect.play
      if (effect.echo) {
        this.#brokenCount = false
        continue
      }
      const { reports } = effect.request
      assert.deepEqual(reports.at(-1)?.bytes, [0, 0, 0, 0, 0, 0, 0, 0], 'ends in release-all')
      const taps = (test: (bytes: readonly number[]) => boolean) =>
        reports.filter(({ bytes }) => test(bytes)).length
      const enters = taps((bytes) => bytes[2] === ENTER)
      const windows = taps((bytes) => bytes[0] === LGUI)
      assert(windows === 0 || windows === 5, 'the whole count or none')
      if (windows > 0 && this.#echo) assert(!this.#brokenCount, 'a broken count starts over')
      if (windows === 0) this.#brokenCount = false
      if (enters > 0) this.#enterIsGuarded(before, effect.request.reports.length, enters, output)
      if (taps((bytes) => bytes[2] === SPACE) > 0)
        assert(['options-10', 'options-11'].some((id) => effect.request.script.startsWith(id)))
    }
    if (output.state.play === null && before.play !== null) this.#outstanding = null
  }

  #enterIsGuarded(before: BayState, reports: number, enters: number, output: Output): void {
    assert.equal(enters, 1)
    assert.equal(reports, 3, 'Enter is alone in its burst')
    assert.equal(before.play, null, 'no burst was playing when its guard was answered')
    const line = (output.state.run ?? before.run)?.keys.at(-1)
    assert(line !== undefined)
    const asked = [before.prompt?.id as string | undefined, before.look?.id as string | undefined]
    assert(asked.includes(line.on), `Enter on "${line.on}", asked ${asked}`)
    assert(Number(line.on.slice(1)) >= this.#lastPlayed, 'asked for after the last burst')
    for (const effect of output.effects)
      if (effect.do === 'play') assert(effect.notAfter !== null, 'Enter does not wait')
  }

  #stale(before: BayState, fact: Fact, output: Output): void {
    const foreign =
      (fact.kind === 'played' && before.play?.play !== fact.play) ||
      (fact.kind === 'looked' && before.look?.id !== fact.look) ||
      (output.taken !== null && ['stale', 'same'].includes(output.taken))
    if (!foreign) return
    assert.deepEqual({ ...output.state, input: 0, at: 0 }, { ...before, input: 0, at: 0 })
    assert.deepEqual(output.effects, [])
  }

  #questions(before: BayState, state: BayState): void {
    for (const [now, was, seen] of [
      [state.prompt?.id, before.prompt?.id, this.#prompts],
      [state.look?.id, before.look?.id, this.#looks],
    ] as const) {
      if (now === undefined || now === was) continue
      assert(!seen.has(now), `${now} was used before`)
      seen.add(now)
    }
  }

  #releases(before: BayState, fact: Fact, output: Output): void {
    const released = output.effects.some((effect) => effect.do === 'release')
    const open = before.run !== null
    const word = fact.kind === 'action' ? fact.action : ''
    const aborts =
      open && (word === 'abort' || word === 'out-of-service') && before.phase.at !== 'closing'
    if (fact.kind === 'restarted' || output.record !== null || aborts)
      assert(released, 'all keys up')
    const cancelled = output.effects.some((effect) => effect.do === 'cancel')
    if (aborts && before.play !== null && !before.play.cancelled)
      assert(cancelled, 'the burst ends')
  }
}
