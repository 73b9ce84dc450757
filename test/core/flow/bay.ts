// A bay on a string: facts by hand, and short ways to the states that the tables of the flow begin in.
import type { Fact, IdentifiedFact, PlayedFact } from '../../../agent/core/facts.ts'
import type { LookId, RunId } from '../../../agent/core/ids.ts'
import type { Effect, Output } from '../../../agent/core/output.ts'
import type { Fields, Page } from '../../../agent/core/pages.ts'
import { promptOf } from '../../../agent/core/prompts.ts'
import type { RecordBody } from '../../../agent/core/record.ts'
import { deadlineOf } from '../../../agent/core/render-view.ts'
import type { BayTraits, Limits, Rules } from '../../../agent/core/rules.ts'
import { type BayState, freshBay } from '../../../agent/core/state.ts'
import { step } from '../../../agent/core/step.ts'
import { BAY, rulesOf } from './rules.ts'
import { ORDER } from './world.ts'

export const NAMES = { organisation: 'contoso.com', profile: 'Kiosk', user: 'a@contoso.com' }
export const OPTIONS = {
  windows: 11,
  entries: ['Install provisioning package', 'Pre-provision with Windows Autopilot', 'Reset'],
} as const
const READY: Fields = { ...OPTIONS, selected: OPTIONS.entries[1], focus: 'next', nextEnabled: true }

export class TestBay {
  readonly rules: Rules
  state: BayState
  at = Date.UTC(2026, 10, 23, 8)
  readonly effects: Effect[] = []
  readonly records: RecordBody[] = []
  readonly alarms: string[] = []
  /** False: the echoes that come after keys are answered by hand. */
  answersEchoes = true
  last: Output | null = null
  #downs = 0

  constructor(traits: Partial<BayTraits> = {}, limits: Partial<Limits> = {}) {
    this.rules = rulesOf(traits, limits)
    this.state = freshBay(BAY, this.at)
    this.give({ kind: 'restarted', boot: 'boot1' })
  }

  get phase(): BayState['phase'] {
    return this.state.phase
  }
  get name(): string {
    return this.state.phase.at
  }
  get assisted(): boolean {
    return this.rules.traits.screen === 'operator' || this.rules.traits.keyboard === 'manual'
  }

  give(fact: Fact): Output {
    const input = this.state.input + 1
    const output = step(this.rules, this.state, {
      input,
      at: this.at,
      uid: `r${input}` as RunId,
      fact,
    })
    this.state = output.state
    this.effects.push(...output.effects)
    if (output.record !== null) this.records.push(output.record)
    this.alarms.push(...output.alarms.map(({ code }) => code))
    this.last = output
    return output
  }

  /** Lets time go by; due limits fire in order. */
  pass(ms: number): this {
    const until = this.at + ms
    for (
      let due = deadlineOf(this.state);
      due !== null && due <= until;
      due = deadlineOf(this.state)
    ) {
      this.at = Math.max(this.at, due)
      this.give({ kind: 'timer', due })
    }
    this.at = until
    return this
  }

