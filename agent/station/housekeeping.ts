// What a station does beside its bays: lets old journal rows go once a day, and watches the disk before it is full.
import type { StationLedger } from '../ledger/ledger.ts'
import type { Log } from '../log.ts'
import type { Clock, HostFacts, ReportHealth } from '../ports.ts'

export const DAY_MS = 24 * 60 * 60_000
const LOOK_MS = 60_000
/** Below this the bench owner is told; the ledger's ballast lets the bays end what they do even later. */
const DISK_LOW_BYTES = 512 * 1024 * 1024

export interface Housekeeping {
  readonly clock: Clock
  readonly ledger: StationLedger
  readonly host: HostFacts
  readonly dataDir: string
  /** Age from which journal rows and sent messages may go, ms. */
  readonly keepMs: number
  /** Age from which bodies of the audit go, ms; null: they stay. */
  readonly keepAuditMs?: number | null
  /** Age from which photos go, ms; null: they stay. */
  readonly keepPhotosMs?: number | null
  readonly report: ReportHealth
  readonly log: Log
}

/** Works until the signal aborts. */
export async function keepHouse(house: Housekeeping, signal: AbortSignal): Promise<void> {
  const { clock } = house
  let pruneAt = clock.mono()
  while (!signal.aborted) {
    await watchDisk(house)
    if (clock.mono() >= pruneAt) {
      await prune(house)
      pruneAt = clock.mono() + DAY_MS
    }
    await clock.sleep(LOOK_MS, signal)
  }
}

async function watchDisk({ host, dataDir, report, log }: Housekeeping): Promise<void> {
  try {
    const free = await host.diskFree(dataDir)
    const low = free < DISK_LOW_BYTES
    report({
      part: 'disk',
      bay: null,
      ok: !low,
      code: low ? 'STATION_DISK_LOW' : null,
      detail: `${Math.round(free / 2 ** 20)} MB free`,
    })
  } catch (error) {
    log.warn('the disk of the data directory cannot be asked', { error })
  }
}

async function prune({
  ledger,
  log,
  keepMs,
  keepAuditMs,
  keepPhotosMs,
}: Housekeeping): Promise<void> {
  try {
    if (keepAuditMs != null) {
      const erased = await ledger.eraseAudit(keepAuditMs)
      if (erased > 0) log.info('old bodies of the audit let go; their digests stay', { erased })
    }
    if (keepPhotosMs != null) {
      const photos = await ledger.erasePhotos(keepPhotosMs)
      if (photos > 0) log.info('old photos let go; their digests stay', { photos })
    }
    const { inputs, outbox } = await ledger.prune(keepMs)
    if (inputs + outbox > 0) log.info('old journal rows let go', { inputs, outbox })
  } catch (error) {
    log.warn('old journal rows could not be let go; tried again tomorrow', { error })
  }
}
