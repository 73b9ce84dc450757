// A station reduced to what publishes: the real publisher and client on a ledger and bench in memory.
import { type PublisherParts, StationPublisher } from '../../../../agent/publish/publisher.ts'
import { NO_LOGIN } from '../../../../drivers/broker/index.ts'
import { MqttBroker } from '../../../../drivers/broker/mqtt-client.ts'
import type { Login } from '../../../../drivers/broker/mqtt-options.ts'
import { systemClock } from '../../../../drivers/host/clock.ts'
import { FakeBench } from '../../../fakes/fake-bench.ts'
import { FakeLedger } from '../../../fakes/fake-ledger.ts'

export const PREFIX = 'reseal/v1/hall/bench-1'
export const BAYS = ['B1', 'B2', 'B3']

export interface Rig {
  readonly ledger: FakeLedger
  readonly bench: FakeBench
  readonly broker: MqttBroker
  readonly publisher: StationPublisher
  /** Rows that are neither sent nor parked. */
  unsent(): number
  /** Adds events and tells the bench, as commits would. */
  events(count: number): void
  /** Latest word on the broker's health. */
  health(): { readonly code: string | null; readonly detail: string } | undefined
  /** Ends without a goodbye. */
  drop(): void
}

export async function openRig(
  url: string,
  login: Partial<Login> = {},
  different: Partial<PublisherParts> = {},
): Promise<Rig> {
  const clock = systemClock()
  const ledger = new FakeLedger()
  const bench = new FakeBench(BAYS, () => ledger.rows.length)
  const broker = new MqttBroker({
    url,
    clientId: `reseal-hall-${different.station ?? 'bench-1'}`,
    login: { ...NO_LOGIN, ...login },
    clock,
  })
  const publisher = new StationPublisher({
    broker,
    ledger,
    reader: ledger,
    bench,
    clock,
    timers: clock,
    virtual: false,
    site: 'hall',
    station: 'bench-1',
    version: '0.1.0',
    bays: BAYS,
    report: bench.report,
    ...different,
  })
  const dropping = new AbortController()
  await publisher.start(dropping.signal)
  return {
    ledger,
    bench,
    broker,
    publisher,
    unsent: () => ledger.rows.filter((row) => !row.sent && row.parked === null).length,
    events(count) {
      for (let at = 0; at < count; at += 1) {
        ledger.add('events', eventBody(at))
      }
      bench.tell('B1')
    },
    health: () => bench.health().at(-1),
    drop: () => dropping.abort(),
  }
}

export const eventBody = (input: number) => ({
  bay: 'B1',
  run: 'run-1',
  serial: 'SN-1',
  input,
  from: 'summon',
  to: 'selecting',
  why: 'options seen',
})
