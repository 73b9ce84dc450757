// Everything that can be set of a PiKVM keyboard, with the defaults and where their numbers come from.
import type { Clock } from '../../agent/ports.ts'
import type { DriverLog } from './ch9329-options.ts'
import type { EchoTimes, LockKey } from './lock-echo.ts'

export interface PikvmSettings {
  /** 115200 is the firmware's own; a port of USB ignores it. */
  readonly baud?: number
  /** The lock key of the echo. Scroll Lock is the one that nothing else uses. */
  readonly echoKey?: LockKey
  /** Whether a mouse may be switched off at the chip; it is looked at in any case. */
  readonly setMode?: boolean
}

export interface PikvmNumbers {
  /** An answer that is not there by then counts as none: a round trip is 1.4 ms and up to 16 ms in an adapter. */
  readonly replyMs: number
  /** How often an idle chip is asked whether the device listens. */
  readonly lookEveryMs: number
  /** Unanswered questions in a row after which the chip counts as silent: one may be an accident of the wire. */
  readonly silentAfter: number
  /** The chip gives up half a request after 100 ms (facts/hardware §3.2): so long it is left alone after a lost answer. */
  readonly quietMs: number
  /** It says that the device does not listen only after 50 ms: the last report is sure no earlier than this. */
  readonly sureMs: number
  /** How long a chip may be away after its outputs were set; kvmd waits as long for its port. */
  readonly restartMs: number
  readonly noteMaxMs: number
  readonly echo: EchoTimes
}

export const PIKVM_NUMBERS: PikvmNumbers = {
  replyMs: 200,
  lookEveryMs: 1000,
  silentAfter: 2,
  quietMs: 120,
  sureMs: 70,
  restartMs: 10_000,
  noteMaxMs: 600_000,
  echo: { holdMs: 40, gapMs: 500, ledWaitMs: 400, settleMs: 2000, ledPollMs: 20 },
}

export interface PikvmOptions extends PikvmSettings {
  /** The serial port, best by its name under /dev/serial/by-path. */
  readonly path: string
  readonly clock: Clock
  /** Folder for the note of an LED. */
  readonly stateDir: string
  readonly log?: DriverLog
  /** True: a port that is not there is an error at once and not the fact `gone`. */
  readonly required?: boolean
  readonly numbers?: Partial<PikvmNumbers>
}
