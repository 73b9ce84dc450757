// Effects to ports: plays keys, checks networks, and keeps lamp, timer and look as the committed state wants them.
import type { Fact, PreCheck } from '../core/facts.ts'
import type { InstantMs, PlayId } from '../core/ids.ts'
import type { Effect } from '../core/output.ts'
import { deadlineOf } from '../core/render-view.ts'
import type { Signal } from '../core/signals.ts'
import type { BayState } from '../core/state.ts'
import { isStationError, StationError } from '../fault.ts'
import type { BayParts, Clock, Observation, ReportHealth } from '../ports.ts'

export interface ActParts {
  readonly parts: BayParts
  readonly clock: Clock
  readonly report: ReportHealth
  /** Gives a fact to the bay. */
  readonly tell: (fact: Fact, key: string | null) => void
  readonly preCheck: (signal: AbortSignal) => Promise<PreCheck>
}

/** After a capture gave no picture, ask again after this long. */
const SCREEN_AGAIN_MS = 2000

export class Act {
  readonly #p: ActParts
  readonly #life = new AbortController()
  #play: { readonly id: PlayId; readonly stop: AbortController } | null = null
  #check: AbortController | null = null
  #timer: { readonly due: InstantMs; readonly cancel: () => void } | null = null
  #look: { readonly id: string; readonly stop: AbortController } | null = null
  #signal: Signal | null = null

  constructor(parts: ActParts) {
    this.#p = parts
    void this.#followLamp()
  }

  /** Edges, in order, each at most once. Called only after the commit that issued them. */
  perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'play':
          void this.#playOne(effect)
          break
        case 'cancel':
          if (this.#play?.id === effect.play) this.#play.stop.abort()
          break
        case 'release':
          this.releaseAll()
          break
        case 'precheck':
          void this.#checkOne(effect.check)
          break
      }
    }
  }

  /** All keys up: a reflex that waits for nothing (architecture: engine rule 2). */
  releaseAll(): void {
    this.#play?.stop.abort()
    void this.#p.parts.keyboard
      ?.releaseAll()
      .catch((error: unknown) => this.#trouble('keyboard', error))
  }

  async #playOne(effect: Extract<Effect, { do: 'play' }>): Promise<void> {
    const { parts, clock, tell } = this.#p
    const { play } = effect
    if (parts.keyboard === null) {
      tell({ kind: 'played', play, proof: 'fault', fault: 'STATION_KEYBOARD_GONE' }, null)
      return
    }
    if (effect.notAfter !== null && clock.now() > effect.notAfter) {
      tell({ kind: 'played', play, proof: 'expired' }, null)
      return
    }
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, this.#life.signal])
    this.#play = { id: play, stop }
    try {
      const answer = effect.echo
        ? await parts.keyboard.echo(signal)
        : await parts.keyboard.play(effect.request, signal)
      tell(
        {
          kind: 'played',
          play,
          proof: answer.proof,
          ...(answer.echo === undefined ? {} : { echo: answer.echo }),
        },
        null,
      )
    } catch (error) {
      const code = isStationError(error) ? error.code : 'STATION_KEYBOARD_GONE'
      this.#trouble('keyboard', error)
      tell({ kind: 'played', play, proof: 'fault', fault: code }, null)
    } finally {
      if (this.#play?.id === play) this.#play = null
    }
  }

  async #checkOne(check: string): Promise<void> {
    this.#check?.abort()
    const stop = new AbortController()
    this.#check = stop
    const result = await this.#p.preCheck(AbortSignal.any([stop.signal, this.#life.signal]))
    if (!stop.signal.aborted) this.#p.tell({ kind: 'prechecked', check, result }, null)
  }

  /** Levels: a pure function of the committed state, brought about after every commit and restart. */
  reconcile(state: BayState, signal: Signal): void {
    this.#arm(deadlineOf(state))
    this.#watch(state.look?.id ?? null)
    this.light(signal)
  }

  light(signal: Signal): void {
    if (this.#signal === signal) return
    this.#signal = signal
    void this.#p.parts.lamp.show(signal).then(
      () =>
        this.#p.report({ part: 'lamp', bay: this.#p.parts.bay, ok: true, code: null, detail: '' }),
      (error: unknown) => {
        this.#signal = null
        this.#trouble('lamp', error)
      },
    )
  }

  /** A lamp that is lost while nothing changes says so itself; it shows the present signal again when it is back. */
  async #followLamp(): Promise<void> {
    const { parts, report } = this.#p
    if (parts.lamp.watch === undefined) return
    for await (const { health, code, detail } of parts.lamp.watch(this.#life.signal))
      report({ part: 'lamp', bay: parts.bay, ok: health === 'ok', code, detail })
  }

  #arm(due: InstantMs | null): void {
    if (this.#timer?.due === due) return
    this.#timer?.cancel()
    if (due === null) {
      this.#timer = null
      return
    }
    const fire = () => {
      this.#timer = null
      this.#p.tell({ kind: 'timer', due }, 'timer')
    }
    this.#timer = { due, cancel: this.#p.clock.after(Math.max(0, due - this.#p.clock.now()), fire) }
  }

  #watch(id: string | null): void {
    if (this.#look?.id === id) return
    this.#look?.stop.abort()
    this.#look = null
    if (id === null || this.#p.parts.screen === null) return
    const stop = new AbortController()
    this.#look = { id, stop }
    void this.#lookOn(id, AbortSignal.any([stop.signal, this.#life.signal]))
  }

  /** Looks until the state wants another look: the first answer is what is there now, then every change. */
  async #lookOn(id: string, signal: AbortSignal): Promise<void> {
    const { parts, clock, tell } = this.#p
    let last: Observation | null = null
    while (!signal.aborted && parts.screen !== null) {
      try {
        last = await parts.screen.look(last, signal)
        if (signal.aborted) return
        this.#p.report({ part: 'screen', bay: parts.bay, ok: true, code: null, detail: '' })
        tell(
          {
            kind: 'looked',
            look: id as never,
            page: last.page,
            fields: last.fields,
            seenAt: last.at,
            frame: last.frameRef,
          },
          `look ${id}`,
        )
      } catch (error) {
        if (signal.aborted) return
        this.#trouble('screen', error)
        await clock.sleep(SCREEN_AGAIN_MS, signal)
      }
    }
  }

  #trouble(part: 'keyboard' | 'lamp' | 'screen', error: unknown): void {
    const fallback =
      part === 'keyboard'
        ? 'STATION_KEYBOARD_GONE'
        : part === 'lamp'
          ? 'STATION_LAMP_GONE'
          : 'STATION_SCREEN_GONE'
    const fault = isStationError(error)
      ? error
      : new StationError(fallback, this.#p.parts.bay, { cause: error })
    this.#p.report({
      part,
      bay: this.#p.parts.bay,
      ok: false,
      code: fault.code,
      detail: fault.message,
    })
  }

  /** Ends everything: keys up first, then lamp, timer and looks. */
  async close(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = null
    this.#play?.stop.abort()
    await this.#p.parts.keyboard
      ?.releaseAll()
      .catch((error: unknown) => this.#trouble('keyboard', error))
    this.#life.abort()
  }
}
