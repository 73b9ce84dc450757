// Everything that can be set of a CH9329 keyboard, with the defaults and where their numbers come from.
import type { Clock } from '../../agent/ports.ts'
import type { GuiEncoding } from './ch9329-codec.ts'
import { BAUDS } from './ch9329-setup.ts'
import type { EchoTimes, LockKey } from './lock-echo.ts'

/** What a driver tells the log; a pino logger fits. */
export interface DriverLog {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
}

export interface Ch9329Settings {
  /** A fixed speed; without it 9600 and 115200 are tried. */
  readonly baud?: number
  /** How the left Windows key is encoded: modifier bit 08, or usage E3 in the key array. */
  readonly gui?: GuiEncoding
  /** The lock key of the echo. Scroll Lock is the one that nothing else uses. */
  readonly echoKey?: LockKey
  /** Whether keyboard-only mode may be written to the chip; it is verified in any case. */
  readonly setMode?: boolean
}

export interface Ch9329Numbers {
  /** An answer that is not there by then counts as none; One-KVM waits as long (facts/hardware §3.1). */
  readonly replyMs: number
  /** The same while the speed is searched: a round trip at 9600 baud is 22 ms, a slow USB hub adds some. */
  readonly probeMs: number
  /** How often an idle chip is asked whether the device has enumerated it. */
  readonly infoEveryMs: number
  /** Unanswered questions in a row after which the chip counts as silent: one may be an accident of the wire. */
  readonly silentAfter: number
  /** How long a chip is left alone after a reset; One-KVM waits as long. */
  readonly resetWaitMs: number
  /**
   * A chip that was enumerated and has not been for this long is reset: after a restart of the device some need a replug
   * (facts/hardware §3.1, d). The next resets come after 2, 4, … 32 times as long. 0: never.
   */
  readonly cureAfterMs: number
  /** A note about the LED found before an echo that is older than this says nothing about the device there now. */
  readonly noteMaxMs: number
  readonly echo: EchoTimes
}

export const CH9329_NUMBERS: Ch9329Numbers = {
  replyMs: 500,
  probeMs: 150,
  infoEveryMs: 1000,
  silentAfter: 2,
  resetWaitMs: 3000,
  // Longer than the off-proof's hold of 45 s, so that a reset does not fall into it.
  cureAfterMs: 90_000,
  noteMaxMs: 600_000,
  echo: { holdMs: 40, gapMs: 500, ledWaitMs: 400, settleMs: 2000, ledPollMs: 20 },
}

export interface Ch9329Options extends Ch9329Settings {
  /** The serial port, best by its name under /dev/serial/by-path: the chip's USB side has no serial number. */
  readonly path: string
  readonly clock: Clock
  /** Folder for the backup of the chip's settings and the note of an LED. */
  readonly stateDir: string
  readonly log?: DriverLog
  /** True: a port that is not there is an error at once and not the fact `gone`. */
  readonly required?: boolean
  readonly numbers?: Partial<Ch9329Numbers>
}

export const baudsOf = (settings: Ch9329Settings): readonly number[] =>
  settings.baud === undefined ? BAUDS : [settings.baud]

/** A file name for the part at a port: `/dev/serial/by-path/pci-0000:00` → `dev_serial_by-path_pci-0000_00`. */
export const fileNameOf = (path: string): string =>
  path.replace(/^\/+/, '').replace(/[^A-Za-z0-9.-]+/g, '_')
