// A bay's world for the core's properties: a device, an operator and an engine that answer as the bench would, faults included.
import type { Fact, IdentifiedFact } from '../../../agent/core/facts.ts'
import type { InstantMs, LookId, PlayId, PromptId, RunId } from '../../../agent/core/ids.ts'
import type { KeyReport } from '../../../agent/core/key-script.ts'
import type { Order } from '../../../agent/core/order.ts'
import type { Effect, Output } from '../../../agent/core/output.ts'
import { promptOf } from '../../../agent/core/prompts.ts'
import { deadlineOf } from '../../../agent/core/render-view.ts'
import type { Rules } from '../../../agent/core/rules.ts'
import { type BayState, freshBay } from '../../../agent/core/state.ts'
import { step } from '../../../agent/core/step.ts'
import type { Chance } from './chance.ts'
import { Device, type DeviceSpec } from './device.ts'
import { misfortune } from './misfortune.ts'
import { anyOf, truthful } from './operator.ts'
import { BAY } from './rules.ts'

export const ORDER: Order = {
  order: 'WO-1',
  customer: 'Contoso',
  tenantDomain: 'contoso.com',
  profile: 'Kiosk',
  user: 'any',
  models: [],
  windows: null,
  join: 'entra',
  pageTimeoutMs: 60 * 60_000,
  demandsAttestation: false,
}

export interface Scenario {
  readonly rules: Rules
  readonly devices: readonly DeviceSpec[]
  /** The operator says what is there; else any answer that is offered may come. */
  readonly honest: boolean
  /** Share of inputs that are faults of parts, people or the agent. */
  readonly faults: number
  readonly withOrder: boolean
  readonly stepsMax: number
}

/** Every input with the state before it and what came of it. */
export type Witness = (before: BayState, fact: Fact, input: number, output: Output) => void

interface Due {
  readonly at: InstantMs
  readonly seq: number
  readonly do: () => void
}
const START = Date.UTC(2026, 10, 23, 8)

