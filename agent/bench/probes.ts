// What a probe says, handed to its bay in order: a sign of life, who it is, what it saw, and the verdict on its TPM.
import type { Evidence } from '../core/evidence.ts'
import type { Fact, Finding, TpmFact } from '../core/facts.ts'
import type { BayId } from '../core/ids.ts'
import type { BayState } from '../core/state.ts'
import type { BayView } from '../core/view.ts'
import { isStationError } from '../fault.ts'
import type { Clock, ProbeIntake, Taken } from '../ports.ts'
import type { Identity } from './identity.ts'

/** What SMBIOS says of the device in the bay. */
export interface ProbedDevice {
  readonly serial: string | null
  readonly manufacturer: string | null
  readonly model: string | null
}

export type ProbeCodes = Pick<ProbeIntake, 'issue' | 'openCode'>

export interface ProbesNeeds {
  readonly clock: Clock
  readonly identity: Identity
  readonly stateOf: (bay: string) => BayState | null
  readonly put: (bay: string, fact: Fact | (() => Promise<Fact>)) => Promise<Taken>
}

/** A serial number as labels have it; a device may write anything into its SMBIOS. */
const SERIAL = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/

/** The pre-check waits so long for an attestation that runs, clock ms; the network is asked after it, within 30 s in all. */
const ATTEST_MAX_MS = 15_000

const same = (one: string, other: string) => one.trim().toUpperCase() === other.trim().toUpperCase()

export class Probes {
  readonly #n: ProbesNeeds
  /** Bays whose device is being attested, each with the end of it. */
  readonly #attesting = new Map<string, Promise<void>>()

  /** Hands out codes; null without an intake. */
  #codes: ProbeCodes | null = null

  constructor(needs: ProbesNeeds) {
    this.#n = needs
  }

  /** From now on codes can be had. */
  offer(codes: ProbeCodes): void {
    this.#codes = codes
  }

  /** Makes a code for the next probe of a bay, which then stands in its view. */
  ask(bay: BayId): Taken {
    if (this.#codes === null)
      return { taken: 'refused', code: 'BACKEND_NOT_FOUND', detail: 'the config has no probe' }
    try {
      this.#codes.issue(bay)
      return { taken: 'taken', bay, detail: 'the code stands on the board' }
    } catch (error) {
      if (!isStationError(error)) throw error
      return { taken: 'refused', code: error.code, detail: error.where }
    }
  }

  /** The open code as the board shows it; nothing when there is none. */
  shown(bay: BayId): Pick<BayView, 'probe'> {
    const open = this.#codes?.openCode(bay) ?? null
    if (open === null) return {}
    const { code, until, linux, windows } = open
    return { probe: { code, until, linux, windows } }
  }

  /** A probe reports: its device is alive and says who it is. Resolves when that is committed. */
  async arrived(bay: BayId, device: ProbedDevice, words: string): Promise<void> {
    const { put, clock } = this.#n
    const at = clock.now()
    await put(bay, { kind: 'sign', evidence: { kind: 'probe', source: 'probe', at, ref: words } })
    const { serial } = device
    if (serial !== null && SERIAL.test(serial)) await put(bay, () => this.#identity(bay, device))
  }

  async #identity(bay: BayId, { serial, manufacturer, model }: ProbedDevice): Promise<Fact> {
    // Labels and SMBIOS differ in case: the same device keeps the name it has.
    const known = this.#n.stateOf(bay)?.run?.serial ?? null
    const name = known !== null && same(known, serial ?? '') ? known : (serial ?? '')
    return {
      ...(await this.#n.identity.ofSerial(bay, name, 'probe', 'probe')),
      ...(manufacturer === null ? {} : { manufacturer }),
      ...(model === null ? {} : { model }),
    }
  }

  /** Evidence that the run does not have yet. */
  async saw(bay: BayId, evidence: readonly Evidence[]): Promise<void> {
    for (const one of evidence) {
      const run = this.#n.stateOf(bay)?.run ?? null
      if (run === null) return
      const isKnown = run.evidence.some(
        ({ kind, source, ref }) => source === 'probe' && kind === one.kind && ref === one.ref,
      )
      if (!isKnown) await this.#n.put(bay, { kind: 'sign', evidence: one })
    }
  }

  async judged(bay: BayId, fact: TpmFact): Promise<void> {
    await this.#n.put(bay, fact)
  }

  /** A device of this bay is being attested until `work` ends: the pre-check waits for it. */
  attesting(bay: BayId, work: Promise<void>): void {
    const own = work.finally(() => {
      if (this.#attesting.get(bay) === own) this.#attesting.delete(bay)
    })
    this.#attesting.set(bay, own)
  }

  /** For the pre-check: nothing, when no probe is there or its verdict is in; a hold while it goes on too long. */
  async wait(bay: BayId, signal: AbortSignal): Promise<readonly Finding[]> {
    const work = this.#attesting.get(bay)
    if (work === undefined) return []
    const late = new AbortController()
    const either = AbortSignal.any([late.signal, signal])
    const isDone = await Promise.race([
      work.then(() => true),
      this.#n.clock.sleep(ATTEST_MAX_MS, either).then(() => false),
    ])
    late.abort()
    if (isDone) return []
    const hint = 'It is asked again in a minute; start the probe anew if it stays.'
    return [{ id: 'attestation', grade: 'hold', value: 'still running', hint }]
  }
}
