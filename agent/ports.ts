// Every interface to the world and between the rooms of the agent; types only, so that each side can be replaced.
import type { Action, Finding, PreCheck } from './core/facts.ts'
import type { BayId, InstantMs } from './core/ids.ts'
import type { Order } from './core/order.ts'
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
import type { Keyboard, Lamp, LinkSource, OperatorButton, Screen } from './ports/parts.ts'

export type { Clock, Ids, Source } from './ports/time.ts'

// --- Drivers ---------------------------------------------------------------------------------------------------------

export type {
  ButtonHealth,
  ButtonReport,
  Keyboard,
  KeyboardReport,
  Lamp,
  LampReport,
  LinkReport,
  LinkSource,
  Observation,
  OperatorButton,
  PlayAnswer,
  Scanner,
  ScannerHealth,
  ScanReport,
  Screen,
} from './ports/parts.ts'

/**
 * The way to a TPM: one whole command in, one whole response out, one in flight. Rejects with the signal's reason when it
 * aborts; with StationError DEVICE_TPM_SILENT when nobody answers any more, DEVICE_TPM_DATA when bytes are no response.
 */
export interface TpmTransport {
  send(command: Uint8Array, signal: AbortSignal): Promise<Uint8Array>
}

/** Checks the network of a bay before a key is pressed; findings only, it decides nothing. */
export interface NetworkCheck {
  /**
   * `tpmVendor`: TCG id of the vendor when a probe saw it; its addresses are required then. `controller`: what a hybrid
   * order says of its domain controllers, which are asked then; null for all other orders.
   */
  check(
    bay: BayId,
    signal: AbortSignal,
    tpmVendor?: string | null,
    controller?: { readonly host: string | null; readonly domain: string | null } | null,
  ): Promise<readonly Finding[]>
}

/** Whose a device is: the work orders as the bench asks them. */
export interface Orders {
  /** Resolves when files that changed until now are read, or after some seconds; left out where none can change. */
  fresh?(): Promise<void>
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

/** The service manager that started the station (sd_notify(3)). */
export interface Supervisor {
  /** Silence after which it ends this process, ms; null when it watches nothing. */
  readonly watchdogMs: number | null
  /**
   * Sends lines such as `READY=1`. Resolves with null when they were handed over, with the reason when they were not;
   * never rejects, because a station does not stop for lack of a listener.
   */
  tell(...lines: readonly string[]): Promise<string | null>
}

export type { AuditLog, AuditNote, AuditQuery, AuditReader, AuditRow } from './ports/audit.ts'
export type { Broker, BrokerSession, BrokerTerms, Incoming, Outgoing } from './ports/broker.ts'
export type {
  ChainEntry,
  Chained,
  Committed,
  DeviceHistory,
  Entry,
  EventRow,
  FigureQuery,
  FigureReader,
  FigureRow,
  Figures,
  Ledger,
  LedgerReader,
  OutboxRow,
  RunProof,
  Spread,
  StoredRun,
} from './ports/ledger.ts'
export type {
  Lease,
  LeaseDesk,
  LeaseTaken,
  PortControl,
  PortDesk,
  PortPower,
  PortRequest,
  PortWant,
} from './ports/local.ts'
export type {
  HookAnswer,
  HookChange,
  HookClient,
  HookDesk,
  HookQueue,
  HookReader,
  HookRow,
  HookState,
  HookTarget,
  HookView,
  LookupReader,
  OrderDesk,
  OrderProblem,
} from './ports/people.ts'
export type { LabelDesk, Printer } from './ports/printer.ts'
export type { ProbeCode, ProbeDesk, ProbeIntake, ProbeSession, TpmRelay } from './ports/probe.ts'

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
    | 'button'
    | 'screen'
    | 'disk'
    | 'uplink'
    | 'printer'
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
  /** Makes a code for a probe at a bay; it stands in the bay's view until it is used or too old. Absent: there are none. */
  probe?(bay: string, by: string): Promise<Taken>
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
  /** Buttons that answer the bay's question. */
  readonly buttons?: OperatorButton | null
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
