// Opens the probe intake and gives it its desk: what a device says goes to its bay, and its TPM is attested by the station.
import { join } from 'node:path'
import { type BayCard, bayAtAddress, openIntake } from '../../drivers/probe/index.ts'
import { attestTpm, NO_ROOTS, readRoots, type TrustStore } from '../../drivers/tpm/index.ts'
import type { StationConfig } from '../../station-config/loader.ts'
import { problemText } from '../../station-config/problem.ts'
import { loadFirmwareRules } from '../../station-config/tpm/firmware-rules.ts'
import type { Bench } from '../bench/bench.ts'
import type { ProbeCodes } from '../bench/probes.ts'
import type { TpmFact } from '../core/facts.ts'
import { type BayId, bayId } from '../core/ids.ts'
import { probeEvidence } from '../core/probe/evidence.ts'
import { type ProbeReport, readReport } from '../core/probe/report.ts'
import { judgeProbe } from '../core/probe/verdict.ts'
import { demandedRows, demandsOf } from '../core/tpm/demands.ts'
import type { FirmwareRule } from '../core/tpm/firmware.ts'
import type { TpmSighting } from '../core/tpm/sighting.ts'
import { isStationError, StationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Clock, ProbeDesk, ProbeIntake, ProbeSession } from '../ports.ts'
import type { Stack } from './stack.ts'

export interface IntakeNeeds {
  readonly config: StationConfig
  readonly bench: Bench
  readonly clock: Clock
  /** Real time. */
  readonly timers: Clock
  readonly log: Log
  readonly dataDir: string
  readonly stack: Stack
}

/** After its report a probe begins to relay at once, or never; ms. */
const RELAY_WITHIN_MS = 5000
/** An address that was not there is tried again, ms. */
const LISTEN_AGAIN_MS = 5000

/** What is known of the device of one run. */
interface Known {
  readonly run: string
  readonly report: ProbeReport
  readonly reportedAt: number
  readonly tpm: TpmSighting | null
  /** Why the station's attestation gave no sighting at all. */
  readonly broken: string | null
  /** The order that it was judged by last; null before, or without one. */
  readonly order: string | null
}

/** Hands out codes; STATION_ADDRESS_IN_USE while the device network is not up yet. */
export type Probes = Pick<ProbeIntake, 'issue'>

/**
 * The intake of a station; null when the config has none. An address that cannot be had (the device network comes up
 * later) never stops the station: it is tried again until it is there.
 * @throws StationError CONFIG_INVALID, FILE_UNREADABLE
 */
export async function openProbes(needs: IntakeNeeds): Promise<Probes | null> {
  const { config, timers, log, dataDir, stack } = needs
  if (config.probe === null) return null
  const { host, port } = config.probe
  const desk = new Desk(needs, config.probe, rulesOf())
  const life = new AbortController()
  let intake: ProbeIntake | null = null
  const tryOpen = async (): Promise<boolean> => {
    try {
      const note = (sentence: string, fields: object) => log.info(sentence, { ...fields })
      intake = await openIntake({ host, port, dataDir, clock: timers, desk, note })
    } catch (error) {
      if (!isStationError(error) || error.code !== 'STATION_ADDRESS_IN_USE') throw error
      log.warn('the probe intake cannot listen yet', { error })
      return false
    }
    if (life.signal.aborted) await intake.close()
    else log.info('the probe intake listens', { url: intake.url, pin: intake.pin })
    return true
  }
  stack.defer('probe intake', async () => {
    life.abort()
    await intake?.close()
  })
  const tryAgain = async (): Promise<void> => {
    while (!life.signal.aborted) {
      await timers.sleep(LISTEN_AGAIN_MS, life.signal)
      if (life.signal.aborted || (await tryOpen())) return
    }
  }
  if (!(await tryOpen()))
    void tryAgain().catch((error: unknown) => log.error('the probe intake is off', { error }))
  const codes: ProbeCodes = {
    issue: (bay) => {
      if (intake === null) throw new StationError('STATION_ADDRESS_IN_USE', `${host}:${port}`)
      return intake.issue(bay)
    },
    openCode: (bay) => intake?.openCode(bay) ?? null,
  }
  needs.bench.probes.offer(codes)
  return codes
}

/** Every bay with a card of this PC, and whether its probe needs no code. */
function cardsOf({ bays, probe }: StationConfig): readonly BayCard[] {
  return bays.flatMap(({ bay, link, probe: own }) =>
    link.driver === 'nic'
      ? [
          {
            bay: bayId(bay),
            card: link.interface,
            isOpen: own?.bayAddress ?? probe?.bayAddress === true,
          },
        ]
      : [],
  )
}

function rulesOf(): readonly FirmwareRule[] {
  const { value, problems } = loadFirmwareRules()
  if (value === null) throw new StationError('CONFIG_INVALID', problems.map(problemText).join('; '))
  return value
}

class Desk implements ProbeDesk {
  readonly #n: IntakeNeeds
  readonly #probe: NonNullable<StationConfig['probe']>
  readonly #rules: readonly FirmwareRule[]
  readonly #known = new Map<BayId, Known>()
  /** Ends the wait of the pre-check, by bay. */
  readonly #ready = new Map<BayId, { readonly relays: () => void; readonly done: () => void }>()

