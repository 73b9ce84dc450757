// Bays come and go while the bench works: none with an open run leaves, and one that is back goes on where it was.
import { afterEach, expect, test } from 'vitest'
import { HandBay, HandBench } from '../fakes/hand-bay.ts'

let open: HandBench | null = null
afterEach(async () => {
  await open?.bench.close()
  open = null
})

async function bench(...bays: HandBay[]): Promise<HandBench> {
  open = await HandBench.open(bays)
  return open
}
const names = (own: HandBench) => own.bench.bays().map(({ bay }) => bay)

test('a bay that comes is heard at once, and stands where the config says', async () => {
  const [one, two, three] = [new HandBay('01'), new HandBay('02'), new HandBay('03')]
  const own = await bench(one, three)
  const told: (string | null)[] = []
  own.bench.subscribe((bay) => told.push(bay))
  await own.bench.roster.add(two.wanted)
  own.bench.roster.arrange(['01', '02', '03'])
  expect(names(own)).toEqual(['01', '02', '03'])
  expect(told).toContain('02')
  await own.toSummon(two)
  expect(own.bench.bay('01')?.state).toBe('empty')
})

test('a bay without an open run leaves; nobody hears it any more', async () => {
  const [one, two] = [new HandBay('01'), new HandBay('02')]
  const own = await bench(one, two)
  two.link.say({ kind: 'link', link: 'gone', at: 0 })
  await own.until('its health', () => own.bench.health().some(({ bay }) => bay === '02'))
  expect(await own.bench.roster.remove('02')).toBe(true)
  expect(names(own)).toEqual(['01'])
  await own.until('the end of its watch', () => two.link.watchers + two.buttons.watchers === 0)
  expect(own.bench.health().filter(({ bay }) => bay === '02')).toEqual([])
  expect(await own.bench.act('02', 'abort', 'ann')).toMatchObject({ taken: 'refused' })
  expect(await own.bench.roster.remove('02')).toBe(true)
})

test('a bay with an open run stays and works on, until the run is over', async () => {
  const bay = new HandBay('01')
  const own = await bench(bay)
  await own.toSummon(bay)
  const run = own.bench.bay('01')?.run
  expect(await own.bench.roster.remove('01')).toBe(false)
  own.bench.roster.announce('01', 'leave')
  expect(own.bench.bay('01')).toMatchObject({ run, state: 'summon', afterRun: 'leave' })
  const prompt = own.bench.bay('01')?.prompt?.id ?? ''
  expect(await own.bench.answer('01', prompt, 'options', 'ann')).toMatchObject({ taken: 'taken' })
  await own.state('01', 'selecting')
  expect(bay.link.watchers).toBe(1)
})

test('a run that opens while its bay is leaving keeps it', async () => {
  const bay = new HandBay('01')
  const own = await bench(bay)
  bay.plug('up')
  await own.state('01', 'present')
  const scanned = own.bench.scan('5CG12345AB', 'ann', '01')
  expect(await own.bench.roster.remove('01')).toBe(false)
  await scanned
  await own.state('01', 'summon')
  // It is heard on: the wire that goes down is a restart of the device.
  await own.until('it is heard again', () => bay.link.watchers === 1)
  bay.plug('down')
  await own.state('01', 'restarting')
})

test('a bay that is back goes on with the state that the ledger has', async () => {
  const bay = new HandBay('01')
  const own = await bench(bay, new HandBay('02'))
  await own.bench.act('01', 'out-of-service', 'ann')
  await own.state('01', 'out')
  expect(await own.bench.roster.remove('01')).toBe(true)
  await own.bench.roster.add(new HandBay('01').wanted)
  expect(own.bench.bay('01')).toMatchObject({ state: 'out' })
})
