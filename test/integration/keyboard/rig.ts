// A CH9329 driver on a chip double, quick and with its facts recorded, for the tests of this folder.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyboardReport } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { openCh9329 } from '../../../drivers/keyboard/ch9329.ts'
import type { Ch9329Numbers, Ch9329Options } from '../../../drivers/keyboard/ch9329-options.ts'
import type { OpenKeyboard } from '../../../drivers/keyboard/played-keyboard.ts'
import { Ch9329Double, type Ch9329World } from '../../fakes/ch9329-double.ts'
import { until } from '../../fakes/pty.ts'

export const clock = systemClock()
export const never = new AbortController().signal
/** The same manners in less time, so that the suite is quick. */
export const QUICK: Partial<Ch9329Numbers> = {
  infoEveryMs: 40,
  replyMs: 200,
  resetWaitMs: 60,
  echo: { holdMs: 20, gapMs: 120, ledWaitMs: 100, settleMs: 250, ledPollMs: 10 },
}
export const ZERO = [0, 0, 0, 0, 0, 0, 0, 0]
export const COMMANDS = { info: 0x01, report: 0x02, setConfig: 0x09, reset: 0x0f }

export interface RigOptions {
  readonly world?: Partial<Ch9329World>
  readonly options?: Partial<Ch9329Options>
  /** Mode byte in the chip's settings; keyboard-only unless the test is about it. */
  readonly mode?: number
}

export class Rig {
  readonly double: Ch9329Double
  readonly stateDir: string
  keyboard!: OpenKeyboard
  /** Facts of the keyboard that is open now. */
  facts: KeyboardReport[] = []

  private constructor(double: Ch9329Double, stateDir: string) {
    this.double = double
    this.stateDir = stateDir
  }

  /** The chip alone; no agent has opened it. */
  static async chip({ world = {}, mode = 0x01 }: RigOptions = {}): Promise<Rig> {
    const double = await Ch9329Double.start(world)
    double.config[0] = mode
    return new Rig(double, await mkdtemp(join(tmpdir(), 'reseal-keys-')))
  }

  /** A chip and an agent that has found it. */
  static async open(options: RigOptions = {}): Promise<Rig> {
    const rig = await Rig.chip(options)
    await rig.open(options.options)
    await rig.found()
    return rig
  }

  async open(options: Partial<Ch9329Options> = {}): Promise<void> {
    const { stateDir } = this
    const { path } = this.double
    this.keyboard = await openCh9329({ path, clock, stateDir, numbers: QUICK, ...options })
    const facts: KeyboardReport[] = []
    this.facts = facts
    void (async () => {
      for await (const fact of this.keyboard.watch(never)) facts.push(fact)
    })()
    await this.keyboard.ready()
  }

  get last(): KeyboardReport | undefined {
    return this.facts.at(-1)
  }

  found(): Promise<void> {
    return until('the chip is found', () => typeof this.last?.enumerated === 'boolean')
  }

  async close(): Promise<void> {
    await this.keyboard?.close()
    await this.double.close()
    await rm(this.stateDir, { recursive: true, force: true })
  }
}
