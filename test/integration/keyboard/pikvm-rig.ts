// A PiKVM driver on a chip double, quick and with its facts recorded, for the tests of this folder.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyboardReport } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { openPikvm } from '../../../drivers/keyboard/pikvm.ts'
import type { PikvmNumbers, PikvmOptions } from '../../../drivers/keyboard/pikvm-options.ts'
import type { OpenKeyboard } from '../../../drivers/keyboard/played-keyboard.ts'
import { PikvmDouble, type PikvmWorld } from '../../fakes/pikvm-double.ts'
import { until } from '../../fakes/pty.ts'

/** The same manners in less time. */
export const QUICK: Partial<PikvmNumbers> = {
  lookEveryMs: 40,
  restartMs: 3000,
  echo: { holdMs: 20, gapMs: 120, ledWaitMs: 100, settleMs: 250, ledPollMs: 10 },
}

export class PikvmRig {
  readonly double: PikvmDouble
  readonly stateDir: string
  keyboard!: OpenKeyboard
  facts: KeyboardReport[] = []

  private constructor(double: PikvmDouble, stateDir: string) {
    this.double = double
    this.stateDir = stateDir
  }

  /** The chip alone, already a keyboard only unless `outputs` says otherwise. */
  static async chip(world: Partial<PikvmWorld> = {}, outputs = 0x01): Promise<PikvmRig> {
    const double = await PikvmDouble.start(world)
    double.outputs = outputs
    return new PikvmRig(double, await mkdtemp(join(tmpdir(), 'reseal-pikvm-')))
  }

  static async open(world: Partial<PikvmWorld> = {}, outputs = 0x01): Promise<PikvmRig> {
    const rig = await PikvmRig.chip(world, outputs)
    await rig.open()
    await until('the chip is found', () => typeof rig.last?.enumerated === 'boolean')
    return rig
  }

  async open(options: Partial<PikvmOptions> = {}): Promise<void> {
    const { stateDir } = this
    const { path } = this.double
    const clock = systemClock()
    this.keyboard = await openPikvm({ path, clock, stateDir, numbers: QUICK, ...options })
    const facts: KeyboardReport[] = []
    this.facts = facts
    void (async () => {
      for await (const fact of this.keyboard.watch(new AbortController().signal)) facts.push(fact)
    })()
    await this.keyboard.ready()
  }

  get last(): KeyboardReport | undefined {
    return this.facts.at(-1)
  }

  async close(): Promise<void> {
    await this.keyboard?.close()
    await this.double.close()
    await rm(this.stateDir, { recursive: true, force: true })
  }
}
