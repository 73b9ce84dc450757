// SIGHUP at a working station: bays come, leave and change, and no open run ends for it.
import mqtt from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import type { BayView } from '../../../agent/core/view.ts'
import { Veth } from '../link/veth.ts'
import { RealBay, SERIAL, until } from './real-bay.ts'

let bay: RealBay | null = null
const second: Veth[] = []
afterEach(async () => {
  await bay?.close()
  bay = null
  for (const veth of second.splice(0)) veth.close()
})

const views = async (b: RealBay): Promise<readonly BayView[]> => {
  const answer = await fetch(`${b.url}/api/v1/bays`)
  return ((await answer.json()) as { bays: BayView[] }).bays
}
const names = async (b: RealBay) => (await views(b)).map((view) => view.bay).join()

/** What the broker keeps of each bay; nothing where it was cleared. */
async function retained(b: RealBay) {
  const client = await mqtt.connectAsync(b.broker.url)
  const kept = new Map<string, string>()
  client.on('message', (topic, payload) => {
    const name = /\/bays\/(.+)$/.exec(topic)?.[1]
    if (name !== undefined) kept.set(name, payload.toString())
  })
  await client.subscribeAsync('reseal/v1/hall/bench-1/#', { qos: 1 })
  return { kept, close: () => client.endAsync(true) }
}

test('bays come, leave and change; a bay with an open run keeps its parts until that is over', async () => {
  const b = await RealBay.open()
  bay = b
  const veth = new Veth()
  second.push(veth)
  await b.start()
  const broker = await retained(b)
  const [one] = b.config.bays
  const two = { bay: '02', link: `nic:${veth.near}`, keyboard: 'manual:', networkCheck: false }
  const { web } = b.config

  // A bay comes, in the place that the config gives it.
  b.write({ ...b.config, bays: [two, one ?? {}] })
  b.hangUp()
  await until('the second bay', async () => (await names(b)) === '02,01')
  await until('its topic', () => broker.kept.get('02')?.includes('"empty"') === true)
  veth.up()
  await until('its wire', async () => (await views(b))[0]?.state === 'present')

  // A config with faults changes nothing; each is told.
  const before = b.config
  b.write({ ...before, web: { port: 99_999 }, bays: [{ ...two, keyboard: 'ch9239:/dev/x' }] })
  b.hangUp()
  await until('every fault', () =>
    ['web.port', 'bays[0].keyboard'].every((place) => b.said.includes(place)),
  )
  expect(await names(b)).toBe('02,01')

  // In the middle of a run: the one changes, the other leaves, and something that only a start can change.
  b.plugIn()
  await b.state(['identify', 'present'])
  b.scan(SERIAL)
  const { run } = await b.state(['summon'])
  b.write({ ...before, web: { port: web.port + 1 }, bays: [{ ...one, windows: 10 }] })
  b.hangUp()
  await until('the second bay leaves', async () => (await names(b)) === '01')
  await until('its topic is cleared', () => broker.kept.get('02') === '')
  expect(b.said).toContain('only a new start changes web')
  expect(await b.view()).toMatchObject({ run, afterRun: 'change', state: 'summon' })
  // Cleared for the moment in which a bay changes.
  const told = () => JSON.parse(broker.kept.get('01') || '{}') as Record<string, unknown>
  await until('consumers are told', () => told()['afterRun'] === 'change')
  expect(told()).toMatchObject({ bay: '01', run })
  await until('the keys go on', () => b.windowsTaps >= 5)
  await b.answer('summon', 'options')
  // Still the bay it was: the list of Windows 11 is what was chosen.
  await b.state(['selecting'])
  expect((await b.view()).run).toBe(run)
  expect((await b.act('abort')).status).toBe(200)
  await b.state(['closed'])
  await until('the change', async () => (await b.view()).afterRun === undefined)
  await until('consumers are told that too', () => {
    const { bay, afterRun } = told()
    return bay === '01' && afterRun === undefined
  })
  expect(b.said).toContain('the bay changes')

  // The same wire, chip and scanner under another name.
  const scanners = [{ scanner: `serial:${b.scanner.path}`, bay: '03' }]
  b.write({ ...before, bays: [{ ...one, bay: '03' }], scanners })
  b.hangUp()
  await until('the new name', async () => (await names(b)) === '03')
  await until('its scanner', () => b.said.includes('"bays":["03"]'))
  const taps = b.windowsTaps
  b.scan('PF3ABCDE')
  await until('its chip presses', () => b.windowsTaps >= taps + 5, 20_000)
  await broker.close()
  await b.stop()

  const { out } = await b.cli('export', '--format', 'ndjson', '--data', b.dataDir)
  const records = out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { record: Record<string, unknown> }).record)
  expect(records).toMatchObject([{ run, verdict: 'aborted', bay: '01', agentRestarts: 0 }])
})
