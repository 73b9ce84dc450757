// A small PC for the core's properties: pages, focus and the counting rule of the left Windows key, driven by real reports.
import type { KeyReport } from '../../../agent/core/key-script.ts'
import type { Fields, Page } from '../../../agent/core/pages.ts'

export type Variant = 'ours' | 'resealed' | 'menu-2026' | 'associated'
export interface DeviceSpec {
  readonly serial: string
  readonly ztdId: string
  readonly mac: string
  readonly windows: 10 | 11
  readonly variant: Variant
  /** What each try of provisioning ends with: null is green. */
  readonly outcomes: readonly (string | null)[]
  readonly provisionMs: number
  readonly restarts: number
  readonly wrongProfile: 'never' | 'first' | 'always'
  /** After Reseal the link stays at this many Mb/s; null: it goes down. */
  readonly offSpeed: number | null
  readonly extraTab: boolean
}
/** What keys really did to it, kept apart from what the bay believes. */
export interface Truth {
  resealed: number
  /** Reset pressed by a key. */
  resets: number
  /** Any press in a menu that nobody knows. */
  menuNexts: number
  /** A Space that pressed a button. */
  blind: number
}

const NAMES = { organisation: 'contoso.com', profile: 'Kiosk', user: 'a@contoso.com' }

export class Device {
  readonly spec: DeviceSpec
  readonly truth: Truth = { resealed: 0, resets: 0, menuNexts: 0, blind: 0 }
  page: Page = 'dark'
  on = false
  /** Presses of the left Windows key since another key. */
  count = 0
  focus: NonNullable<Fields['focus']> = 'list'
  selected = -1
  loads = 0
  tries = 0
  /** What happens next by itself: after ms, this. */
  next: { readonly ms: number; readonly do: () => void } | null = null

  constructor(spec: DeviceSpec) {
    this.spec = spec
  }

  boot(): void {
    this.on = true
    this.page = this.spec.variant === 'associated' && this.tries > 0 ? 'provisioning' : 'signin'
    this.next =
      this.spec.variant === 'associated'
        ? { ms: 60_000, do: () => this.#show('provisioning') }
        : null
  }

  get entries(): readonly string[] {
    const ours =
      this.spec.windows === 11
        ? 'Pre-provision with Windows Autopilot'
        : 'Windows Autopilot provisioning'
    return this.spec.variant === 'resealed'
      ? ['Install provisioning package', 'Reset']
      : ['Install provisioning package', ours, 'Reset']
  }

  fields(): Fields {
    const { page, spec } = this
    const ztd = `{"ZtdId":"${spec.ztdId}"}`
    if (page === 'menu') return { entries: ['Scan QR code', 'Export device information'] }
    if (page === 'options')
      return {
        windows: spec.windows,
        entries: this.entries,
        focus: this.focus,
        nextEnabled: this.selected >= 0,
        ...(this.selected >= 0 ? { selected: this.entries[this.selected] as string } : {}),
      }
    if (page === 'landing') {
      const wrong =
        spec.wrongProfile === 'always' || (spec.wrongProfile === 'first' && this.loads < 2)
      return { ...NAMES, profile: wrong ? 'Other' : NAMES.profile, qr: ztd, focus: this.focus }
    }
    if (page === 'success') return { ...NAMES, qr: ztd, focus: 'reseal' }
    if (page === 'failure')
      return {
        code: spec.outcomes[Math.min(this.tries, spec.outcomes.length) - 1] ?? '',
        focus: this.focus,
      }
    if (page === 'provisioning') return { activity: `step ${this.tries}` }
    return {}
  }

  /** Takes reports as a PC does: a key acts when it goes down, the Windows key counts when it comes up. */
  take(reports: readonly KeyReport[]): void {
    let down = 0
    for (const { bytes } of reports) {
      const key = bytes[2] === 0 ? (bytes[0] === 0x08 ? 0xe3 : 0) : bytes[2]
      if (key !== 0 && key !== down && key !== 0xe3) this.#key(key)
      if (key === 0 && down !== 0) this.#keyUp(down)
      down = key
    }
  }

  #keyUp(key: number): void {
    this.count = key === 0xe3 ? this.count + 1 : 0
    if (this.count < 5 || this.page !== 'signin') return
    this.count = 0
    if (this.spec.variant === 'menu-2026') this.#show('menu')
    else this.#show('options')
  }

  #show(page: Page): void {
    this.page = page
    this.next = null
    this.focus = page === 'failure' ? 'retry' : page === 'options' ? 'list' : 'other'
    if (page === 'options') {
      this.#cursor = 0
      this.selected = this.spec.windows === 10 ? 0 : -1
    }
    if (page === 'landing') {
      this.loads++
      this.focus = 'other'
    }
  }

  #ring(): readonly NonNullable<Fields['focus']>[] {
    switch (this.page) {
      case 'options':
        return this.spec.extraTab
          ? ['list', 'cancel', 'other', 'next']
          : ['list', 'cancel', ...(this.selected >= 0 ? (['next'] as const) : [])]
      case 'landing':
        return ['other', 'refresh', ...(this.spec.extraTab ? (['cancel'] as const) : []), 'next']
      case 'failure':
        return ['retry', 'reset']
      default:
        return ['other']
    }
  }

  #key(key: number): void {
    const ring = this.#ring()
    if (key === 0x2b) this.focus = ring[(ring.indexOf(this.focus) + 1) % ring.length] ?? 'other'
    else if (key === 0x51 && this.page === 'options' && this.focus === 'list') {
      this.#cursor = Math.min(this.#cursor + 1, this.entries.length - 1)
      if (this.spec.windows === 10) this.selected = this.#cursor
    } else if (key === 0x2c && this.page === 'options' && this.focus === 'list')
      this.selected = this.#cursor
    else if (key === 0x28 || key === 0x2c) this.#press(key === 0x28)
  }
  #cursor = 0

  #press(enter: boolean): void {
    const { page, focus } = this
    if (!enter && page !== 'signin') this.truth.blind++
    if (page === 'menu') this.truth.menuNexts++
    else if (page === 'options' && focus === 'next') {
      const entry = this.entries[this.selected] ?? ''
      if (entry === 'Reset') this.#resetByKey()
      else if (entry.includes('Autopilot')) this.#show('landing')
    } else if (page === 'options' && focus === 'cancel') this.#show('signin')
    else if (page === 'landing' && focus === 'refresh') this.#show('landing')
    else if (page === 'landing' && focus === 'next') this.provision()
    else if (page === 'success') this.#reseal()
    else if (page === 'failure' && focus === 'retry') this.provision()
    else if (page === 'failure' && focus === 'reset') this.#resetByKey()
  }

  #resetByKey(): void {
    this.truth.resets++
    this.reset()
  }

  /** A person resets it. */
  reset(): void {
    this.#show('resetting')
    this.next = { ms: 300_000, do: () => this.#show('signin') }
  }

  provision(): void {
    this.tries++
    this.#show('provisioning')
    const end = this.spec.outcomes[Math.min(this.tries, this.spec.outcomes.length) - 1] ?? null
    this.next = {
      ms: this.spec.provisionMs,
      do: () => this.#show(end === null ? 'success' : 'failure'),
    }
  }

  /** Told to the world when the link must fall. */
  offAt: number | null = null
  #reseal(): void {
    this.truth.resealed++
    this.page = 'dark'
    this.on = false
    this.offAt = 1500
    this.next = null
  }
}
