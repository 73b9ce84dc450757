// The contract of keyboards on the gadget driver, over nodes of three kinds of controller.
import { HidgBench } from '../fakes/hidg-bench.ts'
import type { HidgWorld } from '../fakes/hidg-double.ts'
import { keyboardContract } from './keyboard.ts'

const over = (world: Partial<HidgWorld>) => async () => {
  const bench = await HidgBench.open(world)
  const { double, keyboard } = bench
  return {
    keyboard,
    close: () => bench.close(),
    landed: () => double.landed(),
    leds: () => double.leds,
    setEnumerated: (attached: boolean) => double.set({ attached }),
    setDriverAlive: (polled: boolean) => double.set({ polled }),
    lose: async () => double.remove(),
    regain: async () => double.restore(),
  }
}

keyboardContract('hidg: at high speed', over({}))
keyboardContract('hidg: at full speed', over({ intervalMs: 10 }))
keyboardContract('hidg: with a controller that takes one report over', over({ fifo: 1 }))
