// The station's HTTP server: puts guard, routes, event streams and board together on one address.
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { StationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type {
  AuditLog,
  AuditReader,
  BenchControl,
  Clock,
  LabelDesk,
  LedgerReader,
  PortDesk,
  ProbeIntake,
} from '../ports.ts'
import { SECRET_ROUTES } from '../wire/secret-routes.ts'
import { openGate, type People } from './auth/gate.ts'
import type { RouteNeed } from './auth/permits.ts'
import type { Tls } from './auth/tls.ts'
import { bayRoutes } from './bay-routes.ts'
import { packAnswers } from './compress.ts'
import { type DeskParts, deskRoutes } from './desk-routes.ts'
import { EventHub } from './events.ts'
import { readBoard } from './files.ts'
import { keepKeys } from './idempotency.ts'
import { labelRoutes } from './label-routes.ts'
import { makeMetrics } from './metrics.ts'
import { openApiRoutes } from './openapi-routes.ts'
import { type StationName, StationOverview } from './overview.ts'
import { photoRoutes } from './photo-routes.ts'
import { type PhotoParts, PhotoStore } from './photos/photo-store.ts'
import { portRoute } from './port-route.ts'
import { probeRoute } from './probe-route.ts'
import { proofRoute } from './proof-route.ts'
import { limitRates } from './rates.ts'
import { runRoutes } from './run-routes.ts'
import { addManners, makeServer } from './server.ts'
import { boardRoute, eventRoute, stationRoutes } from './station-routes.ts'
import { type ThroughputParts, throughputRoutes } from './throughput-routes.ts'

/** What guards the board's address. */
export interface WebDoors {
  /** null: nobody signs in, and the address is loopback. */
  readonly people: People | null
  /** null: plain HTTP. */
  readonly tls: Tls | null
  /** Where the audit goes and where it is read; null: nothing is kept. */
  readonly audit: AuditLog | null
  readonly audits: AuditReader | null
}
const OPEN: WebDoors = { people: null, tls: null, audit: null, audits: null }

export interface WebParts {
  readonly bench: BenchControl
  readonly reader: LedgerReader
  /** The reseal status of a device, as `reseal status SERIAL --json` prints it. */
  readonly resealAnswer: (serial: string) => Promise<unknown>
  readonly clock: Clock
  readonly log: Log
  /** 127.0.0.1 unless the config says otherwise. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Further host names by which the board may be opened. */
  readonly names?: readonly string[]
  readonly station: StationName
  /** Hands out codes for probes; left out or null: the intake is off. */
  readonly probes?: Pick<ProbeIntake, 'issue'> | null
  /** Hands on the bays' switch ports; left out where there are none. */
  readonly ports?: PortDesk
  /** Figures that the composition root knows of: free bytes of the disk, and who is told of each commit. */
  readonly gauges?: {
    readonly diskFree?: () => Promise<number>
    readonly onCommit?: (tell: (ok: boolean, ms: number) => void) => void
  }
  /** Labels and their printer; left out where there are none. */
  readonly labels?: LabelDesk
  /** Photos of runs; left out where there is no place for them. */
  readonly photos?: PhotoParts
  /** Accounts, certificate and audit; left out: nobody signs in, plain HTTP, on loopback. */
  readonly doors?: WebDoors
  /** Look-ups, work orders, pack-out, webhooks; left out by a board alone. */
  readonly desks?: DeskParts
  /** Figures for managers; left out by a board alone. */
  readonly throughput?: ThroughputParts
  /** Folder of the bundled board; that of this checkout unless a test says otherwise. */
  readonly board?: string
}

export interface Web {
  /** Where the board is, with the port really taken. */
  readonly url: string
  /** Every route with what it needs, for tests and docs/ROLES.md. */
  readonly routes: readonly RouteNeed[]
  /** Ends every stream and connection; resolves when the port is free. */
  close(): Promise<void>
}

const BOARD = join(import.meta.dirname, '../dashboard/dist')

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    const address = await app.listen({ host, port })
    return address
  } catch (cause) {
    await app.close()
    const code = (cause as { readonly code?: unknown }).code
    if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new StationError('STATION_ADDRESS_IN_USE', `${host}:${port} ${code}`, { cause })
    }
    throw cause
  }
}

/**
 * Serves API and board.
 * @throws StationError STATION_ADDRESS_IN_USE when the address cannot be had
 */
export async function startWeb(parts: WebParts): Promise<Web> {
  const { bench, reader, clock, log, host } = parts
  const overview = new StationOverview(parts.station, bench, reader, clock, log)
  const hub = new EventHub({ bench, reader, clock, overview, log })
  const { tls, people, audit, audits } = parts.doors ?? OPEN
  const metrics = makeMetrics({
    ...{ bench, reader, overview, clock, log },
    streams: () => hub.size,
    certificate: tls?.certPem ?? null,
    diskFree: parts.gauges?.diskFree,
  })
  parts.gauges?.onCommit?.(metrics.committed)
  const app = makeServer(tls)
  addManners(app, log, { names: [host, ...(parts.names ?? [])], tls })
  limitRates(app, clock)
  const routes = openGate(app, { people, audit, audits, clock, log })
  keepKeys(app, clock, SECRET_ROUTES)
  await packAnswers(app, SECRET_ROUTES)
  app.addHook('onResponse', (request, reply, next) => {
    metrics.answered(request, reply)
    next()
  })
  bayRoutes(app, bench, clock)
  probeRoute(app, bench, parts.probes ?? null)
  if (parts.ports !== undefined) portRoute(app, bench, parts.ports)
  runRoutes(app, reader, parts.resealAnswer)
  if (parts.throughput !== undefined) throughputRoutes(app, parts.throughput, clock)
  if (parts.desks !== undefined) deskRoutes(app, parts.desks, clock)
  if (parts.labels !== undefined) labelRoutes(app, bench, reader, parts.labels)
  openApiRoutes(app, routes, parts.station.version)
  if (parts.photos !== undefined)
    photoRoutes(app, bench, reader, new PhotoStore(parts.photos, reader, clock))
  proofRoute(app, reader)
  stationRoutes(app, bench, overview, metrics)
  eventRoute(app, hub, bench)
  boardRoute(app, readBoard(parts.board ?? BOARD))
  // A board that connects at once should not see zeros; a slow ledger must not hold up the start.
  void overview.look()
  const url = await listen(app, host, parts.port).catch((error: unknown) => {
    hub.close()
    metrics.close()
    throw error
  })
  return {
    url,
    routes,
    close: async () => {
      hub.close()
      metrics.close()
      await app.close()
    },
  }
}
