// A gadget keyboard driver on the double of its node, quick, for the contract and the tests of this driver.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyboardReport } from '../../agent/ports.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { openHidg } from '../../drivers/keyboard/hidg.ts'
import type { HidgNumbers, HidgOptions } from '../../drivers/keyboard/hidg-options.ts'
import type { OpenKeyboard } from '../../drivers/keyboard/played-keyboard.ts'
import { HidgDouble, type HidgWorld } from './hidg-double.ts'

/** The same manners in less time. */
export const QUICK: Partial<HidgNumbers> = {
  lookEveryMs: 30,
  dueEveryMs: 10,
  // The double polls in the loop of the test: a busy machine holds both up.
  takeMs: 150,
  releaseMs: 150,
  echo: { holdMs: 15, gapMs: 80, ledWaitMs: 60, settleMs: 100, ledPollMs: 5 },
}

export class HidgBench {
  readonly double: HidgDouble
  readonly stateDir: string
  keyboard!: OpenKeyboard
  facts: KeyboardReport[] = []

  private constructor(double: HidgDouble, stateDir: string) {
    this.double = double
    this.stateDir = stateDir
  }

  static async node(world: Partial<HidgWorld> = {}): Promise<HidgBench> {
    const stateDir = await mkdtemp(join(tmpdir(), 'reseal-hidg-'))
    return new HidgBench(new HidgDouble(world), stateDir)
  }

  static async open(world: Partial<HidgWorld> = {}): Promise<HidgBench> {
    const bench = await HidgBench.node(world)
    await bench.open()
    return bench
  }

  async open(options: Partial<HidgOptions> = {}): Promise<void> {
    const { double, stateDir } = this
    const fixed = { path: double.path, clock: systemClock(), stateDir, openFile: double.openFile }
    this.keyboard = await openHidg({ ...fixed, numbers: QUICK, ...options })
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
    this.double.close()
    await rm(this.stateDir, { recursive: true, force: true })
  }
}