  link(link: 'up' | 'down' | 'gone' | 'back', speed = 1000): this {
    if (link === 'gone' || link === 'back') {
      this.give({ kind: 'link', link })
      return this
    }
    if (link === 'down' && this.state.wire.link !== 'down') this.#downs++
    this.give({ kind: 'link', link, downs: this.#downs, ...(link === 'up' ? { speed } : {}) })
    return this
  }
  /** The link fell and rose, and only the counter saw it. */
  unseenFlap(): this {
    this.#downs++
    const { link, speed } = this.state.wire
    this.give({
      kind: 'link',
      link: link === 'up' ? 'up' : 'down',
      downs: this.#downs,
      ...(speed === null ? {} : { speed }),
    })
    return this
  }
  keyboard(enumerated: boolean | null, health: 'ok' | 'silent' | 'gone' = 'ok'): this {
    this.give({ kind: 'keyboard', enumerated, health })
    return this
  }
  mac(mac: string): this {
    this.give({ kind: 'mac', mac })
    return this
  }
  scan(serial = 'S-1', more: Partial<IdentifiedFact> = {}): this {
    this.give({
      kind: 'identified',
      serial,
      source: 'scan',
      by: 'ann',
      order: ORDER,
      otherOrder: null,
      listed: true,
      runsBefore: 0,
      alsoIn: null,
      ...more,
    })
    return this
  }
  say(answer: string, text?: string): this {
    const prompt = promptOf(this.state, this.rules)
    if (prompt === null) throw new Error(`nothing is asked in ${this.name}`)
    this.give({
      kind: 'answered',
      prompt: prompt.id as never,
      answer,
      by: 'ann',
      given: this.at,
      ...(text === undefined ? {} : { text }),
    })
    return this
  }
  see(page: Page, fields: Fields = {}): this {
    const look = this.state.look?.id ?? ('none' as LookId)
    this.give({ kind: 'looked', look, page, fields, seenAt: this.at, frame: 'frame' })
    return this
  }
  played(proof: PlayedFact['proof'] = 'accepted', echo?: boolean): this {
    const { play } = this.state
    if (play === null) throw new Error(`nothing plays in ${this.name}`)
    this.pass(100)
    this.give({ kind: 'played', play: play.play, proof, ...(echo === undefined ? {} : { echo }) })
    const after = this.state.play
    if (this.answersEchoes && after?.script === 'echo' && this.name !== 'echo') {
      this.at += 100
      this.give({ kind: 'played', play: after.play, proof: 'accepted', echo: true })
    }
    return this
  }
  act(action: Extract<Fact, { kind: 'action' }>['action']): this {
    this.give({ kind: 'action', action, by: 'bob' })
    return this
  }
  /** The agent starts anew; the parts tell what they see. */
  restart(boot = 'boot1'): this {
    this.pass(1000)
    this.give({ kind: 'restarted', boot })
    return this
  }
  undo(): this {
    this.give({ kind: 'undo', prompt: '' as never, by: 'ann' })
    return this
  }

  /** The play that was asked for last. */
  get lastPlay(): Extract<Effect, { do: 'play' }> | undefined {
    return this.effects.findLast((effect) => effect.do === 'play')
  }

  /** The keys that were asked for last, echoes apart: `script burst`. */
  get lastKeys(): string {
    const play = this.effects.findLast((effect) => effect.do === 'play' && !effect.echo)
    return play?.do === 'play' ? `${play.request.script} ${play.request.burst}` : ''
  }

  // --- Short ways --------------------------------------------------------------------------------------------------

  toPreCheck(): this {
    // A person's hands are not enumerated.
    if (this.rules.traits.keyboard === 'driver') this.keyboard(true)
    return this.link('up').mac('02:00:00:00:00:01').scan().pass(4000)
  }
  checked(grade: 'ok' | 'hold' = 'ok'): this {
    if (this.phase.at !== 'precheck' || this.phase.check === null) throw new Error(this.name)
    const findings = [{ id: 'dns', grade, value: '', hint: 'call IT' }] as const
    this.give({ kind: 'prechecked', check: this.phase.check, result: { at: this.at, findings } })
    return this
  }
  /** Up to the first burst of the summon. */
  toSummon(): this {
    this.toPreCheck().checked()
    return this.name === 'echo' ? this.played('accepted', true) : this
  }
  toSelecting(): this {
    this.toSummon()
    if (this.rules.traits.keyboard === 'driver') this.played()
    if (this.assisted) this.say('options')
    else this.see('options', { ...OPTIONS, focus: 'list' })
    return this.rules.traits.keyboard === 'driver' ? this.played() : this
  }
  toReviewing(): this {
    this.toSelecting()
    if (this.assisted) this.say('yes')
    else this.see('options', READY)
    if (this.rules.traits.keyboard === 'manual') return this
    this.played()
    if (this.assisted) this.pass(11_000)
    else this.see('landing', NAMES)
    return this.played()
  }
  toProvisioning(): this {
    this.toReviewing()
    if (this.assisted) this.say('yes')
    else this.see('landing', { ...NAMES, qr: '{"ZtdId":"z-1"}', focus: 'next' })
    return this.rules.traits.keyboard === 'driver' ? this.played() : this
  }
  /** Reseal was pressed under its guard; its burst is on its way. */
  toResealing(): this {
    this.toProvisioning().pass(31 * 60_000)
    if (this.assisted) return this.say('green')
    const green = { ...NAMES, qr: '{"ZtdId":"z-1"}', focus: 'reseal' } as const
    return this.see('success', green).see('success', green)
  }
  toOffProof(): this {
    this.toResealing()
    return this.rules.traits.keyboard === 'driver' ? this.played() : this
  }
  /** The picture goes dark, then wire and keyboard leave. */
  goesOff(): this {
    this.pass(1000)
    if (!this.assisted) this.see('dark')
    return this.pass(1000).link('down').keyboard(false)
  }
  toDone(): this {
    return this.toOffProof().goesOff().pass(46_000)
  }
  toFailing(code: string): this {
    this.toProvisioning().pass(60_000)
    if (this.assisted) return this.say('look' as never)
    return this.see('failure', { code })
  }
}
