// `doctor` on the PC itself: every line says what is wrong and what to do, on a PC laid out as files.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkHost } from '../../../agent/cli/doctor-host.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { randomIds } from '../../../drivers/host/ids.ts'
import { loadConfig, type StationConfig } from '../../../station-config/loader.ts'
import { tempFile } from '../../core/config-files.ts'
import { LaidOutPc } from '../../fakes/device-tree.ts'

let pc: LaidOutPc
beforeEach(() => {
  pc = new LaidOutPc()
  pc.write('etc/group', 'root:x:0:\ndialout:x:20:ann\nplugdev:x:46:\n')
  pc.write('proc/sys/kernel/osrelease', '6.1.0-56-amd64\n')
})
afterEach(() => pc.remove())

const io = {
  write: async () => undefined,
  say: () => undefined,
  isTerminal: false,
  ask: null,
  clock: systemClock(),
  ids: randomIds(),
  signal: new AbortController().signal,
  exit: () => undefined,
}

function config(bay: string): StationConfig {
  const text = `station: s\nbays:\n  - { bay: "01", link: nic:eth1, ${bay} }\n`
  const { config: read, problems } = loadConfig(tempFile('doctor.yaml', text))
  if (read === null) throw new Error(JSON.stringify(problems))
  return read
}

async function lines(of: StationConfig, uid = 1000, gids: readonly number[] = []) {
  const all = new Map<string, string>()
  for await (const { part, grade, code, detail } of checkHost({
    io,
    config: of,
    data: pc.root,
    root: pc.root,
    uid,
    gids,
  }))
    all.set(part, `${grade} ${code ?? ''} ${detail}`)
  return all
}

const HARDWARE = 'keyboard: "ch9329:/dev/ttyUSB0", lamp: "blink1:2000ABCD"'

test('a bench of hands needs neither groups nor rules nor modules', async () => {
  const parts = [...(await lines(config('keyboard: "manual:"'))).keys()]
  expect(parts).toEqual(['clock', 'uplink', 'mqtt port'])
})

test('a user without the groups is told which, root and members are not', async () => {
  const bench = config(HARDWARE)
  expect((await lines(bench)).get('group dialout')).toMatch(/^bad STATION_GROUP_MISSING/)
  expect((await lines(bench, 1000, [20])).get('group dialout')).toMatch(/^ok/)
  expect((await lines(bench, 1000, [20])).get('group plugdev')).toMatch(/^bad/)
  expect((await lines(bench, 0)).get('group plugdev')).toMatch(/^ok/)
})

test('udev rules are missing, old, or those of this version', async () => {
  const bench = config(HARDWARE)
  const said = async () => (await lines(bench)).get('udev rules')
  expect(await said()).toMatch(/^bad STATION_RULES_MISSING/)
  pc.write('etc/udev/rules.d/70-reseal.rules', '# older\n')
  expect(await said()).toMatch(/^warn STATION_RULES_MISSING .*another version/)
  const own = resolve(import.meta.dirname, '../../../systemd/70-reseal.rules')
  pc.write('etc/udev/rules.d/70-reseal.rules', readFileSync(own, 'utf8'))
  expect(await said()).toMatch(/^ok/)
})

test('a kernel without the drivers of serial chips is named; loaded, loadable and built in are all fine', async () => {
  const bench = config(HARDWARE)
  const said = async () => (await lines(bench)).get('kernel modules for serial')
  expect(await said()).toMatch(/^warn STATION_MODULE_MISSING ch341, cdc_acm, cp210x, ftdi_sio/)
  const modules = 'lib/modules/6.1.0-56-amd64'
  pc.write(
    `${modules}/modules.dep`,
    'kernel/drivers/usb/serial/ch341.ko: usbserial.ko\nkernel/drivers/usb/class/cdc-acm.ko.xz:\n',
  )
  pc.write(`${modules}/modules.builtin`, 'kernel/drivers/usb/serial/cp210x.ko\n')
  expect(await said()).toMatch(/^warn STATION_MODULE_MISSING ftdi_sio for/)
  pc.write('proc/modules', 'ftdi_sio 61440 0 - Live 0x0\n')
  expect(await said()).toMatch(/^ok/)
})

test('the uplink is named, and missed', async () => {
  const bench = config('keyboard: "manual:"')
  expect((await lines(bench)).get('uplink')).toMatch(/^warn STATION_NETWORK/)
  pc.card({ name: 'eth0', carrier: 1 })
  pc.defaultRoute('eth0')
  expect((await lines(bench)).get('uplink')).toBe('ok  eth0')
})
