// Several keyboard chips of one vendor id and no serial number: bound by their USB place, through unplugging in any order.
import { mkdir, mkdtemp, readlink, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { KeyboardReport } from '../../../agent/ports.ts'
import { openSerial } from '../../../drivers/io/serial.ts'
import { openCh9329 } from '../../../drivers/keyboard/ch9329.ts'
import type { OpenKeyboard } from '../../../drivers/keyboard/played-keyboard.ts'
import { burst } from '../../contracts/keyboard.ts'
import { Ch9329Double } from '../../fakes/ch9329-double.ts'
import { until } from '../../fakes/pty.ts'
import { clock, never, QUICK } from './rig.ts'

const CHIPS = 3
const nameOf = (n: number): string => `pci-0000:00:14.0-usb-0:${n + 1}:1.0-port0`

interface Bay {
  readonly chip: Ch9329Double
  readonly name: string
  readonly keyboard: OpenKeyboard
  last: KeyboardReport | null
}

let folder: string
let bays: Bay[]

/** What udev does: the name leads to the terminal that the chip's adapter has now. */
async function plug({ chip, name }: Pick<Bay, 'chip' | 'name'>): Promise<void> {
  await chip.plug()
  await symlink(await readlink(chip.path), name)
}

async function unplug({ chip, name }: Bay): Promise<void> {
  await chip.unplug()
  await rm(name, { force: true })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseal-by-path-'))
  bays = []
  for (let n = 0; n < CHIPS; n++) {
    const chip = await Ch9329Double.start({}, join(folder, `chip-${n}`))
    chip.config[0] = 0x01
    const name = join(folder, nameOf(n))
    await plug({ chip, name })
    const keyboard = await openCh9329({ path: name, clock, stateDir: folder, numbers: QUICK })
    const bay: Bay = { chip, name, keyboard, last: null }
    bays.push(bay)
    void (async () => {
      for await (const fact of keyboard.watch(never)) bay.last = fact
    })()
  }
  await until('all are there', () => bays.every(({ last }) => last?.enumerated === true))
})
afterEach(async () => {
  for (const { keyboard, chip } of bays) {
    await keyboard.close()
    await chip.close()
  }
  await rm(folder, { recursive: true })
})

/** So many taps in bay 0, one more in each next: every chip must have those of its own bay alone. */
async function playAll(): Promise<void> {
  const from = bays.map(({ chip }) => chip.reports.length)
  const answers = await Promise.all(
    bays.map(({ keyboard }, n) => keyboard.play(burst(0x51, n + 1, 5, 5), never)),
  )
  expect(answers.map(({ proof }) => proof)).toEqual(bays.map(() => 'accepted'))
  expect(bays.map(({ chip }, n) => chip.taps(0x51, from[n]))).toEqual(bays.map((_, n) => n + 1))
}

test('each bay has its own chip, also after all were pulled and came back in another order', async () => {
  await playAll()
  const before = await Promise.all(bays.map(({ name }) => readlink(name)))
  for (const bay of bays) await unplug(bay)
  await until('all are gone', () => bays.every(({ last }) => last?.health === 'gone'))
  for (const bay of bays.toReversed()) await plug(bay)
  await until('all are back', () => bays.every(({ last }) => last?.enumerated === true))
  const after = await Promise.all(bays.map(({ name }) => readlink(name)))
  // The kernel gave the numbers in the order of plugging: at least one name leads to another terminal now.
  expect(after).not.toEqual(before)
  await playAll()
})

test('one that is pulled in the middle of a burst holds up none of the others', async () => {
  const [first, ...others] = bays
  const playing = first!.keyboard.play(burst(0x51, 5, 60_000, 5), never)
  await until('the key is down', () => first!.chip.keysDown().includes(0x51))
  await unplug(first!)
  expect(await playing).toEqual({ proof: 'unknown' })
  for (const { keyboard } of others)
    expect(await keyboard.play(burst(0x51, 1, 5, 5), never)).toEqual({ proof: 'accepted' })
  await plug(first!)
  await until('all keys are up', () => first!.chip.keysDown().length === 0)
  await until('it is back', () => first!.last?.enumerated === true)
  await playAll()
})

test('a stale name that leads to another chip is not opened', async () => {
  const [first, second] = bays
  await unplug(first!)
  await until('it is gone', () => first!.last?.health === 'gone')
  await second!.keyboard.close()
  // Udev was late: bay 0's name leads to the terminal of bay 1's chip, and the kernel knows better.
  const tty = await readlink(second!.chip.path)
  await symlink(tty, first!.name)
  const sysRoot = join(folder, 'sys')
  const device = join(sysRoot, 'devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/ttyUSB0')
  await mkdir(device, { recursive: true })
  await mkdir(join(sysRoot, 'class/tty', basename(tty)), { recursive: true })
  await symlink(device, join(sysRoot, 'class/tty', basename(tty), 'device'))
  const listener = { bytes: () => undefined, gone: () => undefined, back: () => undefined }
  const open = (path: string) =>
    openSerial({ path, baud: 9600, clock, required: true, sysRoot }, listener)
  await expect(open(first!.name)).rejects.toMatchObject({
    code: 'STATION_PORT_GONE',
    where: expect.stringMatching(/another USB place/),
  })
  const port = await open(second!.name)
  expect(port.isOpen).toBe(true)
  // It is not even tried: the bay that has it would be told apart as busy.
  await expect(open(first!.name)).rejects.toMatchObject({ code: 'STATION_PORT_GONE' })
  await port.close()
  await rm(first!.name)
})
