// Three days of a bench of 64 bays by the stepped clock, boards watching: does anything grow that should not? `node days.ts [hours]`.
import process from 'node:process'
import { type Sample, sampleNow, statusMb } from './figures.ts'
import { between, type Line, leaks, tell } from './verdict.ts'
import { BAYS, EVENTS_MAX, HOUR, openDays } from './virtual-days.ts'
import { Watchers } from './watchers.ts'

/** A new ledger grows beyond what SQLite keeps of it in memory (4 MB for each connection) within this time, h. */
const WARM_UP = 6
const SAMPLE_EVERY_MS = 2 * 60_000

const hours = Number(process.argv[2] ?? 72)
if (!(hours >= 3)) throw new RangeError('less than three hours have no second and no last one')
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const days = await openDays()
const { clock, station, broker, settle } = days
const { bench, reader } = station
const web = await days.serveBoard()
const watchers = await settle(Watchers.start(clock, web.url))

let transitions = 0
bench.subscribe(() => {
  transitions++
})
const samples: Sample[] = []
const from = performance.now()
await clock.run(() => clock.mono() >= WARM_UP * HOUR, EVENTS_MAX)
transitions = 0
for (let due = SAMPLE_EVERY_MS; due <= hours * HOUR; due += SAMPLE_EVERY_MS) {
  await clock.run(() => clock.mono() >= WARM_UP * HOUR + due, EVENTS_MAX)
  const hour = Math.floor((due - 1) / HOUR)
  const isWhole = due % HOUR === 0
  // Collecting garbage takes its time: only what is compared is measured closely.
  if (hour === 1 || hour === hours - 1 || isWhole) samples.push(sampleNow(due - 1, clock.waiting))
  const last = samples.at(-1)
  if (isWhole && last !== undefined && (hour < 3 || hour % 6 === 5))
    say(
      `${String(hour + 1).padStart(3)} h: ${last.liveMb.toFixed(1)} MB alive, ${last.ownMb.toFixed(0)} MB its own, ${statusMb('VmRSS').toFixed(0)} MB resident, ` +
        `${last.open.timers} timers, ${transitions} commits, ${broker.taken} messages, ${watchers.frames} frames`,
    )
}
const seconds = (performance.now() - from) / 1000
// The page shows what the bench shows once the last changes were told.
const isTold = () => watchers.behind(bench).length === 0
const told = await clock.run(isTold, 200_000)
const records = (await settle(reader.runs({ max: 1 })))[0]?.seq ?? 0
const lines: readonly Line[] = [
  ...leaks(between(samples, HOUR, 2 * HOUR), between(samples, (hours - 1) * HOUR, hours * HOUR), [
    'second hour',
    'last hour',
  ]),
  {
    name: 'work',
    text:
      `${BAYS} virtual bays for ${hours} h (after ${WARM_UP} h to warm up) in ${seconds.toFixed(0)} s: ${records} runs, ${transitions} commits, ` +
      `${broker.taken} messages, ${clock.fired} events`,
    ok: records > hours * BAYS * 0.2,
  },
  {
    name: 'boards',
    text:
      `${watchers.opened} streams came and went, ${watchers.frames} frames, ${watchers.pages} pages, ${watchers.dropped} slow readers cut off, ` +
      `the page of the whole time told ${watchers.painted} times, at the end ${told === 'until' ? 'as the bench' : `behind: ${watchers.behind(bench).join()}`}`,
    ok: told === 'until' && watchers.dropped > 0 && watchers.painted > hours * BAYS,
  },
]
const isGood = tell(lines, say)
await settle(watchers.stop())
await web.close()
await days.close()
process.exitCode = isGood ? 0 : 1
