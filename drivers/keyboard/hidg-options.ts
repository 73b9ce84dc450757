// Everything that can be set of a gadget keyboard, with the defaults and where their numbers come from.
import type { Clock } from '../../agent/ports.ts'
import type { DriverLog } from './ch9329-options.ts'
import type { OpenHidgFile } from './hidg-file.ts'
import type { EchoTimes, LockKey } from './lock-echo.ts'

export interface HidgSettings {
  /** The lock key of the echo. Scroll Lock is the one that nothing else uses. */
  readonly echoKey?: LockKey
}

export interface HidgNumbers {
  /** How often an idle keyboard is looked at: one report of no keys, one read of the LEDs. */
  readonly lookEveryMs: number
  /** The same while a release-all waits for a device that does not poll: it must be next when it wakes. */
  readonly dueEveryMs: number
  /**
   * A report that was not taken so long after the one before was queued is late: the key before it was held longer than
   * its script says. The device polls every 1 ms, or 10 ms at full speed (facts/hardware §2.1).
   */
  readonly takeMs: number
  /** The same for reports of no keys, which harm nobody by being late. */
  readonly proveMs: number
  /** How long a release-all is tried at the end of a burst. */
  readonly releaseMs: number
  readonly noteMaxMs: number
  readonly echo: EchoTimes
}

export const HIDG_NUMBERS: HidgNumbers = {
  lookEveryMs: 500,
  dueEveryMs: 50,
  takeMs: 40,
  proveMs: 100,
  releaseMs: 400,
  noteMaxMs: 600_000,
  echo: { holdMs: 40, gapMs: 500, ledWaitMs: 400, settleMs: 2000, ledPollMs: 10 },
}

export interface HidgOptions extends HidgSettings {
  /** The node: /dev/hidgN. */
  readonly path: string
  readonly clock: Clock
  /** Folder for the note of an LED. */
  readonly stateDir: string
  readonly log?: DriverLog
  /** True: a node that is not there is an error at once and not the fact `gone`. */
  readonly required?: boolean
  readonly numbers?: Partial<HidgNumbers>
  /** How the node is opened; tests put a double with the kernel's manners here. */
  readonly openFile?: OpenHidgFile
}
