// What a simulated device is, drawn once and never changed: the device's own moving state stands in device.ts.
import type { Observation } from '../../agent/ports.ts'

export type Page = Observation['page']
export type Fields = Observation['fields']
export type Windows = NonNullable<Fields['windows']>
export type Focus = NonNullable<Fields['focus']>

/** One line of the enrolment status page; `restartMs`: the device restarts after it, link down for so long. */
export interface Segment {
  readonly activity: string
  readonly ms: number
  readonly restartMs?: number
}

/** How one try of provisioning ends; a Retry on the red page is the next try. */
export type Outcome =
  | { readonly kind: 'green' }
  /** `at`: index of the segment that fails. */
  | { readonly kind: 'red'; readonly code: string; readonly at: number }
  | { readonly kind: 'hang'; readonly at: number }

/** What stands on the screen instead of the first pages. */
export type Obstacle = 'bitlocker' | 'firmware' | 'boot-error' | 'desktop'

/** What the wire does when the device goes off (facts/autopilot §3.3, hardware §6.4). */
export type Shutdown = 'drop' | 'speed-100' | 'stays'

export interface DeviceSpec {
  readonly n: number
  /** As printed on the label. */
  readonly serial: string
  readonly manufacturer: string
  readonly model: string
  readonly mac: string
  readonly windows: Windows
  readonly language: Language
  /** Runs on when all cables are pulled. */
  readonly battery: boolean
  readonly order: string
  /** Null: not registered. */
  readonly ztdId: string | null
  readonly organisation: string
  /** Empty: no profile assigned, Next stays disabled. */
  readonly profile: string
  readonly user: string
  /** The right names appear only after so many presses of Refresh. */
  readonly refreshes: number
  /** Names on the green page differ from the configuration page. */
  readonly greenDiffers: boolean
  readonly resealedBefore: boolean
  readonly associated: boolean
  /** Win x5 on the region page opens the menu of 2026 (facts/autopilot §0, 1). */
  readonly menu2026: boolean
  readonly exportLogs: boolean
  readonly firstPages: readonly Page[]
  /** Tabs until the focus stands inside the sign-in page. */
  readonly signinTabs: number
  readonly bootMs: number
  /** Critical updates before the first page: each one restarts the device. */
  readonly updates: readonly { readonly ms: number; readonly downMs: number }[]
  readonly obstacle: Obstacle | null
  readonly keyboardInFirmware: boolean
  /** From enumeration until the keyboard driver takes reports. */
  readonly driverMs: number
  /** Always-on USB: the keyboard stays enumerated when the device is off. */
  readonly usbWhenOff: boolean
  /** Share of reports that the chip answers with ok and loses. */
  readonly dropShare: number
  /** The chip loses the Enter on Reseal. */
  readonly dropsReseal: boolean
  readonly locks: number
  readonly landingMs: number
  /** No internet at the configuration page, for the first so many times. */
  readonly offline: number
  /** So many looks at the bay's network find no uplink before it is there. */
  readonly networkHolds: number
  /** A stop more between Cancel and Next in the options. */
  readonly extraStop: boolean
  readonly redFocus: Focus
  readonly segments: readonly Segment[]
  readonly outcomes: readonly Outcome[]
  /** The page of the result carries a QR code (facts/autopilot §1, 6). */
  readonly resultQr: boolean
  readonly resealDelayMs: number
  readonly resealMs: number
  readonly shutdown: Shutdown
  /** From the dark screen until the wire shows it. */
  readonly wireOffMs: number
  /** Switches itself on so long after it was resealed. */
  readonly wakesAfterMs: number | null
  /** The lid falls shut so long after provisioning began. */
  readonly sleepsAfterMs: number | null
  /** It could be resealed by the rules as it stands: `failed` would be wrong. */
  readonly provisionable: boolean
  readonly mishap: Mishap | null
}

/** What a person does to the device at a drawn moment. */
export type Mishap =
  | {
      readonly kind: 'pull'
      readonly what: 'link' | 'keyboard' | 'all'
      readonly when: MishapTime
      readonly afterMs: number
      readonly backMs: number | null
    }
  /** Another device stands in the bay after a restart. */
  | { readonly kind: 'swap' }
  /** Says green when it is not, and dark when it is not: nothing outside can tell. */
  | { readonly kind: 'false-word' }
  /** Pulls every cable in the seconds after Reseal, before it took effect. */
  | { readonly kind: 'pull-at-shutdown' }
  /** A part of the bench fails and comes back. */
  | {
      readonly kind: 'part'
      readonly part: 'keyboard' | 'silent' | 'link' | 'screen'
      readonly when: MishapTime
      readonly afterMs: number
      readonly forMs: number
    }
  | { readonly kind: 'abort'; readonly when: MishapTime; readonly afterMs: number }
  | { readonly kind: 'out-of-service'; readonly when: MishapTime; readonly afterMs: number }
export type MishapTime = 'plugged' | 'options' | 'landing' | 'provisioning' | 'result'

export type Language = 'en' | 'de' | 'fr' | 'es'

/** A work order of the virtual bench, in the terms of station-config's orders. */
export interface VirtualOrder {
  readonly order: string
  readonly customer: string
  readonly tenantDomain: string
  readonly profile: string
  readonly user: string
  readonly models: readonly string[]
  readonly join: 'entra' | 'hybrid'
  readonly pageTimeoutMs: number
}
