// Every interface to the world and between the rooms of the agent; types only, so that each side can be replaced.
import type { Action, Fact, Finding, PreCheck } from './core/facts.ts'
import type { BayId, InstantMs } from './core/ids.ts'
import type { PlayRequest } from './core/key-script.ts'
import type { Order } from './core/order.ts'
import type { Alarm, Effect, Transition } from './core/output.ts'
import type { Fields, Page } from './core/pages.ts'
import type { RecordBody } from './core/record.ts'
import type { Signal } from './core/signals.ts'
import type { BayState } from './core/state.ts'
import type {
  AkSighting,
  ChainVerdict,
  EkCertificate,
  EkFinding,
  EkSighting,
  EkStrength,
  LogSighting,
  QuoteSighting,
  Seen,
  TpmProperties,
  TpmSighting,
  TpmTrouble,
} from './core/tpm/sighting.ts'
import type { BayView } from './core/view.ts'
import type { FaultCode } from './fault.ts'

// --- Time and chance -------------------------------------------------------------------------------------------------

export interface Clock {
  /** UTC wall clock, ms. */
  now(): InstantMs
  /** Monotonic, ms; only differences mean something. */
  mono(): number
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Runs `fn` once after `ms`; the answer cancels it. */
  after(ms: number, fn: () => void): () => void
  /** How many clock ms pass in one real ms: 1, or the speed of a virtual bench. */
  readonly rate: number
}

export interface Ids {
  /** A new id, `[0-9A-Za-z]{26}`, sortable by time; drawn from the seed on a virtual bench. */
  next(at: InstantMs): string
}

/** Facts until the signal aborts; lost hardware is a fact, never a throw (architecture: engine rule 9). */
export interface Source<T> {
  watch(signal: AbortSignal): AsyncIterable<T>
}

// --- Drivers ---------------------------------------------------------------------------------------------------------

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
  /** Shows a signal until the next one. Rejects with STATION_LAMP_GONE; the lamp is never a reason to stop a bay. */
  show(signal: Signal): Promise<void>
  close(): Promise<void>
}

/** Raw text of one scan, control characters already stripped of framing (CR, LF, STX, ETX). */
export interface ScanReport {
  readonly text: string
  readonly at: InstantMs
}
export interface ScannerHealth {
  readonly health: 'ok' | 'gone'
  readonly at: InstantMs
}
export type Scanner = Source<ScanReport | ScannerHealth>

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

/** Checks the network of a bay before a key is pressed; findings only, it decides nothing. */
export interface NetworkCheck {
  check(bay: BayId, signal: AbortSignal): Promise<readonly Finding[]>
}

/** Whose a device is: the work orders as the bench asks them. */
export interface Orders {
  lookup(
    serial: string,
    bayOrder: string | null,
  ): {
    readonly order: Order | null
    readonly otherOrder: string | null
    readonly listed: boolean
  }
  /** The ZtdId (lower case) that the order names for this serial number, or null when it names none. */
  ztdOf(serial: string): string | null
}

export interface HostFacts {
  /** Free bytes on the disk of `path`. */
  diskFree(path: string): Promise<number>
  /** Findings about disk, clock and memory for the pre-check. */
  findings(): Promise<readonly Finding[]>
  /** Kernel boot id: another one means that the PC itself was restarted. */
  bootId(): string
}

// --- Probe -----------------------------------------------------------------------------------------------------------

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
  close(): Promise<void>
}

// --- Broker ----------------------------------------------------------------------------------------------------------

/** One message to the broker. */
export interface Outgoing {
  readonly topic: string
  /** JSON text. */
  readonly payload: string
  readonly qos: 0 | 1
  readonly retain: boolean
  /** MQTT 5 only; dropped on 3.1.1. */
  readonly correlation?: Uint8Array
}

/** One message from the broker. */
export interface Incoming {
  readonly topic: string
  readonly payload: Uint8Array
  readonly retain: boolean
  /** MQTT 5 only; null on 3.1.1. */
  readonly responseTopic: string | null
  readonly correlation: Uint8Array | null
}

/** What a new connection is good for. */
export interface BrokerTerms {
  readonly version: 4 | 5
  /** QoS 1 messages that may wait for their PUBACK. */
  readonly inFlightMax: number
  /** The very first try after a loss succeeded: the broker was alive all the time and dropped us on purpose. */
  readonly firstTry: boolean
}

