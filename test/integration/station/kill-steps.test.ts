// Sends kill -9 in every state that an assisted bay on real parts can stand in, one run and one bench for all of them.
import { afterEach, expect, test } from 'vitest'
import { RealBay, SERIAL, until } from './real-bay.ts'

/** Keys that do something: Enter, Tab, Space, Down, Up. Lock keys and release-all are none. */
const ACTS = [0x28, 0x2b, 0x2c, 0x51, 0x52]
/** States that still name the run that is closed. */
const AFTER = ['done', 'back', 'alarm', 'out']
/** So late is each answer of the chip where a state must last until it is killed in, ms; the driver waits 500. */
const LATE_MS = 300
/** Generous: other tests share the machine. Alone the two take about half a minute. */
const TIMEOUT_MS = 400_000

let bay: RealBay | null = null
afterEach(async () => {
  await bay?.close()
  bay = null
})

/** Restarts while a run was open, and every state that was killed in. */
class Killer {
  readonly b: RealBay
  inRun = 0
  readonly states: string[] = []

  constructor(b: RealBay) {
    this.b = b
  }

  /** Kills in a state, starts again, and sees to it that keys go up first and none is pressed anew. */
  async in(state: string, then: readonly string[] = [state]): Promise<void> {
    const { b } = this
    const { run } = await b.state([state])
    await b.kill()
    const last = b.chip.reports.length
    this.states.push(state)
    if (!AFTER.includes(state) && run !== null) this.inRun++
    b.chip.set({ lateReplies: 0 })
    await b.start()
    if (state !== 'keyless') {
      await until('the chip hears of the new agent', () => b.chip.reports.length > last)
      expect(b.chip.reports[last]?.bytes, state).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    }
    const view = await b.state(then)
    expect(view.run, state).toBe(run)
    const pressed = b.chip.reports
      .slice(last)
      .filter(({ bytes }) => bytes.slice(2).some((usage) => ACTS.includes(usage)))
    expect(pressed, `keys after a kill in ${state}`).toEqual([])
  }

  /** Makes the next burst last. */
  slow(): void {
    this.b.chip.set({ lateReplies: 1000, lateMs: LATE_MS })
  }
}

const recordsOf = async (b: RealBay): Promise<readonly Record<string, unknown>[]> => {
  const { out } = await b.cli('export', '--format', 'ndjson', '--data', b.dataDir)
  return out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { record: Record<string, unknown> }).record)
}

test(
  'one run through every state, killed in each: one record, no key replayed',
  async () => {
    const b = await RealBay.open()
    bay = b
    const kill = new Killer(b)
    await b.start()

    b.link.up()
    await kill.in('present')
    b.chip.set({ enumerated: true, driverAlive: false })
    await kill.in('identify')
    b.link.down()
    // The limit for a device that was lost is armed: the fall of the link is known.
    await until('the fall', async () => {
      const { deadline, at } = await b.view()
      return deadline !== null && deadline - at < 60_000
    })
    b.scan(SERIAL)
    await kill.in('wiring')
    b.link.up()
    await kill.in('echo')
    b.chip.set({ driverAlive: true })
    await kill.in('summon', ['echo', 'summon'])

    // The moves are slow: it is killed among them, and a person says what is there.
    await until('five taps', () => b.windowsTaps >= 5)
    kill.slow()
    await b.answer('summon', 'options')
    await kill.in('moving', ['locate'])
    await kill.in('locate')
    await b.answer('locate', 'options')
    await b.state(['selecting'])
    await b.chip.unplug()
    await until('the loss is known', async () => (await b.view()).signal === 'station')
    await b.answer('selecting', 'yes')
    await kill.in('keyless', ['locate'])
    await b.chip.plug()
    await b.answer('locate', 'options')
    await b.state(['selecting'])
    await until('the chip works', async () => (await b.view()).signal !== 'station')
    kill.slow()
    await b.answer('selecting', 'yes')
    await kill.in('entering', ['locate'])
    kill.slow()
    await b.answer('locate', 'landing')
    await kill.in('landing', ['locate'])
    await b.answer('locate', 'landing')
    await b.state(['reviewing'])
    kill.slow()
    await b.answer('reviewing', 'yes')
    await kill.in('accepting', ['locate'])
    await b.answer('locate', 'provisioning')
    await b.state(['provisioning'])
    b.link.down()
    await kill.in('restarting')
    b.link.up()

    // Red, first with a code that waits, then by a person's word.
    await b.answer('provisioning', 'red')
    await kill.in('failing')
    await b.answer('failing', 'code', '0x81039001')
    await kill.in('retry-wait')
    b.link.down()
    await b.state(['restarting'])
    b.link.up()
    await b.answer('locate', 'red')
    await b.answer('failing', 'no-code')
    await kill.in('hold')
    kill.slow()
    await b.answer('hold', 'retry')
    await kill.in('retry-confirm', ['locate'])
    await b.answer('locate', 'red')
    await b.answer('failing', 'no-code')
    await b.answer('hold', 'retry')
    await until('the question', async () => (await b.view()).prompt?.expected === 'yes')
    kill.slow()
    await b.answer('retry-confirm', 'yes')
    await kill.in('retrying', ['locate'])
    await b.answer('locate', 'provisioning')

    // Green: the first Reseal is cut off and proves nothing, the second is whole.
    await b.state(['provisioning'])
    kill.slow()
    await b.answer('provisioning', 'green')
    await kill.in('resealing', ['locate'])
    await b.answer('locate', 'green')
    await b.state(['offproof'])
    expect((await b.act('removed')).status).toBe(200)
    await kill.in('dark-ask')
    b.switchOff()
    await b.answer('dark-ask', 'dark')
    await kill.in('closing', ['closing', 'done']).catch(async (error: unknown) => {
      // Its four tenths of a second may be over before the kill: then the record was made already.
      if ((await b.view()).state !== 'done') throw error
    })
    await kill.in('done')

    // What stands there afterwards is no run, and a kill makes none of it.
    b.link.up()
    await kill.in('back')
    b.scan(SERIAL)
    await kill.in('alarm')
    expect((await b.act('out-of-service')).status).toBe(200)
    await kill.in('out')
    await b.stop()

    const records = await recordsOf(b)
    expect(records).toMatchObject([{ verdict: 'resealed', grade: 'stated' }])
    expect(records[0]?.['agentRestarts']).toBe(kill.inRun)
    expect(new Set(kill.states).size).toBeGreaterThanOrEqual(23)
    expect((await b.cli('verify', '--data', b.dataDir)).code).toBe(0)
  },
  TIMEOUT_MS,
)

test(
  'killed before a run, in a pre-check that holds, and in the seconds of a closing: one record all the same',
  async () => {
    const b = await RealBay.open({ network: { netns: 'reseal-no-such-netns' } })
    bay = b
    // Long enough to be met by a kill.
    const limits = { ...(b.config['limits'] as object), steadyMs: 4000 }
    b.write({ ...b.config, limits })
    const kill = new Killer(b)
    await b.start()
    await kill.in('empty')
    b.link.up()
    await kill.in('settling', ['settling', 'present'])
    b.plugIn()
    await b.state(['identify', 'present'])
    b.scan(SERIAL)
    await kill.in('precheck')
    expect((await b.act('abort')).status).toBe(200)
    await b.kill()
    await b.start()
    await b.state(['closed'])
    await b.stop()
    const records = await recordsOf(b)
    expect(records).toMatchObject([{ verdict: 'aborted' }])
    expect((await b.cli('verify', '--data', b.dataDir)).code).toBe(0)
  },
  TIMEOUT_MS,
)
