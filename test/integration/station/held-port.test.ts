// A station whose keyboard and scanner ports another program holds when it starts: it starts, and has them when they are let go.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Log } from '../../../agent/log.ts'
import { silentLog } from '../../../agent/log.ts'
import { openStation } from '../../../agent/station.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { randomIds } from '../../../drivers/host/ids.ts'
import { loadConfig } from '../../../station-config/loader.ts'
import { Ch9329Double } from '../../fakes/ch9329-double.ts'
import { testId } from '../../fakes/netns.ts'
import { ptyPair, until } from '../../fakes/pty.ts'
import { ip } from '../link/veth.ts'
import { RealBay } from './real-bay.ts'

const clock = systemClock()
/** One line of `doctor --json`. */
interface Line {
  readonly part: string
  readonly grade: string
  readonly code?: string
}
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A part that is looked for again within this time. */
const FOUND_MS = 12_000

/** Another program that has opened the port for itself alone, as a terminal program does. */
async function holder(path: string): Promise<ChildProcess> {
  const held = spawn('flock', ['--no-fork', path, 'sh', '-c', 'echo held; exec sleep 300'])
  closers.push(() => held.kill('SIGKILL'))
  let said = ''
  held.stdout.on('data', (chunk: Buffer) => {
    said += String(chunk)
  })
  await until('the other program has it', () => said.includes('held'))
  return held
}

/** A bay with a wire of its own. */
function wire(): { readonly near: string; readonly far: string } {
  const id = testId()
  const [near, far] = [`rsn${id}`, `rsf${id}`]
  ip(`link add ${near} type veth peer name ${far}`)
  closers.push(() => ip(`link del ${near}`))
  ip(`link set ${near} up`)
  return { near, far }
}

test('a held keyboard port stops its bay alone, says who must act, and heals by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reseal-held-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const path = (name: string) => join(folder, name)
  const [one, two] = [wire(), wire()]
  const chips: Ch9329Double[] = []
  for (const name of ['chip1', 'chip2']) {
    const chip = await Ch9329Double.start({ enumerated: true, driverAlive: true }, path(name))
    closers.push(() => chip.close())
    chips.push(chip)
  }
  const pty = await ptyPair(() => undefined, path('scanner'))
  closers.push(() => pty.close())
  const held = [await holder(path('chip1')), await holder(path('scanner'))]

  const bay = (name: string, link: string, chip: string) => ({
    bay: name,
    link: `nic:${link}`,
    keyboard: `ch9329:${path(chip)}`,
    adapter: 'bench',
    networkCheck: false,
  })
  const bays = [bay('01', one.near, 'chip1'), bay('02', two.near, 'chip2')]
  const scanners = [{ scanner: `serial:${path('scanner')}` }]
  const limits = { steadyMs: 100 }
  const text = { site: 'hall', station: 'bench-1', limits, bays, scanners }
  writeFileSync(path('bench.yaml'), JSON.stringify(text))
  const { config, problems } = loadConfig(path('bench.yaml'))
  if (config === null) throw new Error(JSON.stringify(problems))
  const warned: object[] = []
  const log: Log = {
    ...silentLog,
    child: () => log,
    warn: (_, fields) => void warned.push(fields ?? {}),
  }
  const station = await openStation({
    config,
    dataDir: path('data'),
    clock,
    ids: randomIds(),
    log,
    version: '0',
    outside: null,
  })
  closers.push(() => station.close())
  const { bench } = station
  const faults = () =>
    bench
      .health()
      .filter(({ ok }) => !ok)
      .map(({ part, bay: at, code }) => `${part} ${at ?? ''} ${code}`)
      .toSorted()
      .join()

  await until(
    'both are missed by their true names',
    () => faults() === 'keyboard 01 STATION_PORT_BUSY,scanner  STATION_PORT_BUSY',
  )
  const busy = warned.filter((row) => 'code' in row && row.code === 'STATION_PORT_BUSY')
  expect(busy).toHaveLength(2)

  // The other bay works meanwhile: it opens a run.
  ip(`link set ${two.far} up`)
  const stands = () => bench.bay('02')?.state ?? ''
  await until('bay 02 sees it', () => ['present', 'identify'].includes(stands()), FOUND_MS)
  await bench.scan('5CG12345AB', 'test', '02')
  await until('its run', () => bench.bay('02')?.run != null)
  expect(chips[0]?.reports).toEqual([])

  for (const program of held) program.kill('SIGKILL')
  await until('all is well', () => faults() === '', FOUND_MS)
  await until('the first bay is looked after', () => (chips[0]?.reports.length ?? 0) > 0)
  pty.write('RSL.02.abort\r')
  await until('the scanner ends the run', () => ['closed', 'empty'].includes(stands()), FOUND_MS)
})

test('doctor tells a keyboard that the running station has from one that another program took', async () => {
  const b = await RealBay.open()
  closers.push(() => b.close())
  const doctor = async (...wanted: readonly string[]) => {
    const { out } = await b.cli('doctor', '--config', 'bench.yaml', '--data', b.dataDir, '--json')
    const { parts } = JSON.parse(out) as { parts: Line[] }
    return wanted.map((name) => parts.find(({ part }) => part === name))
  }
  const other = await holder(b.chip.path)
  await b.start()
  expect(await doctor('bay 01 keyboard')).toMatchObject([{ code: 'STATION_PORT_BUSY' }])
  other.kill('SIGKILL')
  const missed = async () => {
    const answer = await fetch(`${b.url}/readyz`)
    return ((await answer.json()) as { problems: Line[] }).problems.map(({ part }) => part)
  }
  await until('the station has it', async () => !(await missed()).includes('keyboard'), FOUND_MS)
  expect(await doctor('board', 'bay 01 keyboard')).toMatchObject([
    { grade: 'ok' },
    { grade: 'ok', detail: expect.stringContaining('the running station has it') },
  ])
})