/** What the owner of the connection is asked and told; no call may throw. */
export interface BrokerSession {
  /** Topic filters, subscribed at every connect before `connected` is told. */
  readonly subscriptions: readonly string[]
  /** Rendered anew for each try to connect. */
  will(): Outgoing
  connected(terms: BrokerTerms): void
  /** The connection is gone; every publish in flight rejects. */
  lost(): void
  message(message: Incoming): void
  /** Why there is no connection: BACKEND_BROKER_DOWN or BACKEND_BROKER_REFUSED; told once per change. */
  trouble(code: FaultCode, detail: string): void
}

/** A connection to an MQTT broker that mends itself; it queues nothing (architecture: engine rule 8). */
export interface Broker {
  readonly state: 'connected' | 'connecting' | 'refused'
  /** Connects, and again after each loss, until the signal aborts; resolves then, never rejects. */
  run(session: BrokerSession, signal: AbortSignal): Promise<void>
  /**
   * Resolves when the broker took it (QoS 1: PUBACK).
   * @throws StationError BACKEND_BROKER_DOWN not connected, or lost before the answer;
   *   BACKEND_MESSAGE_REFUSED the broker said no to this message
   */
  publish(message: Outgoing): Promise<void>
  /** Says goodbye, so that the will is not sent; `run` then ends. */
  disconnect(): Promise<void>
}

// --- Ledger ----------------------------------------------------------------------------------------------------------

/** Everything of one step, for one transaction. */
export interface Entry {
  readonly bay: BayId
  /** The stamped input as journalled. */
  readonly input: {
    readonly input: number
    readonly at: InstantMs
    readonly uid: string
    readonly fact: Fact
  }
  /** The state after the step, `writeState`. */
  readonly state: string
  readonly phase: string
  readonly run: string | null
  readonly serial: string | null
  /** Edges issued with this commit (plays and checks), for the restart. */
  readonly effects: readonly Effect[]
  readonly record: RecordBody | null
  readonly transition: Transition | null
  readonly alarms: readonly Alarm[]
}

/** One link of the hash chain: over digests, not bodies (architecture: engine rule 7). */
export interface ChainEntry {
  readonly seq: number
  readonly kind: 'record' | 'annotation' | 'audit' | 'erasure'
  readonly digest: string
  readonly prev: string
}
export interface Chained {
  readonly entry: ChainEntry
  /** SHA-256 (hex) of the entry as RFC 8785 JSON: the `prev` of the next one. */
  readonly head: string
}

export interface Committed {
  /** Highest outbox row number committed so far (the `seq` of retained topics). */
  readonly seq: number
  readonly chain: Chained | null
}

