// Things that happen at a bay by accident, at the moment drawn for the device: pulled cables, failing parts, a swap.
import type { Clock } from '../../agent/ports.ts'
import type { VirtualBay } from './bay.ts'
import type { VirtualBench } from './bench.ts'
import { CABLES, type Cable, type SimDevice } from './device.ts'
import { SuccessPage } from './pages-result.ts'
import type { Mishap, MishapTime } from './spec.ts'

export interface MishapHands {
  /** Ends the run by a person's word. */
  readonly abort: (bay: VirtualBay) => void
  readonly outOfService: (bay: VirtualBay) => void
  /** Takes this device away and puts the next one in its place. */
  readonly swap: (bay: VirtualBay) => void
}

/** Between the network cable and the others when a hand pulls one after another [chosen]. */
const NEXT_CABLE_MS = 1200
const TIMES: Readonly<Record<string, MishapTime>> = {
  options: 'options',
  landing: 'landing',
  provisioning: 'provisioning',
  success: 'result',
  failure: 'result',
}

/** Watches the bench and lets each device's mishap happen once. */
export class Mishaps {
  readonly #clock: Clock
  readonly #bench: VirtualBench
  readonly #hands: MishapHands
  readonly #begun = new WeakSet<SimDevice>()

  constructor(clock: Clock, bench: VirtualBench, hands: MishapHands) {
    this.#clock = clock
    this.#bench = bench
    this.#hands = hands
  }

  /** Called with every change of a bay, and when a device was plugged in (`time`). */
  at(bay: VirtualBay, time: MishapTime | undefined = TIMES[bay.device?.page.name ?? '']): void {
    const device = bay.device
    const mishap = device?.spec.mishap
    if (!device || !mishap || this.#begun.has(device)) return
    if (mishap.kind === 'pull-at-shutdown') this.#atShutdown(bay, device)
    else if (mishap.kind === 'swap') this.#atRestart(bay, device)
    else if ('when' in mishap && mishap.when === time) {
      this.#begun.add(device)
      this.#clock.after(mishap.afterMs, () => {
        if (bay.device === device) this.#happen(bay, device, mishap)
      })
    }
  }

  #happen(bay: VirtualBay, device: SimDevice, mishap: Mishap): void {
    device.truth.tell(`mishap: ${mishap.kind}`)
    switch (mishap.kind) {
      case 'pull': {
        const cables: readonly Cable[] = mishap.what === 'all' ? CABLES : [mishap.what]
        const wasOn = device.isOn
        if (mishap.what === 'all') this.#markIfLikeShutdown(bay, device)
        device.pull(cables)
        if (mishap.backMs !== null)
          this.#clock.after(mishap.backMs, () => {
            if (bay.device !== device) return
            device.plug(cables)
            if (wasOn && device.truth.read().resealedAt.length === 0) device.powerOn()
          })
        return
      }
      case 'part':
        bay.break(mishap.part, true)
        this.#clock.after(mishap.forMs, () => bay.break(mishap.part, false))
        return
      case 'abort':
        this.#hands.abort(bay)
        return
      case 'out-of-service':
        this.#hands.outOfService(bay)
        return
      default:
    }
  }

  /** With no capture, every cable pulled after Reseal looks like a shutdown, whether the key took effect or was lost. */
  #markIfLikeShutdown(bay: VirtualBay, device: SimDevice): void {
    if (this.#bench.hasCapture(bay.bay) || !(device.page instanceof SuccessPage)) return
    if (device.page.isLeaving || device.truth.read().reportsDropped > 0)
      device.truth.indistinguishable('pulled-at-shutdown')
  }

  /** Every cable and the power in the seconds between the Reseal key and its effect. */
  #atShutdown(bay: VirtualBay, device: SimDevice): void {
    if (!(device.page instanceof SuccessPage) || !device.page.isLeaving) return
    this.#begun.add(device)
    const hasCapture = this.#bench.hasCapture(bay.bay)
    device.truth.tell('mishap: every cable pulled after Reseal')
    // A capture shows a picture until its own cable goes: there the order of wire and dark tells the truth.
    this.#clock.after(NEXT_CABLE_MS, () => {
      if (!(device.page instanceof SuccessPage)) return
      device.pull(['link'])
      if (hasCapture) this.#clock.after(NEXT_CABLE_MS, () => this.#cut(device))
      else this.#cut(device)
    })
    if (!hasCapture) device.truth.indistinguishable('pulled-at-shutdown')
  }

  #cut(device: SimDevice): void {
    device.pull(CABLES)
    device.powerOff()
  }

  /** While the device restarts in the middle of provisioning, and is dark, somebody takes the wrong one. */
  #atRestart(bay: VirtualBay, device: SimDevice): void {
    const { story } = device.truth.read()
    // A device that comes again was made as new: what was pressed in its life before does not count.
    const pressed = story.findLastIndex((line) => line.includes('pressed provision'))
    const isInside =
      pressed >
      story.findLastIndex((line) => line === 'made as new' || line.endsWith(' made as new'))
    if (device.page.name !== 'dark' || !device.isOn || pressed < 0 || !isInside) return
    this.#begun.add(device)
    device.truth.tell('mishap: swapped for another device')
    this.#clock.after(NEXT_CABLE_MS, () => {
      if (bay.device === device) this.#hands.swap(bay)
    })
  }
}
