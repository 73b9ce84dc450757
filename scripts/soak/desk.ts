// The other side of the cables, in a process of its own: chips, scanners and serial lamps on terminals, cards, a switch; it pulls plugs.
import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'
import { Random } from '../../drivers/virtual/index.ts'
import { Ch9329Double } from '../../test/fakes/ch9329-double.ts'
import { FakeSwitch } from '../../test/fakes/fake-switch.ts'
import { PikvmDouble } from '../../test/fakes/pikvm-double.ts'
import { type PtyPair, ptyPair } from '../../test/fakes/pty.ts'
import { fitstatDouble, lcusDouble, towerDouble } from '../../test/fakes/serial-lamps.ts'
import type { Calm, DeskOrder, DeskPlaces } from './desk-orders.ts'
import { Viewers } from './viewers.ts'

const run = promisify(execFile)
/** A plug that was pulled is put back after this long, ms. */
const OUT_MIN_MS = 100
const OUT_MAX_MS = 2000
/** One plug a bay comes out in so many seconds, on average. */
const PULL_EVERY_MS = 400
/** A double writes down all it hears: let go of it now and then. */
const TRIM_EVERY_MS = 5000
const SWITCH_PORTS = 48

const random = new Random(11, 'desk')
const viewers = new Viewers()
const { CH9329, PIKVM, CARDS } = JSON.parse(process.argv[2] ?? '{}') as Record<string, number>

const chips = await Promise.all(
  Array.from({ length: CH9329 ?? 0 }, () => Ch9329Double.start({ enumerated: false })),
)
const picos = await Promise.all(
  Array.from({ length: PIKVM ?? 0 }, () => PikvmDouble.start({ enumerated: false })),
)
const scanners = await Promise.all([ptyPair(() => undefined), ptyPair(() => undefined)])
const lamps = [
  await towerDouble(),
  await lcusDouble(['red', 'yellow', 'green']),
  await fitstatDouble(),
]
const managed = await FakeSwitch.start(SWITCH_PORTS)
const cards = Array.from({ length: CARDS ?? 0 }, (_, at) => ({
  near: `near${at}`,
  far: `far${at}`,
}))
for (const { near, far } of cards) {
  await run('ip', ['link', 'add', near, 'type', 'veth', 'peer', 'name', far])
  await run('ip', ['link', 'set', near, 'up'])
}

const plugs: readonly Pick<PtyPair, 'unplug' | 'plug'>[] = [
  ...chips,
  ...picos,
  ...scanners,
  ...lamps.map(({ pty }) => pty),
]
const out = new Set<Pick<PtyPair, 'unplug' | 'plug'>>()
let isStormy = false
let pulls = 0
/** Orders to the switch go one after the other: each waits for its answer. */
let asking: Promise<unknown> = Promise.resolve()
const tellSwitch = (order: Parameters<FakeSwitch['order']>[0]) => {
  asking = asking.then(() => managed.order(order))
  return asking
}

/** Pulls one plug and puts it back a little later. */
async function pull(): Promise<void> {
  const plug = random.pick(plugs)
  if (out.has(plug)) return
  out.add(plug)
  pulls++
  await plug.unplug()
  await new Promise((resolve) => setTimeout(resolve, random.int(OUT_MIN_MS, OUT_MAX_MS)))
  await plug.plug()
  out.delete(plug)
}

/** A card of the PC leaves with its cable and comes back. */
async function replaceCard(): Promise<void> {
  const { near, far } = random.pick(cards)
  pulls++
  await run('ip', ['link', 'del', near]).catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, random.int(OUT_MIN_MS, OUT_MAX_MS)))
  await run('ip', ['link', 'add', near, 'type', 'veth', 'peer', 'name', far])
  await run('ip', ['link', 'set', near, 'up'])
}

async function troubleSwitch(): Promise<void> {
  const kind = random.int(0, 3)
  if (kind === 0) await tellSwitch({ do: 'restart' })
  else if (kind === 1) {
    await tellSwitch({ do: 'mode', mode: { silent: true } })
    await new Promise((resolve) => setTimeout(resolve, 2000))
    await tellSwitch({ do: 'mode', mode: {} })
  } else await tellSwitch({ do: 'flap', port: random.int(1, SWITCH_PORTS) })
}

let storm: Promise<void> = Promise.resolve()
async function blow(): Promise<void> {
  const pulling = new Set<Promise<void>>()
  for (let n = 1; isStormy; n++) {
    const work = n % 25 === 0 ? replaceCard() : n % 40 === 1 ? troubleSwitch() : pull()
    pulling.add(work)
    void work.finally(() => pulling.delete(work))
    await new Promise((resolve) => setTimeout(resolve, random.int(0, 2 * PULL_EVERY_MS)))
  }
  await Promise.all(pulling)
}

const trim = setInterval(() => {
  for (const chip of chips) {
    chip.reports.length = 0
    chip.frames.length = 0
  }
  for (const pico of picos) {
    pico.polls.length = 0
    pico.requests.length = 0
  }
}, TRIM_EVERY_MS)

async function obey(order: DeskOrder): Promise<unknown> {
  switch (order.do) {
    case 'places': {
      const places: DeskPlaces = {
        chips: chips.map(({ path }) => path),
        picos: picos.map(({ path }) => path),
        scanners: scanners.map(({ path }) => path),
        lamps: lamps.map(({ pty }) => pty.path),
        cards: cards.map(({ near }) => near),
        switchPort: managed.port,
      }
      return places
    }
    case 'card':
      return run('ip', ['link', 'set', cards[order.at]?.far ?? '', order.up ? 'up' : 'down']).then(
        () => null,
        // The card is out at this moment.
        () => null,
      )
    case 'port':
      return void (await tellSwitch({ do: 'link', port: order.port, up: order.up }))
    case 'chip': {
      const keyboard = [...chips, ...picos][order.at]
      keyboard?.set({ enumerated: order.on, driverAlive: order.on })
      return null
    }
    case 'scan':
      for (const text of order.texts) scanners[order.at]?.write(`${text}\r`)
      return null
    case 'storm':
      isStormy = true
      storm = blow()
      viewers.start(order.board)
      return null
    case 'calm':
      isStormy = false
      await storm
      await viewers.stop()
      return { pulls, seen: viewers.taken } satisfies Calm
  }
}

process.on('message', ({ id, order }: { id: number; order: DeskOrder }) => {
  void obey(order).then(
    (value) => process.send?.({ id, value: value ?? null }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  )
})
process.on('disconnect', async () => {
  clearInterval(trim)
  isStormy = false
  await storm.catch(() => undefined)
  await Promise.all([...chips, ...picos, ...scanners].map((one) => one.close()))
  await Promise.all(lamps.map(({ pty }) => pty.close()))
  await managed.close().catch(() => undefined)
  process.exit()
})
process.send?.({ id: 0, value: 'ready' })