export interface Ledger {
  readonly epoch: string
  /** When it resolves, the whole step survives a power cut. Rejects with STATION_LEDGER_* and nothing is changed. */
  commit(entry: Entry): Promise<Committed>
  /** The latest state text per bay, at start. */
  states(): Promise<ReadonlyMap<string, string>>
  /** Boot counters: +1 for each bay now, answer the counts; a bay's first commit clears its own. */
  countBoot(bays: readonly BayId[]): Promise<ReadonlyMap<string, number>>
  /** Adds an annotation to a device's history and the chain (alarm after reseal, late confirmation). */
  annotate(
    serial: string,
    kind: string,
    at: InstantMs,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Committed>
  /** Outbox rows from `after` on that are neither sent nor parked, oldest first. */
  unsent(after: number, max: number): Promise<readonly OutboxRow[]>
  markSent(seqs: readonly number[]): Promise<void>
  park(seq: number, why: string): Promise<void>
  /** Highest outbox row number committed so far. */
  seq(): Promise<number>
  close(): Promise<void>
}

export interface OutboxRow {
  readonly seq: number
  /** The epoch it was written in, kept over a restore. */
  readonly epoch: string
  /** Below the prefix: `records/<run>`, `events`, `alarms`. */
  readonly topic: string
  readonly at: InstantMs
  /** The payload without its envelope. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface StoredRun {
  readonly seq: number
  readonly record: RecordBody
  readonly chain: Chained
  /** In a walk: the entries of the chain since the run before (annotations, audit), so that a missing run shows. */
  readonly between?: readonly ChainEntry[]
}

export interface DeviceHistory {
  readonly runs: readonly StoredRun[]
  readonly annotations: readonly {
    readonly kind: string
    readonly at: string
    readonly body: Readonly<Record<string, unknown>>
  }[]
  /** Bay and phase of an open run of this serial, if there is one. */
  readonly open: { readonly bay: string; readonly phase: string; readonly run: string } | null
}

export interface EventRow {
  readonly seq: number
  readonly epoch: string
  readonly at: InstantMs
  readonly topic: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Read-only view on its own connection. */
export interface LedgerReader {
  device(serial: string): Promise<DeviceHistory>
  run(run: string): Promise<StoredRun | null>
  /** Closed runs, newest first; `before` is the `seq` of the last one of the page before. */
  runs(query: {
    readonly before?: number
    readonly max: number
    readonly serial?: string
    readonly verdict?: string
    readonly bay?: string
    readonly since?: InstantMs
    readonly until?: InstantMs
  }): Promise<readonly StoredRun[]>
  /** Every closed run in chain order, in constant memory. */
  walk(range: { readonly since?: InstantMs; readonly until?: InstantMs }): AsyncIterable<StoredRun>
  /** Outbox rows after `seq`, sent or not, for resuming event streams. */
  events(after: number, max: number): Promise<readonly EventRow[]>
  /** How long provisioning took in the last runs that ended green, ms, newest first. */
  provisionTimes(max: number): Promise<readonly number[]>
  /** Closed runs per serial, for the attempt number. */
  runsBefore(serial: string): Promise<number>
  /** Runs, verdict counts, backlog of the outbox, oldest unsent at. */
  totals(): Promise<{
    readonly runs: number
    readonly verdicts: Readonly<Record<string, number>>
    readonly unsent: number
    readonly parked: number
    readonly oldestUnsentAt: InstantMs | null
    readonly head: string
    readonly resealedToday: number
  }>
  close(): Promise<void>
}

// --- Between the rooms -----------------------------------------------------------------------------------------------

/** How something a person did was taken; `refused` and `stale` carry a code of agent/fault.ts. */
export interface Taken {
  readonly taken: 'taken' | 'same' | 'stale' | 'refused'
  readonly code?: FaultCode
  readonly bay?: BayId
  readonly detail?: string
}

export interface Health {
  readonly part:
    | 'ledger'
    | 'broker'
    | 'keyboard'
    | 'link'
    | 'lamp'
    | 'scanner'
    | 'screen'
    | 'disk'
    | 'uplink'
    | 'bay'
  readonly bay: BayId | null
  readonly ok: boolean
  readonly code: FaultCode | null
  readonly since: InstantMs
  readonly detail: string
}

/** What board, MQTT, scanners and the simulated operator may do with the bench. */
export interface BenchControl {
  bays(): readonly BayView[]
  bay(bay: string): BayView | null
  /** Highest committed outbox number when the views were rendered. */
  seq(): number
  answer(
    bay: string,
    prompt: string,
    answer: string,
    by: string,
    text?: string,
    given?: InstantMs,
  ): Promise<Taken>
  undo(bay: string, prompt: string, by: string): Promise<Taken>
  act(bay: string, action: Action, by: string): Promise<Taken>
  /** A scan or typed text; `bay` when it was made at a certain bay. Routed by its content, never silently to the wrong bay. */
  scan(text: string, by: string, bay?: string): Promise<Taken>
  health(): readonly Health[]
  /** Called after every commit and health change with the bay that changed, or null for the station. */
  subscribe(fn: (bay: string | null) => void): () => void
}

export interface Publisher {
  readonly state: 'connected' | 'connecting' | 'refused'
  start(signal: AbortSignal): Promise<void>
  /** Clean stop: drains for at most `ms`, publishes `stopped`. */
  stop(ms: number): Promise<void>
}

/** Where a health report goes; the bench keeps the latest per part. */
export type ReportHealth = (health: Omit<Health, 'since'>) => void

/** The parts of one bay, opened by station.ts. */
export interface BayParts {
  readonly bay: BayId
  readonly link: LinkSource
  readonly keyboard: Keyboard | null
  readonly lamp: Lamp
  readonly screen: Screen | null
}

/** Drivers see the core's types through here alone. */
export type {
  AkSighting,
  BayId,
  BayState,
  ChainVerdict,
  EkCertificate,
  EkFinding,
  EkSighting,
  EkStrength,
  Finding,
  InstantMs,
  LogSighting,
  PreCheck,
  QuoteSighting,
  Seen,
  Signal,
  TpmProperties,
  TpmSighting,
  TpmTrouble,
}
