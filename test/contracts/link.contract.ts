// What every link must keep, virtual or of copper; run on each driver by its own test file.
import { describe, expect, it } from 'vitest'
import type { LinkReport, LinkSource } from '../../agent/ports.ts'

/** One link under test, and hands to move its cable. `downs` must count if the driver tells it. */
export interface LinkBench {
  readonly source: LinkSource
  up(): Promise<void> | void
  down(): Promise<void> | void
  /** Down and up again in one go. */
  flap(): Promise<void> | void
  /** Takes the port itself away and brings it back with the cable out; null when that cannot happen. */
  readonly port: { remove(): Promise<void> | void; restore(): Promise<void> | void } | null
  close(): Promise<void> | void
}

/** Reports of one watch, as they come. */
export class Watched {
  readonly reports: LinkReport[] = []
  readonly #stop = new AbortController()
  readonly ended: Promise<void>
  #wake: () => void = () => undefined

  constructor(source: LinkSource) {
    this.ended = this.#collect(source)
  }

  async #collect(source: LinkSource): Promise<void> {
    for await (const report of source.watch(this.#stop.signal)) {
      this.reports.push(report)
      this.#wake()
    }
  }

  /** The words of the link reports so far. */
  get words(): string[] {
    return this.reports.flatMap((report) => (report.kind === 'link' ? [report.link] : []))
  }

  get macs(): string[] {
    return this.reports.flatMap((report) => (report.kind === 'mac' ? [report.mac] : []))
  }

  get downs(): (number | undefined)[] {
    return this.reports.flatMap((report) => (report.kind === 'link' ? [report.downs] : []))
  }

  /** Waits until `holds`; fails with what came instead. */
  async until(what: string, holds: () => boolean, ms = 5000): Promise<void> {
    const limit = performance.now() + ms
    while (!holds()) {
      const left = limit - performance.now()
      if (left <= 0) throw new Error(`${what} did not come: ${JSON.stringify(this.reports)}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** Waits until the link reports are exactly these. */
  untilWords(...words: string[]): Promise<void> {
    return this.until(words.join(), () => this.words.join() === words.join())
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.ended
  }
}

/** `make` gives a link whose port is there and whose cable is out. */
export function linkContract(name: string, make: () => Promise<LinkBench> | LinkBench): void {
  const withLink = (test: (bench: LinkBench, watched: Watched) => Promise<void>) => async () => {
    const bench = await make()
    const watched = new Watched(bench.source)
    try {
      await test(bench, watched)
    } finally {
      await watched.stop()
      await bench.close()
    }
  }

  describe(`the ${name} link`, () => {
    it(
      'tells the present state first, and again to who watches later',
      withLink(async (bench, watched) => {
        await watched.untilWords('down')
        await bench.up()
        await watched.untilWords('down', 'up')
        const later = new Watched(bench.source)
        await later.untilWords('up')
        await later.stop()
      }),
    )

    it(
      'tells each edge once, in order, with a time and a count that never go back',
      withLink(async (bench, watched) => {
        await watched.untilWords('down')
        const expected = ['down']
        for (let i = 0; i < 3; i++) {
          await bench.up()
          expected.push('up')
          await watched.untilWords(...expected)
          await bench.down()
          expected.push('down')
          await watched.untilWords(...expected)
        }
        const times = watched.reports.map((report) => report.at)
        expect([...times].sort((a, b) => a - b)).toEqual(times)
        const downs = watched.downs.filter((count) => count !== undefined)
        expect([...downs].sort((a, b) => a - b)).toEqual(downs)
        if (downs.length > 0) expect((downs.at(-1) ?? 0) - (downs[0] ?? 0)).toBe(3)
      }),
    )

    it(
      'shows a flap as down and up, however short',
      withLink(async (bench, watched) => {
        await watched.untilWords('down')
        await bench.up()
        await watched.untilWords('down', 'up')
        await bench.flap()
        await watched.untilWords('down', 'up', 'down', 'up')
      }),
    )

    it(
      'takes the loss of the port for a fact, and tells when it is back',
      withLink(async (bench, watched) => {
        if (bench.port === null) return
        await bench.up()
        await watched.until('up', () => watched.words.at(-1) === 'up')
        await bench.port.remove()
        await watched.until('gone', () => watched.words.at(-1) === 'gone')
        await bench.port.restore()
        await watched.until('down', () => watched.words.slice(-3).join() === 'gone,back,down')
      }),
    )

    it(
      'ends with the signal alone, at once, and starts nothing on one that is aborted',
      withLink(async (bench, watched) => {
        await watched.untilWords('down')
        const from = performance.now()
        await watched.stop()
        expect(performance.now() - from).toBeLessThan(1000)
        for await (const report of bench.source.watch(AbortSignal.abort())) {
          throw new Error(`reported ${JSON.stringify(report)} after the end`)
        }
      }),
    )
  })
}
