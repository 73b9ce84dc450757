// The lamp of a bay without one: the board shows the same signal.
import type { Lamp } from '../../agent/ports.ts'

export const noLamp = (): Lamp => ({
  show: () => Promise.resolve(),
  close: () => Promise.resolve(),
})
