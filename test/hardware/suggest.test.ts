// A bench is set up as its owner does it: `suggest --pair` asks, hands answer, and the config it prints runs its bays to resealed.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import process from 'node:process'
import { afterEach, expect, test } from 'vitest'
import type { BayView } from '../../agent/core/view.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { COLOURS } from '../fakes/lamp-looks.ts'
import { Card } from './guest/card.ts'
import { Gadget, HostSide } from './guest/gadget.ts'
import { KernelBlink1 } from './guest/kernel-blink1.ts'
import { proved } from './guest/runner.ts'
import { UhidPlug } from './guest/uhid.ts'

const PLACE = '/tmp/suggest'
const CONFIG = join(PLACE, 'station.yaml')
const MAIN = 'agent/main.ts'
const BOARD = 'http://127.0.0.1:8080'
const WAIT_MS = 240_000
const LIMIT_MS = 900_000
/** The processor is shared with the station: it is asked seldom. */
const LOOK_MS = 500
const LEFT_META = 125

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** What a line editor tells the terminal about its cursor. */
const MOVES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g')

const said: string[] = []
const heard = (child: ChildProcess): void => {
  for (const output of [child.stdout, child.stderr])
    output?.setEncoding('utf8').on('data', (text: string) => said.push(text))
}

async function wait(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MS
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`never: ${what}\n${said.join('').slice(-3000)}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** What stands at one bay: a card, a gadget keyboard on the device's own USB host, a lamp. */
class Place {
  readonly card: Card
  readonly lamp: KernelBlink1
  readonly lampSerial: string
  readonly side: HostSide

  private constructor(index: number, side: HostSide, lampSerial: string) {
    this.card = new Card(index)
    this.side = side
    this.lampSerial = lampSerial
    this.lamp = new KernelBlink1(() => systemClock().mono(), lampSerial)
  }

  static async open(index: number): Promise<Place> {
    const gadget = new Gadget(index)
    closing.push(() => gadget.close())
    const side = await HostSide.of(gadget.serial)
    closing.push(() => side.close())
    const place = new Place(index, side, `2000ABC${index}`)
    const plug = new UhidPlug(place.lamp)
    await plug.plug()
    closing.push(() => plug.unplug())
    place.card.wake()
    await place.card.cable(true)
    closing.push(() => place.card.cable(false))
    return place
  }

  /** The device's USB host takes the keyboard or lets it go, as a cable would; dummy_hcd knows no other way back. */
  async usb(isIn: boolean): Promise<void> {
    this.#authorized ??= join(this.side.usb, '..', 'authorized')
    writeFileSync(this.#authorized, isIn ? '1' : '0')
    if (isIn) await this.side.enumerated()
    else await wait('the keyboard has left', () => !this.side.isThere)
  }
  #authorized: string | null = null

  get taps(): number {
    return this.side.keys.filter(({ code, value }) => code === LEFT_META && value === 0).length
  }
}

/** `suggest --pair` on a terminal of its own, as a person has it. */
async function pair(answer: (question: string) => Promise<string | null>): Promise<void> {
  const script = join(PLACE, 'pair.sh')
  const line = `${process.execPath} ${MAIN} suggest --pair --no-network-check >${CONFIG}`
  writeFileSync(script, `#!/bin/sh\nexec ${line}\n`, { mode: 0o755 })
  const person = spawn('socat', ['-', `EXEC:${script},pty,ctty,setsid,stderr,echo=0`], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  closing.push(() => person.kill('SIGKILL'))
  heard(person)
  let open = ''
  person.stdout.on('data', (text: string) => {
    open += text.replaceAll(MOVES, '')
  })
  const ended = new Promise<void>((resolve) => person.on('exit', () => resolve()))
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  while (!hasEnded) {
    await wait('a question', () => hasEnded || /: $/.test(open))
    const question = open
    open = ''
    if (hasEnded) break
    const text = await answer(question)
    if (text === null) throw new Error(`nobody knows an answer to: ${question}`)
    person.stdin.write(`${text}\n`)
  }
}

const view = async (bay: string): Promise<BayView> =>
  (await fetch(`${BOARD}/api/v1/bays/${bay}`)).json() as Promise<BayView>

async function act(bay: string, action: string, body: object): Promise<void> {
  const answer = await fetch(`${BOARD}/api/v1/bays/${bay}/actions/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ by: 'test', ...body }),
  })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${action} at bay ${bay}: ${text}`)
}

/** What a person sees and says in an assisted bay whose device does everything right. */
const ANSWERS: Readonly<Record<string, string>> = {
  summon: 'options',
  selecting: 'yes',
  reviewing: 'yes',
  provisioning: 'green',
}

/** One device, from switched on to resealed; who sits at the bay answers every question of it. */
async function reseal(bay: string, place: Place, serial: string): Promise<BayView> {
  await place.card.cable(true)
  await place.usb(true)
  const answered = new Set<string>()
  let last: BayView | null = null
  await wait(`bay ${bay} is done`, async () => {
    last = await view(bay)
    const { state, prompt } = last
    if (state === 'identify' && !answered.has('scan')) {
      answered.add('scan')
      await act(bay, 'scan', { text: serial })
    }
    const word = ANSWERS[state]
    const isDue = state !== 'summon' || place.taps >= 5
    if (prompt !== null && word !== undefined && isDue && !answered.has(prompt.id)) {
      answered.add(prompt.id)
      await act(bay, 'answer', { prompt: prompt.id, answer: word })
    }
    if (state === 'offproof' && !answered.has('off')) {
      answered.add('off')
      await place.card.cable(false)
      await place.usb(false)
    }
    return state === 'done'
  })
  if (last === null) throw new Error('never looked')
  return last
}

test(
  'suggest --pair asks at the bench, and the config it prints runs two bays to resealed unchanged',
  async () => {
    mkdirSync(PLACE, { recursive: true })
    closing.push(() => rmSync(PLACE, { recursive: true, force: true }))
    // The kernel's own keyboard handler answers lock keys while a console is open, as it does on a device.
    const console = openSync('/dev/tty1', constants.O_RDWR | constants.O_NOCTTY)
    closing.push(() => closeSync(console))
    // The second place stands left of the first: which is which only the hands can tell.
    const places = [await Place.open(0), await Place.open(1)]
    const [one, two] = places
    if (one === undefined || two === undefined) throw new Error('two places')
    const bays: Readonly<Record<string, Place>> = { '01': two, left: one }

    const asked: string[] = []
    await pair(async (question) => {
      asked.push(question)
      if (question.includes('Next bay [01]')) return ''
      if (question.includes('Next bay [02]')) return 'left'
      const at = bays[/Bay (\S+): [^\n]*$/.exec(question)?.[1] ?? '']
      if (/take its network cable/.test(question) && at !== undefined) {
        await at.card.cable(false)
        await at.card.cable(true)
        return ''
      }
      if (/take the USB cable of its keyboard out/.test(question) && at !== undefined) {
        await at.usb(false)
        return ''
      }
      if (/put the USB cable in again/.test(question) && at !== undefined) {
        await at.usb(true)
        return ''
      }
      if (/A lamp blinks yellow/.test(question)) {
        // The word may be on the terminal before the light is on: a person looks until one blinks.
        const lit = () =>
          Object.entries(bays).filter(([, { lamp }]) => lamp.look() === COLOURS['you'])
        await wait('one lamp blinks yellow', () => lit().length === 1)
        return lit()[0]?.[0] ?? null
      }
      return null
    })
    const config = readFileSync(CONFIG, 'utf8')
    for (const [bay, { card, lampSerial }] of Object.entries(bays)) {
      expect(config).toContain(`- bay: "${bay}"\n    link: nic:${card.iface}\n    keyboard: hidg:`)
      expect(config).toContain(`lamp: blink1:${lampSerial}`)
    }
    expect(config).not.toContain('manual:')

    // Both devices go away before the station starts: a bay begins empty.
    for (const place of places) {
      await place.card.cable(false)
      await place.usb(false)
    }
    const args = [MAIN, 'run', '--config', CONFIG, '--data', join(PLACE, 'data')]
    const station = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    closing.push(() => station.kill('SIGKILL'))
    heard(station)
    await wait('the board answers', () =>
      fetch(`${BOARD}/livez`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    const done = await Promise.all(
      Object.entries(bays).map(([bay, place], n) => reseal(bay, place, `5CG12345A${n}`)),
    )
    expect(done.map(({ grade, signal }) => [grade, signal])).toEqual([
      ['stated', 'done'],
      ['stated', 'done'],
    ])
    for (const { lamp } of places)
      await wait('the lamp is green', () => lamp.look() === COLOURS['done'])
    const taps = places.map((place) => place.taps)
    for (const count of taps) expect(count).toBeGreaterThanOrEqual(5)
    const ended = new Promise<number | null>((resolve) => station.on('exit', resolve))
    station.kill('SIGTERM')
    expect(await ended).toBe(0)
    proved(
      `suggest --pair with ${asked.length} questions on ${places.map(({ card }) => basename(card.driver)).join(' and ')}, ` +
        `two gadget keyboards and two lamps; its config ran both bays to resealed (${taps.join(' and ')} taps)`,
    )
  },
  LIMIT_MS,
)