  constructor(
    needs: IntakeNeeds,
    probe: NonNullable<StationConfig['probe']>,
    rules: readonly FirmwareRule[],
  ) {
    this.#n = needs
    this.#probe = probe
    this.#rules = rules
    // A person may say whose device it is after its probe spoke: the order's demands are judged then.
    const leave = needs.bench.subscribe((bay) => this.#orderMayHaveChanged(bay))
    needs.stack.defer('probe desk', leave)
  }

  #orderMayHaveChanged(bay: string | null): void {
    for (const [id, known] of this.#known) {
      if (bay !== null && bay !== id) continue
      const run = this.#n.bench.runOf(id)
      if (run?.run !== known.run || (run.order?.order ?? null) === known.order) continue
      // Remembered at once: judging is a commit, which leads here again.
      this.#known.set(id, { ...known, order: run.order?.order ?? null })
      void this.#judge(id).catch((error: unknown) => {
        this.#n.log.warn('a TPM could not be judged anew', { bay: id, error })
      })
    }
  }

  bayAt(address: string) {
    return bayAtAddress(address, cardsOf(this.#n.config))
  }

  codeChanged(bay: BayId): void {
    this.#n.bench.shown(bay)
  }

  runOf(bay: BayId): string | null {
    return this.#n.bench.runOf(bay)?.run ?? null
  }

  async report({ bay, address }: ProbeSession, text: string): Promise<void> {
    const { bench, clock, log } = this.#n
    const report = readReport(text)
    if (report === null) throw new StationError('DEVICE_PROBE_DATA', 'no report of this version')
    const reportedAt = clock.now()
    this.#expectRelay(bay)
    await bench.probes.arrived(bay, report.smbios, `${report.probe} ${address}`)
    const run = bench.runOf(bay)
    if (run === null) return
    const before = this.#known.get(bay)
    const same = before?.run === run.run ? before : null
    const { tpm = null, broken = null } = same ?? {}
    const order = run.order?.order ?? null
    this.#known.set(bay, { run: run.run, report, reportedAt, tpm, broken, order })
    await bench.probes.saw(bay, probeEvidence(report, reportedAt, run.openedAt))
    await this.#judge(bay)
    for (const note of report.notes) log.info('a probe could not ask everything', { bay, note })
  }

  async relayed(session: ProbeSession, signal: AbortSignal): Promise<void> {
    const { bay } = session
    const ready = this.#ready.get(bay)
    ready?.relays()
    try {
      await this.#attest(session, signal)
    } finally {
      ready?.done()
    }
  }

  /** From the report on the pre-check waits for the attestation, or for the word that there will be none. */
  #expectRelay(bay: BayId): void {
    const { bench, timers } = this.#n
    this.#ready.get(bay)?.done()
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = timers.after(RELAY_WITHIN_MS, resolve)
    this.#ready.set(bay, { relays: cancel, done: resolve })
    void promise.then(cancel)
    bench.probes.attesting(bay, promise)
  }

  async #attest(session: ProbeSession, signal: AbortSignal): Promise<void> {
    const { timers, log } = this.#n
    const { bay, relay, eventLog } = session
    const known = this.#known.get(bay)
    if (known === undefined || known.run !== session.run) return
    const where = `bay ${bay}`
    let tpm: TpmSighting | null = null
    let broken: string | null = null
    try {
      tpm = await attestTpm(relay, { clock: timers, roots: this.#roots(), signal, where, eventLog })
    } catch (error) {
      if (signal.aborted) return
      broken = isStationError(error) ? `${error.code}: ${error.where}` : String(error)
      log.warn('an attestation broke off', { bay, error })
    }
    const now = this.#known.get(bay)
    if (now?.run !== known.run || this.runOf(bay) !== known.run) return
    this.#known.set(bay, { ...now, tpm, broken })
    await this.#judge(bay)
  }

  #roots(): TrustStore {
    const { dataDir, log } = this.#n
    const dir = this.#probe.roots ?? join(dataDir, 'tpm-roots')
    try {
      const { store, problems } = readRoots(dir)
      for (const problem of problems) log.warn('a TPM root cannot be read', { problem })
      return store
    } catch (error) {
      if (this.#probe.roots !== null) log.warn('the TPM roots cannot be read', { error })
      return NO_ROOTS
    }
  }

  async #judge(bay: BayId): Promise<void> {
    const known = this.#known.get(bay)
    if (known === undefined) return
    const { report, reportedAt, tpm, broken } = known
    const demands = demandedRows(demandsOf(this.#n.bench.runOf(bay)?.order ?? null))
    const policy = { allowTestTpm: this.#probe.allowTestTpm, demands }
    const rules = this.#rules
    const now = this.#n.clock.now()
    const fact = judgeProbe({ report, tpm, rules, policy, reportedAt, now })
    await this.#n.bench.probes.judged(bay, broken === null ? fact : withBroken(fact, broken))
  }
}

/** An attestation that was begun and gave nothing is a question for a person, not "not seen". */
function withBroken(fact: TpmFact, value: string): TpmFact {
  const hint = 'Ask for a new code at the bay and start the probe again.'
  const row = { id: 'tpm-answers', verdict: 'HOLD', value, source: 'tpm', hint } as const
  const checks = [...fact.checks.filter(({ id }) => id !== row.id), row]
  return { ...fact, station: fact.station === 'NO-GO' ? 'NO-GO' : 'HOLD', checks }
}
