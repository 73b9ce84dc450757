// Several scanners at one station: each is missed by its own name, and one that the config names no more is missed by nobody.
import { afterEach, expect, test } from 'vitest'
import { HealthBook } from '../../agent/bench/health.ts'
import { silentLog } from '../../agent/log.ts'
import type { ScannerHealth } from '../../agent/ports.ts'
import { type OpenedScanner, Scanners } from '../../agent/station/scanners.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { Channel } from '../../drivers/io/channel.ts'
import type { ScannerConfig } from '../../station-config/loader.ts'
import { until } from '../fakes/pty.ts'

const clock = systemClock()
const book = () => {
  const health = new HealthBook(clock, () => undefined)
  const missed = () =>
    health
      .all()
      .filter(({ ok }) => !ok)
      .map(({ detail }) => detail)
      .toSorted()
  return { health, missed }
}

class FakeScanner implements OpenedScanner {
  #health: ScannerHealth['health'] = 'ok'
  readonly #facts = new Channel<ScannerHealth>(() => [{ health: this.#health, at: clock.now() }])

  watch(signal: AbortSignal) {
    return this.#facts.watch(signal)
  }

  set(health: ScannerHealth['health']): void {
    this.#health = health
    this.#facts.push({ health, at: clock.now() })
  }

  close = async () => this.#facts.close()
}

const wanted = (name: string): ScannerConfig => ({
  scanner: { driver: 'serial', text: name, path: name, baud: 9600 },
  bay: null,
})

let scanners: Scanners | null = null
afterEach(async () => {
  await scanners?.close()
  scanners = null
})

async function opened() {
  const { health, missed } = book()
  const all = new Map<string, FakeScanner>()
  scanners = new Scanners({
    bench: { report: (row) => health.report(row), scan: async () => ({ taken: 'taken' }) },
    log: silentLog,
    open: async (name) => {
      const made = new FakeScanner()
      all.set(name, made)
      return made
    },
  })
  await scanners.follow([wanted('a'), wanted('b')])
  return { missed, all, scanners }
}

test('one scanner that works does not hide another one that is gone', async () => {
  const { missed, all } = await opened()
  all.get('a')?.set('gone')
  await until('a is missed', () => missed().join() === 'a')
  all.get('b')?.set('gone')
  await until('both are missed', () => missed().join() === 'a,b')
  all.get('b')?.set('ok')
  await until('b is back, a is not', () => missed().join() === 'a')
})

test('a scanner that left the config is missed no more', async () => {
  const { missed, all, scanners } = await opened()
  all.get('a')?.set('gone')
  await until('a is missed', () => missed().join() === 'a')
  await scanners.follow([wanted('b')])
  expect(missed()).toEqual([])
})
