// The ports of the probe intake: a device that reports about itself and relays its TPM.
import type { BayId, InstantMs } from '../core/ids.ts'

/** The TPM of a device behind a probe: whole commands in, whole responses out, one in flight. */
export interface TpmRelay {
  /**
   * Rejects with the signal's reason when it aborts, else with a StationError: STATION_PROBE_COMMAND (on no list),
   * DEVICE_PROBE_GONE, DEVICE_PROBE_REFUSED (the device would not).
   */
  send(command: Uint8Array, signal: AbortSignal): Promise<Uint8Array>
}

/** A probe that was let in; everything it says belongs to this bay and run alone. */
export interface ProbeSession {
  readonly bay: BayId
  /** null until a run is open. */
  readonly run: string | null
  readonly address: string
  readonly relay: TpmRelay
  /** The measured boot log that the probe sent; null when it sent none. */
  readonly eventLog: Uint8Array | null
}

/** The station's side of the intake. */
export interface ProbeDesk {
  /** The run that is open in a bay now; null when there is none, or no such bay. */
  runOf(bay: BayId): string | null
  /**
   * The bay in whose own network a connection's far end is, where the config lets a probe in by that; else why not.
   * Without it every probe needs a code. Never rejects.
   */
  bayAt?(address: string): Promise<{ readonly bay: BayId } | { readonly refused: string }>
  /** The open code of a bay was made, used, or ran out. */
  codeChanged?(bay: BayId): void
  /** Takes what a probe says (lines of text, `drivers/probe/README.md`); resolves when it is committed. */
  report(session: ProbeSession, text: string): Promise<void>
  /** The probe relays its TPM; resolves when the station needs it no more. Never rejects. */
  relayed(session: ProbeSession, signal: AbortSignal): Promise<void>
}

/** What a person types at the device, or lets the bay's keyboard type. */
export interface ProbeCode {
  readonly bay: BayId
  readonly code: string
  readonly until: InstantMs
  readonly url: string
  /** SHA-256 of the intake's public key, base64. */
  readonly pin: string
  /** The whole line for a Linux live system, and for Windows PowerShell with probe.ps1 at hand. */
  readonly linux: string
  readonly windows: string
}

/** The listener on the device network. */
export interface ProbeIntake {
  readonly url: string
  readonly pin: string
  /** A code for the bay's open run, or for the next one; it takes the place of an older one. */
  issue(bay: BayId): ProbeCode
  /** The code of a bay that nobody has used yet; null when there is none. */
  openCode(bay: BayId): ProbeCode | null
  close(): Promise<void>
}
