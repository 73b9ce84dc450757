// A station whose parts are not there when it starts: each comes later, works, is pulled while it works, and comes back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { silentLog } from '../../../agent/log.ts'
import { openStation, type Station } from '../../../agent/station.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { randomIds } from '../../../drivers/host/ids.ts'
import { loadConfig } from '../../../station-config/loader.ts'
import { ButtonBoxDouble } from '../../fakes/button-box.ts'
import { Ch9329Double } from '../../fakes/ch9329-double.ts'
import { HidDouble } from '../../fakes/hid-double.ts'
import { Blink1Double } from '../../fakes/hid-lamps.ts'
import { aimScanner } from '../../fakes/hid-scanner.ts'
import { COLOURS } from '../../fakes/lamp-looks.ts'
import { testId } from '../../fakes/netns.ts'
import { ptyPair, until } from '../../fakes/pty.ts'
import { ip } from '../link/veth.ts'

const clock = systemClock()
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A part that is looked for again within this time. */
const FOUND_MS = 12_000

interface Hands {
  readonly station: Station
  readonly hid: HidDouble
  readonly path: (name: string) => string
  readonly near: string
  readonly far: string
  readonly faults: () => readonly (string | null)[]
  readonly state: () => string
}

async function opened(): Promise<Hands> {
  const folder = mkdtempSync(join(tmpdir(), 'reseal-hot-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const path = (name: string) => join(folder, name)
  const id = testId()
  const near = `rsn${id}`
  const far = `rsf${id}`
  const bay = {
    bay: '01',
    link: `nic:${near}`,
    keyboard: `ch9329:${path('chip')}`,
    lamp: 'blink1:2000ABCD',
    buttons: 'hid:BOX-7',
    adapter: 'bench',
    networkCheck: false,
  }
  const scanners = [{ scanner: `serial:${path('scanner')}` }, { scanner: 'hid-pos:LSR1180042' }]
  const limits = { steadyMs: 100 }
  const text = { site: 'hall', station: 'bench-1', limits, bays: [bay], scanners }
  writeFileSync(path('bench.yaml'), JSON.stringify(text))
  const { config, problems } = loadConfig(path('bench.yaml'))
  if (config === null) throw new Error(JSON.stringify(problems))
  const hid = new HidDouble()
  const station = await openStation({
    config,
    dataDir: path('data'),
    clock,
    ids: randomIds(),
    log: silentLog,
    version: '0',
    pc: { hid },
    outside: null,
  })
  closers.push(() => station.close())
  const { bench } = station
  const faults = () =>
    bench
      .health()
      .filter(({ ok }) => !ok)
      .map(({ code }) => code)
      .toSorted()
  return { station, hid, path, near, far, faults, state: () => bench.bay('01')?.state ?? '' }
}

test('card, chip, lamp, buttons and both kinds of scanner come after the start, leave and come back', async () => {
  const { station, hid, path, near, far, faults, state } = await opened()
  const { bench } = station
  const ALL = [
    ...[
      'STATION_BUTTON_GONE',
      'STATION_KEYBOARD_GONE',
      'STATION_LAMP_GONE',
      'STATION_LINK_MISSING',
    ],
    ...['STATION_SCANNER_GONE', 'STATION_SCANNER_GONE'],
  ]
  await until('every part is missed by its name', () => faults().join() === ALL.join())

  ip(`link add ${near} type veth peer name ${far}`)
  closers.push(() => {
    try {
      ip(`link del ${near}`)
    } catch {
      // The test removed it.
    }
  })
  ip(`link set ${near} up`)
  const chip = await Ch9329Double.start({ enumerated: false }, path('chip'))
  closers.push(() => chip.close())
  const lamp = new Blink1Double(() => clock.mono(), '2000ABCD', '1-2.1')
  const box: ButtonBoxDouble = new ButtonBoxDouble('BOX-7', false, (bytes) => hid.send(box, bytes))
  const pos = aimScanner()
  for (const one of [lamp, box, pos.peripheral]) hid.plug(one)
  const scanner = await ptyPair(() => undefined, path('scanner'))
  closers.push(() => scanner.close())
  await until('all are there', () => faults().length === 0, FOUND_MS)

  // A device comes; the scanner that came late says who it is, and the chip that came late presses.
  ip(`link set ${far} up`)
  chip.set({ enumerated: true, driverAlive: true })
  await until('the wire', () => ['present', 'identify', 'settling'].includes(state()) === true)
  await until(
    'a bay that can be scanned',
    () => ['present', 'identify'].includes(state()),
    FOUND_MS,
  )
  scanner.write('RSL.01.bay\r5CG12345AB\r')
  await until('the run', () => state() === 'summon', FOUND_MS)
  await until('the keys', () => chip.taps(0xe3) >= 5, FOUND_MS)
  await until('the lamp asks', () => lamp.look() === COLOURS.you, FOUND_MS)

  // All are pulled in the middle of it, and the run waits.
  const { run } = bench.bay('01') ?? {}
  hid.unplug(lamp)
  hid.unplug(box)
  hid.unplug(pos.peripheral)
  await scanner.unplug()
  await chip.unplug()
  await until('five are missed', () => faults().length === 5, FOUND_MS)
  for (const one of [box, lamp, pos.peripheral]) hid.plug(one)
  await scanner.plug()
  await chip.plug()
  await until('all are back', () => faults().length === 0, FOUND_MS)
  expect(bench.bay('01')?.run).toBe(run)

  // A button that came back answers, and the other scanner takes the bay further.
  await until('the question', () => bench.bay('01')?.prompt?.expected === 'options', FOUND_MS)
  await until(
    'the press is taken',
    async () => {
      box.set(0, true)
      await clock.sleep(60)
      box.set(0, false)
      await clock.sleep(300)
      return state() !== 'summon'
    },
    FOUND_MS,
  )
  pos.scan(hid, 'RSL.01.abort')
  await until('the scan ends the run', () => ['closed', 'empty'].includes(state()), FOUND_MS)

  // The card leaves with its cable and comes back.
  ip(`link del ${near}`)
  await until('the card is missed', () => faults().join() === 'STATION_LINK_MISSING')
  ip(`link add ${near} type veth peer name ${far}`)
  ip(`link set ${near} up`)
  await until('the card is back', () => faults().length === 0)
})
