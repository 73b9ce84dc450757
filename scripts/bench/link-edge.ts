// From an edge of the wire to its durable input, against the moment in which `ip monitor` itself tells of it.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hrtime } from 'node:process'
import { silentLog } from '../../agent/log.ts'
import type { Entry, Ledger } from '../../agent/ports.ts'
import { openStation } from '../../agent/station.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { randomIds } from '../../drivers/host/ids.ts'
import { loadConfig, type StationConfig } from '../../station-config/loader.ts'
import { Veth } from '../../test/integration/link/veth.ts'
import { until } from '../../test/integration/publish/parts/wait.ts'
import { inFolder } from './folder.ts'
import { percentile, type Row, rowOf } from './row.ts'

const WARM_UP = 10
const EDGES = 150
/** Between two edges, ms; uneven, so that the driver's poll is met at every phase. */
const PAUSE_MS = 40
const PAUSE_STEP_MS = 37

/** ms of the monotonic clock that all processes of the machine share. */
const now = (): number => Number(hrtime.bigint()) / 1e6

/** `ip` that takes one command after the other, so that pulling a cable does not stop our own event loop. */
class Cable {
  readonly #ip = spawn('ip', ['-batch', '-'], { stdio: ['pipe', 'ignore', 'inherit'] })
  readonly #far: string

  constructor(far: string) {
    this.#far = far
  }

  set(word: 'up' | 'down'): void {
    this.#ip.stdin.write(`link set ${this.#far} ${word}\n`)
  }

  close(): void {
    this.#ip.stdin.end()
  }
}

/** The bench notes when a commit of a link fact is over. */
function watchCommits(told: (link: string, at: number) => void) {
  return <T extends object>(port: T): T => {
    if (!('commit' in port)) return port
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        if (name !== 'commit') return value.bind(target)
        return async (entry: Entry) => {
          const done = await (target as unknown as Ledger).commit(entry)
          if (entry.input.fact.kind === 'link') told(entry.input.fact.link, now())
          return done
        }
      },
    })
  }
}

function configIn(dir: string, iface: string): StationConfig {
  const file = join(dir, 'bench.yaml')
  const bay = { bay: '1', link: `nic:${iface}`, keyboard: 'manual:', networkCheck: false }
  writeFileSync(file, JSON.stringify({ site: 'hall', station: 'bench', bays: [bay] }))
  const { config, problems } = loadConfig(file)
  if (config === null) throw new Error(JSON.stringify(problems))
  return config
}

async function monitor(iface: string, told: (at: number) => void): Promise<ChildProcess> {
  const child = fork(new URL('./ip-monitor-process.ts', import.meta.url), [iface])
  await once(child, 'message')
  child.on('message', (said: { readonly at: number }) => told(said.at))
  return child
}

export async function linkEdge(): Promise<readonly Row[]> {
  const veth = new Veth()
  const cable = new Cable(veth.far)
  try {
    const late = await inFolder((dir) => edges(dir, veth, cable))
    const [p50, p99] = [percentile(late, 0.5), percentile(late, 0.99)]
    return [
      rowOf({
        name: 'link: edge to durable input, p99',
        unit: 'ms',
        ours: [p99],
        goal: { of: 'figure', is: 'at most', value: 10 },
        note: `after the line of ip monitor itself in another process; ${late.length} edges of a veth pair, p50 ${p50.toFixed(1)} ms`,
      }),
    ]
  } finally {
    cable.close()
    veth.close()
  }
}

async function edges(dir: string, veth: Veth, cable: Cable): Promise<readonly number[]> {
  let committed: { link: string; at: number } | null = null
  let printed: number | null = null
  const reference = await monitor(veth.near, (at) => {
    printed ??= at
  })
  const clock = systemClock()
  const station = await openStation({
    config: configIn(dir, veth.near),
    dataDir: dir,
    clock,
    ids: randomIds(),
    log: silentLog,
    version: '0.0.0',
    wrap: watchCommits((link, at) => {
      committed = { link, at }
    }),
    outside: null,
  })
  const late: number[] = []
  try {
    await until('the first look at the link', () => committed !== null)
    for (let n = 0; n < WARM_UP + EDGES; n += 1) {
      await clock.sleep(PAUSE_MS + ((n * PAUSE_STEP_MS) % 100))
      committed = null
      printed = null
      const word = n % 2 === 0 ? 'up' : 'down'
      cable.set(word)
      await until(`the wire ${word}`, () => committed?.link === word && printed !== null)
      const { at } = committed as unknown as { at: number }
      if (n >= WARM_UP) late.push(at - (printed as unknown as number))
    }
  } finally {
    await station.close()
    reference.disconnect()
  }
  return late
}