export class World {
  readonly s: Scenario
  readonly #chance: Chance
  readonly #see: Witness
  state: BayState
  device: Device | null = null
  /** Every device that stood here. */
  readonly devices: Device[] = []
  at = START
  link: 'up' | 'down' = 'down'
  #speed = 1000
  downs = 0
  wall = 0
  #input = 0
  #seq = 0
  #queue: Due[] = []
  #left: DeviceSpec[]
  #playing: {
    readonly id: PlayId
    readonly reports: readonly KeyReport[]
    readonly echo: boolean
  } | null = null
  #look = ''
  #asked = ''
  keys: 'ok' | 'silent' | 'gone' = 'ok'
  #boots = 1
  steps = 0

  constructor(scenario: Scenario, chance: Chance, see: Witness) {
    this.s = scenario
    this.#chance = chance
    this.#see = see
    this.state = freshBay(BAY, this.at)
    this.#left = [...scenario.devices]
  }

  /** Plays the scenario to its end or to its last step. */
  run(): void {
    this.give({ kind: 'restarted', boot: 'boot1' })
    this.give({ kind: 'link', link: 'down', downs: 0 })
    while (this.steps < this.s.stepsMax) {
      if (this.device === null && this.#queue.length === 0 && !this.#load()) {
        if (this.state.run === null || !this.#wait()) return
        continue
      }
      if (this.#chance.is(this.s.faults)) misfortune(this, this.#chance)
      else if (!this.#wait()) this.#person()
    }
  }

  /** The next thing that is due: of the world, or the bay's timer. False when nothing is. */
  #wait(): boolean {
    const timer = deadlineOf(this.state)
    const wall = this.at + this.wall
    const timerAt = timer === null ? Number.POSITIVE_INFINITY : Math.max(this.at, timer - this.wall)
    const first = this.#queue.reduce<Due | null>(
      (one, two) =>
        one === null || two.at < one.at || (two.at === one.at && two.seq < one.seq) ? two : one,
      null,
    )
    if (first !== null && first.at <= timerAt) {
      this.#queue.splice(this.#queue.indexOf(first), 1)
      this.at = Math.max(this.at, first.at)
      first.do()
      return true
    }
    if (timer === null) return false
    this.at = timerAt
    this.give({ kind: 'timer', due: Math.max(timer, wall) })
    return true
  }

  after(ms: number, fn: () => void): void {
    this.#queue.push({ at: this.at + ms, seq: this.#seq++, do: fn })
  }

  /** One input to the bay, and what it asks of the world. */
  give(fact: Fact): Output {
    this.steps++
    this.#input++
    const before = this.state
    const output = step(this.s.rules, before, {
      input: this.#input,
      at: this.at + this.wall,
      uid: `r${this.#input}` as RunId,
      fact,
    })
    this.state = output.state
    this.#see(before, fact, this.#input, output)
    if (output.state.phase.at === 'done' && before.phase.at !== 'done' && this.#chance.is(0.4))
      this.after(this.#chance.int(1, 200) * 1000, () => this.powerOn())
    if (
      output.state.phase.at === 'failing' &&
      before.phase.at !== 'failing' &&
      this.#chance.is(0.3)
    )
      this.after(this.#chance.int(1, 20) * 1000, () => this.#resetByHand())
    for (const effect of output.effects) this.#act(effect)
    this.#levels()
    return output
  }

  // --- Engine ----------------------------------------------------------------------------------------------------------

  #act(effect: Effect): void {
    const c = this.#chance
    switch (effect.do) {
      case 'play': {
        if (effect.notAfter !== null && c.is(this.s.faults)) {
          this.after(50, () => this.give({ kind: 'played', play: effect.play, proof: 'expired' }))
          return
        }
        this.#playing = { id: effect.play, reports: effect.request.reports, echo: effect.echo }
        if (c.is(this.s.faults / 4)) return
        this.after(c.int(50, 900), () => this.#played(effect.play, c.is(this.s.faults * 2)))
        return
      }
      case 'cancel':
        this.after(c.int(0, 400), () => this.#played(effect.play, true))
        return
      case 'release':
        return
      case 'precheck': {
        if (c.is(this.s.faults)) return
        const grade = c.is(this.s.faults) ? 'hold' : 'ok'
        const findings = [{ id: 'uplink', grade, value: '', hint: 'look' } as const]
        this.after(c.int(100, 2000), () =>
          this.give({ kind: 'prechecked', check: effect.check, result: { at: this.at, findings } }),
        )
      }
    }
  }

  #played(play: PlayId, cut: boolean): void {
    const playing = this.#playing
    if (playing?.id !== play) return
    this.#playing = null
    const { reports, echo } = playing
    const taken = cut ? reports.slice(0, this.#chance.int(0, reports.length - 1)) : reports
    const reaches = this.device?.on === true && this.keys === 'ok'
    if (reaches) this.device?.take(taken)
    const proof = cut
      ? this.#chance.of(['unknown', 'unknown', 'fault'] as const)
      : this.keys === 'ok'
        ? this.#chance.of(['accepted', 'delivered'] as const)
        : 'fault'
    this.give({
      kind: 'played',
      play,
      proof,
      ...(echo ? { echo: reaches && !cut } : {}),
      ...(proof === 'fault' ? { fault: 'STATION_KEYBOARD_GONE' } : {}),
    })
    this.#changed()
  }

  /** Asked for a look, or asked a question: the world answers later. */
  #levels(): void {
    const { look, prompt } = this.state
    if (look !== null && look.id !== this.#look) {
      this.#look = look.id
      this.after(this.#chance.int(50, 800), () => this.#looked(look.id))
    }
    if (prompt !== null && prompt.id !== this.#asked) {
      this.#asked = prompt.id
      const late = prompt.loud ? this.#chance.int(500, 60_000) : this.#chance.int(1, 40) * 60_000
      this.after(late, () => this.#answer(prompt.id))
    }
  }

  #looked(id: LookId): void {
    if (this.state.look?.id !== id) return
    const { device } = this
    const fields = device?.fields() ?? {}
    const seenAt = this.at + this.wall
    const page = device?.page ?? 'dark'
    this.give({ kind: 'looked', look: id, page, fields, seenAt, frame: `f${this.#input}` })
  }

  /** The device changed: a capture sees it, its wire shows it, and it goes on by itself. */
  #changed(): void {
    const { device } = this
    if (device === null) return
    const { look } = this.state
    if (look !== null) this.after(this.#chance.int(20, 300), () => this.#looked(look.id))
    if (device.offAt !== null) {
      const { offSpeed } = device.spec
      const keep = this.#chance.is(0.1)
      this.after(device.offAt, () => {
        if (offSpeed === null) this.wire('down')
        else this.wire('up', offSpeed)
      })
      this.after(device.offAt + this.#chance.int(-500, 800), () => {
        if (!keep) this.enumerate(this.#chance.is(0.3) ? null : false)
      })
      device.offAt = null
    }
    const next = device.next
    if (next === null) return
    device.next = null
    const restarts = device.page === 'provisioning' ? device.spec.restarts : 0
    for (let n = 1; n <= restarts; n++)
      this.after((next.ms * n) / (restarts + 1), () => this.#restart())
    const page = device.page
    this.after(next.ms, () => {
      if (this.device !== device || device.page !== page) return
      next.do()
      this.#changed()
    })
  }

  #restart(): void {
    if (this.device?.page !== 'provisioning' || this.link !== 'up') return
    this.wire('down')
    this.enumerate(false)
    this.after(this.#chance.int(5, 500) * 1000, () => {
      if (this.device?.on !== true) return
      this.wire('up', 1000)
      this.enumerate(true)
    })
  }

  wire(link: 'up' | 'down', speed = 1000): void {
    if (link === 'down' && this.link === 'up') this.downs++
    this.link = link
    this.#speed = speed
    this.tellWire()
  }

  tellWire(): void {
    const { link } = this
    const speed = link === 'up' ? { speed: this.#speed } : {}
    this.give({ kind: 'link', link, downs: this.downs, ...speed })
  }

  #enumerated: boolean | null = false
  enumerate(enumerated: boolean | null): void {
    this.#enumerated = enumerated
    this.give({ kind: 'keyboard', enumerated, health: this.keys })
  }

  // --- People ----------------------------------------------------------------------------------------------------------

  #load(): boolean {
    const spec = this.#left.shift()
    if (spec === undefined) return false
    this.device = new Device(spec)
    const { device } = this
    this.devices.push(device)
    this.after(this.#chance.int(0, 5000), () => this.wire('up', this.#chance.is(0.1) ? 100 : 1000))
    if (this.#chance.is(0.8)) this.after(3000, () => this.scan(spec.serial))
    this.after(this.#chance.int(2000, 20_000), () => {
      if (this.device !== device) return
      device.boot()
      this.enumerate(true)
      this.give({ kind: 'mac', mac: spec.mac })
      this.#changed()
    })
    return true
  }

  unload(): void {
    this.device = null
    if (this.link === 'up') this.wire('down')
    this.enumerate(false)
  }

  scan(serial: string, more: Partial<IdentifiedFact> = {}): void {
    this.give({
      kind: 'identified',
      serial,
      source: 'scan',
      by: 'ann',
      order: this.s.withOrder ? ORDER : null,
      otherOrder: null,
      listed: true,
      runsBefore: 0,
      alsoIn: null,
      ...more,
    })
  }

  /** Nothing else happens: somebody looks at the bay. */
  #person(): void {
    if (this.device !== null) this.unload()
    this.give({ kind: 'action', action: 'removed', by: 'ann' })
  }

  #answer(id: PromptId): void {
    const prompt = promptOf(this.state, this.s.rules)
    if (prompt === null || prompt.id !== id) return
    const c = this.#chance
    const { phase } = this.state
    const said =
      this.s.honest && !c.is(this.s.faults / 4)
        ? truthful(this.s, this.state, this.device, c)
        : anyOf(this.s, this.state, c)
    if (said === null) {
      this.after(c.int(5, 120) * 1000, () => this.#answer(id))
      return
    }
    if (said === 'scan') {
      this.scan(this.device?.spec.serial ?? 'S-LOST')
      return
    }
    if (said === 'taken-out' || said === 'removed') this.unload()
    if (said === 'reset') this.device?.reset()
    const fact: Fact = {
      kind: 'answered',
      prompt: id,
      answer: said,
      by: 'ann',
      given: this.at + this.wall,
      ...(said === 'code' ? { text: this.device?.fields().code ?? '0x81039001' } : {}),
    }
    const presses = said === 'yes' || said === 'green'
    if (this.s.rules.traits.keyboard === 'manual' && presses) this.#byHand(phase.at)
    this.give(fact)
    if (c.is(this.s.faults)) this.give(fact)
    if (c.is(this.s.faults)) this.give({ ...fact, answer: 'something-else' })
    if (this.state.phase.at === 'closing' && c.is(0.15))
      this.give({ kind: 'undo', prompt: id, by: 'ann' })
    this.#changed()
  }

  /** What a person presses before saying so, where the keys are a person's. */
  #byHand(phase: string): void {
    const { device } = this
    if (device === null) return
    const enter = { bytes: [0, 0, 0x28, 0, 0, 0, 0, 0], pauseMs: 0 } as const
    const up = { bytes: [0, 0, 0, 0, 0, 0, 0, 0], pauseMs: 0 } as const
    if (phase === 'selecting' && device.page === 'options') {
      device.selected = 1
      device.focus = 'next'
    } else if (phase === 'reviewing' && device.page === 'landing') device.focus = 'next'
    else if (phase === 'retry-confirm' && device.page === 'failure') device.focus = 'retry'
    else if (!(device.page === 'success' && (phase === 'provisioning' || phase === 'locate')))
      return
    device.take([enter, up])
  }

  // --- Faults ----------------------------------------------------------------------------------------------------------

  /** The resealed device is switched on again; sometimes its link alone shows it, for a moment. */
  powerOn(): void {
    const { device } = this
    if (this.state.phase.at !== 'done' || device === null) return
    device.boot()
    this.wire('up', 1000)
    if (this.#chance.is(0.5)) this.enumerate(true)
    if (this.#chance.is(0.3)) this.give({ kind: 'mac', mac: device.spec.mac })
    if (this.#chance.is(0.4)) this.after(20_000, () => this.unload())
  }

  #resetByHand(): void {
    if (this.device?.page !== 'failure') return
    this.device.reset()
    this.#changed()
  }

  agentRestart(): void {
    this.#playing = null
    this.#look = ''
    this.#asked = ''
    this.at += this.#chance.int(100, 60_000)
    if (this.#chance.is(0.2)) this.#boots++
    if (this.#chance.is(0.2)) this.downs++
    this.give({ kind: 'restarted', boot: `boot${this.#boots}` })
    this.tellWire()
    this.enumerate(this.#enumerated)
  }
}
