// The daily digest: a file and a text for each day that is over, and the newest one retained at a real broker.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../../agent/log.ts'
import { Digests } from '../../../agent/publish/digests.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { Consumer } from '../publish/parts/consumer.ts'
import { Mosquitto } from '../publish/parts/mosquitto.ts'
import { openRig } from '../publish/parts/rig.ts'
import { until } from '../publish/parts/wait.ts'
import { openDesk } from './desk-station.ts'

const DAY = 86_400_000
const day = (at: number) => {
  const local = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${local.getFullYear()}-${two(local.getMonth() + 1)}-${two(local.getDate())}`
}

test('each day that is over has its file, quiet ones between too, and the newest goes to the broker', async () => {
  const clock = systemClock()
  const desk = await openDesk()
  onTestFinished(() => desk.close())
  const ago = (days: number) => {
    // Noon, so that no change of summer time moves it to another day.
    const noon = new Date(clock.now()).setHours(12, 0, 0, 0) - days * DAY
    return {
      startedAt: new Date(noon - 3_600_000).toISOString(),
      endedAt: new Date(noon).toISOString(),
    }
  }
  await desk.run('A', { ...ago(3), verdict: 'failed' })
  await desk.run('A', ago(3))
  await desk.run('B', ago(1))
  const dir = join(desk.dir, 'digests')
  const digests = new Digests({
    dir,
    site: 'hall',
    station: 'bench-1',
    reader: desk.reader,
    clock,
    timers: clock,
    log: silentLog,
  })
  const mosquitto = await Mosquitto.start()
  onTestFinished(() => mosquitto.close())
  const consumer = await Consumer.open(mosquitto.url, ['#'], { protocolVersion: 5 })
  onTestFinished(() => consumer.close())
  const rig = await openRig(mosquitto.url, {}, { digests })
  onTestFinished(() => rig.publisher.stop(500))
  const life = new AbortController()
  const run = digests.run(life.signal)
  await until('the digest at the broker', () => consumer.last('/digest') !== undefined)
  expect(consumer.last('/digest')).toMatchObject({
    schema: 'reseal/digest/1',
    date: day(clock.now() - DAY),
    devices: { resealed: 1, notResealed: 0 },
  })
  // Whoever comes later hears it too, and all that was said is in the document.
  const late = await Consumer.open(mosquitto.url, ['#'], { protocolVersion: 5 })
  onTestFinished(() => late.close())
  await until('the retained digest', () => late.last('/digest') !== undefined)
  expect([...consumer.problems, ...late.problems]).toEqual([])
  life.abort()
  await run
  expect(readdirSync(dir).sort()).toEqual(
    [3, 2, 1]
      .flatMap((days) => ['json', 'txt'].map((kind) => `${day(clock.now() - days * DAY)}.${kind}`))
      .sort(),
  )
  const text = readFileSync(join(dir, `${day(clock.now() - 3 * DAY)}.txt`), 'utf8')
  expect(text).toContain('1 device resealed, 0 not. 2 runs, 0 alarms.')
})
