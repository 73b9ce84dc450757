// The parts of a bay as the bench knows them: link, keyboard, lamp, scanner, buttons, screen.
import type { InstantMs } from '../core/ids.ts'
import type { PlayRequest } from '../core/key-script.ts'
import type { Fields, Page } from '../core/pages.ts'
import type { Signal } from '../core/signals.ts'
import type { FaultCode } from '../fault.ts'
import type { Source } from './time.ts'

/**
 * The first report of a watch is the present state. `up` may come again with another speed, or with one that was not
 * known at first; a flap that only the counters saw is `down` and `up` with the count, at the same time.
 */
export type LinkReport =
  | {
      readonly kind: 'link'
      readonly link: 'up' | 'down' | 'gone' | 'back'
      readonly speed?: number
      readonly downs?: number
      readonly at: InstantMs
    }
  | { readonly kind: 'mac'; readonly mac: string; readonly at: InstantMs }
export type LinkSource = Source<LinkReport>

export interface KeyboardReport {
  readonly kind: 'keyboard'
  readonly enumerated: boolean | null
  readonly health: 'ok' | 'silent' | 'gone'
  /** Lock LEDs: bit 0 Num, 1 Caps, 2 Scroll; null when unknown. */
  readonly leds: number | null
  /** Why it is gone when it is not just missing: its port is held by another program, or denied. */
  readonly code?: FaultCode
  readonly at: InstantMs
}

/** What a transport proved of a burst. It throws a StationError only when the transport is gone. */
export interface PlayAnswer {
  readonly proof: 'accepted' | 'delivered' | 'unknown'
  /** Lock-key echo: the LED answered the press. */
  readonly echo?: boolean
}

export interface Keyboard extends Source<KeyboardReport> {
  /**
   * Plays the reports in order with their pauses; the last is release-all. An abort ends with release-all and answers
   * `unknown` within 1 s. One play at a time.
   * @throws StationError STATION_KEYBOARD_* when the transport is gone
   */
  play(request: PlayRequest, signal: AbortSignal): Promise<PlayAnswer>
  /** Lock-key echo: presses the lock key twice, spaced, and says whether the LED followed; the LED is restored. */
  echo(signal: AbortSignal): Promise<PlayAnswer>
  /** All keys up; resolves when the transport took it. Never waits for a commit. */
  releaseAll(): Promise<void>
}

export interface Lamp {
  /**
   * Shows a signal until the next one. Rejects with STATION_LAMP_* or STATION_HID_*; the lamp is never a reason to stop a
   * bay. One that was lost shows the last signal asked for as soon as it is back.
   */
  show(signal: Signal): Promise<void>
  /** Goes dark. */
  close(): Promise<void>
  /** Tells when the lamp itself is lost and back; absent for lamps that cannot be lost. */
  watch?(signal: AbortSignal): AsyncIterable<LampReport>
}
export interface LampReport {
  readonly health: 'ok' | 'gone'
  /** Why it is gone. */
  readonly code: FaultCode | null
  readonly detail: string
  readonly at: InstantMs
}

/** Raw text of one scan, control characters already stripped of framing (CR, LF, STX, ETX). */
export interface ScanReport {
  readonly text: string
  readonly at: InstantMs
}
export interface ScannerHealth {
  readonly health: 'ok' | 'gone'
  /** Why it is gone when it is not just missing; as of a keyboard. */
  readonly code?: FaultCode
  readonly at: InstantMs
}
export type Scanner = Source<ScanReport | ScannerHealth>

/** One press of a bay's button. `key`: which button of the device, counted from 0, in the order they stand. */
export interface ButtonReport {
  readonly kind: 'button'
  /** `long`: held for 2 s, told when the 2 s are over and not at the release; never followed by a `short`. */
  readonly press: 'short' | 'long'
  readonly key: number
  /** When the key went down. */
  readonly at: InstantMs
}
export interface ButtonHealth {
  readonly health: 'ok' | 'gone'
  /** How many buttons the device has; 1 when it is not told. */
  readonly keys?: number
  /** Why it is gone when it is not just missing; as of a keyboard. */
  readonly code?: FaultCode
  readonly at: InstantMs
}
/** The buttons of one bay, debounced by the driver; what a press answers is the bench's work. */
export type OperatorButton = Source<ButtonReport | ButtonHealth>

export interface Observation {
  readonly page: Page
  readonly fields: Fields
  readonly at: InstantMs
  readonly frameRef: string
}
export interface Screen {
  /**
   * The next observation. Without `after`: what is there now. With it: waits until the page or its fields differ from
   * that observation. Rejects with STATION_SCREEN_GONE, or when the signal aborts.
   */
  look(after: Observation | null, signal: AbortSignal): Promise<Observation>
}
