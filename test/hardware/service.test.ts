// The unit's own command line on real parts of this kernel: card, gadget keyboard and lamp; a service manager is told.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import { COLOURS } from '../fakes/lamp-looks.ts'
import { until } from '../fakes/pty.ts'
import { Gadget } from './guest/gadget.ts'
import { KernelBlink1 } from './guest/kernel-blink1.ts'
import { proved } from './guest/runner.ts'
import { UhidPlug } from './guest/uhid.ts'

const PLACE = '/tmp/service'
const SOCKET = `${PLACE}/notify`
const CONFIG = `${PLACE}/station.yaml`
const UNIT = '/reseal/systemd/reseal.service'
/** The station feeds it three times in this time. */
const WATCHDOG_MS = 6000
const WAIT_MS = 150_000
const LIMIT_MS = 480_000

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** ExecStart with the paths of this machine in place of an installation's. */
function execStart(): string[] {
  const line = /^ExecStart=(.*)$/m.exec(readFileSync(UNIT, 'utf8'))?.[1] ?? ''
  const words = line.split(' ').map((word) => word.replace('/opt/reseal/current/', '/reseal/'))
  expect(words[0]).toBe('/reseal/bin/node')
  return words.map((word, i) =>
    i === 0 ? process.execPath : word.replace('/etc/reseal/station.yaml', CONFIG),
  )
}

/** What arrives at the service manager's socket. */
async function listener(): Promise<() => string> {
  let text = ''
  const socat = spawn('socat', ['-u', `UNIX-RECV:${SOCKET}`, '-'])
  closing.push(() => socat.kill('SIGKILL'))
  socat.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += `${more}\n`
  })
  await until('the socket is there', () => readFileSync('/proc/net/unix', 'utf8').includes(SOCKET))
  return () => text
}

test(
  'ExecStart of the unit serves a bay of real parts, says READY, feeds the watchdog, and ends when asked',
  async () => {
    mkdirSync(PLACE, { recursive: true })
    closing.push(() => rmSync(PLACE, { recursive: true, force: true }))
    const gadget = new Gadget(0)
    closing.push(() => gadget.close())
    const lamp = new KernelBlink1(() => systemClock().mono(), '2000ABCD')
    const plug = new UhidPlug(lamp)
    await plug.plug()
    closing.push(() => plug.unplug())
    const parts = `link: "nic:eth0", keyboard: "hidg:${gadget.node}", lamp: "blink1:2000ABCD"`
    writeFileSync(
      CONFIG,
      `site: hall\nstation: bench\ndata: ${PLACE}/data\nbays:\n  - { bay: "1", ${parts} }\n`,
    )
    const heard = await listener()
    const count = (word: string) => heard().split(word).length - 1
    const [node = '', ...args] = execStart()
    const env = { ...process.env, NOTIFY_SOCKET: SOCKET, WATCHDOG_USEC: `${WATCHDOG_MS * 1000}` }
    const station = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    closing.push(() => station.kill('SIGKILL'))
    const said: string[] = []
    for (const input of [station.stdout, station.stderr])
      createInterface({ input }).on('line', (line) => said.push(line.slice(0, 300)))
    // Seldom looked at: one processor is all that the station has too.
    const wait = async (what: string, holds: () => boolean) => {
      const end = performance.now() + WAIT_MS
      while (!holds()) {
        if (performance.now() > end) throw new Error([what, ...said.slice(-8), heard()].join('\n'))
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
    }
    const ended = new Promise<number | null>((resolve) => station.on('exit', resolve))
    await wait('READY=1', () => count('READY=1') === 1)
    await wait('five WATCHDOG=1', () => count('WATCHDOG=1') >= 5)
    await wait('the lamp is dark for an empty bay', () => lamp.look() === COLOURS['empty'])
    station.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(count('READY=1')).toBe(1)
    await wait('STOPPING=1', () => count('STOPPING=1') === 1)
    proved(
      `ExecStart of the unit on a real card, gadget keyboard and lamp: READY=1, ${count('WATCHDOG=1')} WATCHDOG=1, STOPPING=1`,
    )
  },
  LIMIT_MS,
)
