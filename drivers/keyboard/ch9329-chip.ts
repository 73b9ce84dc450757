// One CH9329 chip behind its port: brought up, asked, released, cured. Its owner sees to it that calls come one by one.
import { join } from 'node:path'
import type { FaultCode } from '../../agent/fault.ts'
import type { KeyboardReport, PlayAnswer } from '../../agent/ports.ts'
import { type ChipInfo, COMMAND, encodeReport, RELEASE } from './ch9329-codec.ts'
import { baudsOf, type Ch9329Numbers, type Ch9329Options, fileNameOf } from './ch9329-options.ts'
import type { ChipPresence } from './ch9329-presence.ts'
import { ensureKeyboardOnly, findSpeed, resetChip } from './ch9329-setup.ts'
import type { Answer, Ch9329Wire } from './ch9329-wire.ts'
import { LedKeeper } from './led-keeper.ts'
import type { Ill, KeyChip } from './played-keyboard.ts'

/** A release-all that is due in a hurry: two of these and an `info` between stay inside an abort's 1 s. */
const RELEASE_REPLY_MS = 150
const RELEASE_TRIES = 2
/** Nothing cuts the wait for a release short. */
const NEVER = new AbortController().signal
/** Flash wears: settings that did not hold twice will not hold a third time. */
const MODE_WRITES_MAX = 2
/** Execution failed: what some chips say to every report after the device restarted (facts/hardware §3.1, d). */
const EXECUTION_FAILED = 0xe6
/** Reports refused so in a row, by a chip that says it is enumerated, before it is reset. */
const REFUSED_MAX = 3
/** Resets of a chip that goes on refusing double their distance up to 2^5. */
const CURE_DOUBLINGS_MAX = 5

/** What the chip stands on; `close` gives the port back. */
interface Around {
  readonly wire: Ch9329Wire
  readonly presence: ChipPresence
  readonly close: () => Promise<void>
  readonly life: AbortSignal
}

export class Ch9329Chip implements KeyChip {
  readonly path: string
  readonly #led: LedKeeper
  readonly #options: Ch9329Options
  readonly #numbers: Ch9329Numbers
  readonly #wire: Ch9329Wire
  readonly #presence: ChipPresence
  readonly #life: AbortSignal
  readonly #close: () => Promise<void>
  /** The speed is known, release-all was taken, the mode was looked at. */
  #isSetUp = false
  /** Why the last attempt to set up failed. */
  #ill: Ill = 'silent'
  #mode: 'good' | 'wrong' | 'unclear' = 'unclear'
  #modeWrites = 0
  /** Reports refused with E6 since the last one that was taken. */
  #refused = 0
  #refusedCures = 0
  #refusedCureAt = Number.NEGATIVE_INFINITY
  /** A key may be down: release-all is sent before anything else. */
  #releaseDue = true

  constructor(
    options: Ch9329Options,
    numbers: Ch9329Numbers,
    { wire, presence, life, close }: Around,
  ) {
    this.path = options.path
    this.#close = close
    this.#options = options
    this.#numbers = numbers
    this.#wire = wire
    this.#presence = presence
    this.#life = life
    const { stateDir, path, echoKey = 'scroll', clock } = options
    const { echo: times, noteMaxMs } = numbers
    const name = fileNameOf(path)
    this.#led = new LedKeeper(
      { stateDir, name, key: echoKey, times, noteMaxMs, life },
      {
        clock,
        tap: (usage, holdMs, signal) => this.#tap(usage, holdMs, signal),
        leds: () => this.#leds(),
      },
    )
  }

  get isOpen(): boolean {
    return this.#wire.isOpen
  }

  get lookEveryMs(): number {
    return this.#numbers.infoEveryMs
  }

  get isReleaseDue(): boolean {
    return this.#releaseDue
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#presence.watch(signal)
  }

  async close(): Promise<void> {
    await this.#close()
    this.#presence.close()
  }

  /** The port is lost: whatever was known of the chip may have changed when it is back. */
  lost(why: FaultCode): void {
    this.#isSetUp = false
    this.#releaseDue = true
    this.#ill = 'gone'
    this.#presence.gone(why)
    this.#wire.lost()
  }

  /** One report; true when the chip took it. */
  async send(bytes: readonly number[], signal: AbortSignal): Promise<boolean> {
    this.#releaseDue = true
    const data = encodeReport(bytes, this.#options.gui ?? 'modifier')
    const answer = await this.#wire.ask(COMMAND.report, data, this.#numbers.replyMs, signal)
    this.#count(answer)
    if (answer.kind === 'ok' && data.every((byte) => byte === 0)) this.#releaseDue = false
    return answer.kind === 'ok'
  }

  /** Release-all, at once; asked again behind an `info` when an older answer could be taken for its own. */
  async release(): Promise<Ill | null> {
    const answer = await this.#letGo()
    return answer.kind === 'ok' ? null : illOf(answer)
  }

  async #letGo(): Promise<Answer> {
    this.#releaseDue = true
    let answer: Answer = { kind: 'silent' }
    for (let n = 0; n < RELEASE_TRIES; n++) {
      const wasSuspect = this.#wire.isSuspect
      answer = await this.#wire.ask(COMMAND.report, RELEASE, RELEASE_REPLY_MS, NEVER)
      this.#count(answer)
      if (answer.kind === 'gone') break
      if (answer.kind === 'ok' && !wasSuspect) {
        this.#releaseDue = false
        break
      }
      if (n + 1 < RELEASE_TRIES) await this.#wire.info(RELEASE_REPLY_MS)
    }
    return answer
  }

  /** Sets the chip up if need be; `yes` when the device has enumerated it and it is a keyboard and nothing else. */
  async listens(): Promise<'yes' | 'no' | Ill | FaultCode> {
    if (!this.#isSetUp) await this.#setUp()
    if (!this.#isSetUp) return this.#ill
    let found = await this.#info()
    if (found === 'silent' || found === 'garbled') found = await this.#info()
    if (found === 'gone' || found === 'silent' || found === 'garbled') return found
    if (this.#mode !== 'good') return 'STATION_KEYBOARD_MODE'
    return found === 'enumerated' ? 'yes' : 'no'
  }

  /** The chip says ok to a report that nobody polls; a device that left meanwhile got nothing for sure. */
  async stands(): Promise<boolean> {
    return (await this.#info()) !== 'not-enumerated'
  }

  /** Whether the device has enumerated the keyboard, or why that is not known. */
  async #info(): Promise<'enumerated' | 'not-enumerated' | Ill> {
    const info = await this.#wire.info(this.#numbers.replyMs)
    if (typeof info === 'string') return info
    this.#heard(info)
    return info.enumerated ? 'enumerated' : 'not-enumerated'
  }

  /** The regular look at an idle chip: sets it up, lets go of keys, asks it, mends it. */
  async look(): Promise<void> {
    if (!this.isOpen) return
    if (!this.#isSetUp) return this.#setUp()
    if (this.#releaseDue) await this.#letGo()
    const found = await this.#info()
    if (found === 'enumerated' && this.#isRefusalCureDue) await this.#cureRefusal()
    else if (found === 'enumerated') await this.#led.restore()
    else if (found === 'not-enumerated' && this.#presence.isCureDue)
      await this.#cure(this.#presence.cured())
    else if (found === 'silent' || found === 'garbled') this.#missed(found)
  }

  /** Speed, release-all, mode, and the LED that an echo before a crash may have left; tells what it found. */
  async #setUp(): Promise<void> {
    const answer = await findSpeed(this.#wire, baudsOf(this.#options), this.#numbers.probeMs)
    if (answer.kind !== 'ok' && answer.kind !== 'refused') {
      this.#ill = illOf(answer)
      // After a cure one lost answer is no silence yet; of a chip that was never heard it is all there is to tell.
      if (this.#ill !== 'gone' && this.#presence.health === 'ok') this.#presence.missed()
      else if (this.#ill !== 'gone') this.#presence.silent()
      return
    }
    this.#releaseDue = answer.kind !== 'ok'
    if (this.#mode !== 'good' || this.#presence.health !== 'ok') await this.#checkMode()
    const info = await this.#wire.info(this.#numbers.replyMs)
    if (typeof info === 'string') return this.#missed(info)
    this.#isSetUp = this.#mode !== 'unclear'
    this.#ill = 'garbled'
    this.#heard(info)
    if (info.enumerated) await this.#led.restore()
  }

  async #checkMode(): Promise<void> {
    const { clock, stateDir, setMode = true, path, log } = this.#options
    const { probeMs, replyMs, resetWaitMs } = this.#numbers
    const found = await ensureKeyboardOnly(this.#wire, {
      ...{ clock, probeMs, replyMs, resetWaitMs, signal: this.#life },
      bauds: baudsOf(this.#options),
      backup: join(stateDir, `${fileNameOf(path)}.config.hex`),
      maySet: setMode && this.#modeWrites < MODE_WRITES_MAX,
    })
    if (found.wrote) this.#modeWrites++
    this.#mode = found.mode
    const fields = { port: path, baud: this.#wire.baud, wrote: found.wrote, why: found.why }
    log?.info(fields, `keyboard chip: mode ${found.mode}`)
  }

  #missed(ill: Ill): void {
    if (!this.#presence.missed()) return
    this.#isSetUp = false
    this.#ill = ill
  }

  #heard(info: ChipInfo): void {
    this.#presence.heard(info)
    if (!info.enumerated) this.#led.deviceLeft()
  }

  #count(answer: Answer): void {
    if (answer.kind === 'refused' && answer.status === EXECUTION_FAILED) this.#refused++
    if (answer.kind !== 'ok') return
    this.#refused = 0
    this.#refusedCures = 0
  }

  get #isRefusalCureDue(): boolean {
    const { cureAfterMs } = this.#numbers
    if (cureAfterMs === 0 || this.#refused < REFUSED_MAX) return false
    const wait = cureAfterMs * 2 ** Math.min(this.#refusedCures, CURE_DOUBLINGS_MAX)
    return this.#options.clock.mono() - this.#refusedCureAt >= wait
  }

  async #cureRefusal(): Promise<void> {
    this.#refusedCureAt = this.#options.clock.mono()
    await this.#cure(++this.#refusedCures)
  }

  async #cure(cures: number): Promise<void> {
    const { clock, path, log } = this.#options
    log?.info({ port: path, cures }, 'keyboard chip: reset as a cure')
    await resetChip(this.#wire, { clock, ...this.#numbers, signal: this.#life })
    this.#mode = 'unclear'
    await this.#setUp()
  }

  /** Lock-key echo; an LED that an earlier one left is restored first. */
  echo(signal: AbortSignal): Promise<PlayAnswer> {
    return this.#led.echo(signal)
  }

  async #tap(usage: number, holdMs: number, signal: AbortSignal): Promise<boolean> {
    const down = await this.send([0, 0, usage, 0, 0, 0, 0, 0], signal)
    if (down) await this.#options.clock.sleep(holdMs, signal)
    // Up even if the way was aborted: a lock key that is held is worse than a late answer.
    const up = await this.#letGo()
    return up.kind === 'ok' && down
  }

  async #leds(): Promise<number | null> {
    const info = await this.#wire.info(this.#numbers.replyMs)
    return typeof info === 'string' || !info.enumerated ? null : info.leds
  }
}

/** What an answer that is none says of the chip. */
function illOf(answer: Answer): Ill {
  if (answer.kind === 'gone' || answer.kind === 'silent') return answer.kind
  return answer.kind === 'aborted' ? 'silent' : 'garbled'
}
