// `suggest` on a PC laid out as files, with chip doubles on real terminals behind its ports; with --pair a person is played.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Ch9329Double } from '../../fakes/ch9329-double.ts'
import { LaidOutPc } from '../../fakes/device-tree.ts'
import { type PtyPair, ptyPair, until } from '../../fakes/pty.ts'
import { onTerminal, reseal } from './reseal.ts'

let pc: LaidOutPc
let folder = ''
const doubles: Ch9329Double[] = []
const ptys: PtyPair[] = []
beforeEach(() => {
  pc = new LaidOutPc()
  folder = mkdtempSync(join(tmpdir(), 'reseal-suggest-test-'))
})
afterEach(async () => {
  await Promise.all([...doubles.splice(0), ...ptys.splice(0)].map((one) => one.close()))
  pc.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function chip(node: string, usbPath: string): Promise<Ch9329Double> {
  const double = await Ch9329Double.start({})
  doubles.push(double)
  pc.port({ node, usbPath, vendor: '1a86', product: '7523', leadsTo: double.path })
  return double
}
const byPath = (ports: string) =>
  `${pc.root}/dev/serial/by-path/pci-0000:00:14.0-usb-0:${ports}:1.0-port0`
const check = (text: string) => {
  const file = join(folder, 'station.yaml')
  writeFileSync(file, text)
  return reseal(['config', 'check', file], folder)
}

test('one card and one chip are a bay; the uplink is none, and the config is accepted as it is', async () => {
  pc.card({ name: 'eth1', carrier: 1 })
  pc.card({ name: 'eth22', carrier: 1 })
  pc.defaultRoute('eth1')
  await chip('ttyUSB0', '1-2')
  const { code, out } = await reseal(['suggest', '--root', pc.root], folder)
  expect(code).toBe(0)
  expect(out).toContain('# Not a bay: eth1 is the way out of this PC.')
  expect(out).toContain(`    link: nic:eth22\n    keyboard: ch9329:${byPath('2')}`)
  expect(await check(out)).toMatchObject({ code: 0 })
  expect(out).not.toContain('networkCheck')
  const alone = await reseal(['suggest', '--no-network-check', '--root', pc.root], folder)
  expect(alone.out).toContain('    networkCheck: false\n')
  expect(await check(alone.out)).toMatchObject({ code: 0 })
})

test('what could be several things is listed, never guessed; a running config keeps its parts', async () => {
  pc.card({ name: 'eth1' })
  pc.card({ name: 'eth22' })
  await chip('ttyUSB0', '1-2')
  await chip('ttyUSB1', '1-3')
  // The same serial chip without a keyboard behind it: a tower, perhaps.
  const silent = await ptyPair(() => undefined)
  ptys.push(silent)
  pc.port({
    node: 'ttyUSB2',
    usbPath: '1-4',
    vendor: '1a86',
    product: '7523',
    leadsTo: silent.path,
  })
  const { out } = await reseal(['suggest', '--root', pc.root], folder)
  expect(out).toContain('# Not decided: which bay each keyboard belongs to')
  expect(out).toContain(`#   ch9329:${byPath('3')}`)
  expect(out).toMatch(/# Not known what this is:\n# .*0:4:1\.0-port0 .*a tower, an LCUS relay/)
  expect(out.match(/keyboard: "manual:"/g)).toHaveLength(2)
  expect(await check(out)).toMatchObject({ code: 0 })

  const running = join(folder, 'running.yaml')
  writeFileSync(
    running,
    `station: hall\nbays:\n  - { bay: "01", link: nic:eth1, keyboard: "ch9329:${byPath('2')}" }\n`,
  )
  const more = await reseal(['suggest', '--root', pc.root, '--config', running], folder)
  expect(more.out).toContain('# Not a bay: eth1 is a bay already.')
  expect(more.out).toContain(
    `- bay: "02"\n    link: nic:eth22\n    keyboard: ch9329:${byPath('3')}`,
  )
})

test('a gadget keyboard is suggested by the name of its bay, and is not again when the config has its node', async () => {
  pc.card({ name: 'eth1' })
  pc.card({ name: 'eth22' })
  for (const node of ['hidg0', 'hidg1', 'hidg2']) pc.write(`dev/${node}`, '')
  pc.link('dev/reseal/hidg-01', '../hidg2')
  pc.link('dev/reseal/hidg-02', '../hidg0')
  const running = join(folder, 'running.yaml')
  const node = (name: string) => `hidg:${pc.root}/dev/${name}`
  const bays = [`{ bay: "01", link: nic:eth1, keyboard: "${node('hidg2')}" }`]
  const withBays = async () => {
    writeFileSync(running, `station: hall\nbays:\n${bays.map((bay) => `  - ${bay}\n`).join('')}`)
    return (await reseal(['suggest', '--root', pc.root, '--config', running], folder)).out
  }
  const some = await withBays()
  expect(some).toContain(`#   ${node('reseal/hidg-02')} `)
  expect(some).toContain(`#   ${node('hidg1')} `)
  expect(some).not.toMatch(/hidg0|hidg2|hidg-01/)
  bays[0] = `{ bay: "01", link: nic:eth1, keyboard: "${node('hidg1')}" }`
  bays.push(`{ bay: "03", link: nic:eth9, keyboard: "${node('reseal/hidg-01')}?echo=num" }`)
  const more = await withBays()
  expect(more).toContain(`link: nic:eth22\n    keyboard: ${node('reseal/hidg-02')}`)
  expect(await check(more)).toMatchObject({ code: 0 })
})

test('nothing to build a bay of is said and is exit 1; --pair without a person is wrong usage', async () => {
  expect(await reseal(['suggest', '--root', pc.root], folder)).toMatchObject({ code: 1 })
  const { code, err } = await reseal(['suggest', '--pair', '--root', pc.root], folder)
  expect({ code, err }).toMatchObject({
    code: 2,
    err: expect.stringContaining('USAGE_NO_TERMINAL'),
  })
})

test('a person at the bench pairs two bays by moving one cable after the other', async () => {
  pc.card({ name: 'eth1' })
  pc.card({ name: 'eth22' })
  const [one, two] = [await chip('ttyUSB0', '1-2'), await chip('ttyUSB1', '1-3')]
  const scanner = await ptyPair(() => undefined)
  ptys.push(scanner)
  pc.port({
    node: 'ttyACM0',
    usbPath: '1-4',
    vendor: '0c2e',
    product: '0b61',
    name: 'Scanner',
    serial: 'S7',
    leadsTo: scanner.path,
  })
  const file = join(folder, 'station.yaml')
  const person = onTerminal(['suggest', '--pair', '--root', pc.root], folder, file)
  /** Waits for a question, does something about it, presses Enter. */
  let seen = 0
  const at = async (question: RegExp, act: () => void, text = '') => {
    await until(
      `${question} in: ${person.said().slice(seen)}`,
      () => question.test(person.said().slice(seen)),
      30_000,
    )
    seen = person.said().length
    act()
    person.type(`${text}\n`)
  }
  const nothing = () => undefined
  await at(/Next bay \[01\]/, nothing)
  // Two cables at once decide nothing; it asks again.
  await at(/Bay 01: take its network cable/, () => {
    pc.flap('eth1', 3)
    pc.flap('eth22', 3)
  })
  await at(/Several links moved[\s\S]*Bay 01: take its network cable/, () => pc.flap('eth22', 5))
  await at(/Bay 01: take the USB cable of its keyboard out/, () => two.set({ enumerated: false }))
  await at(/Bay 01: put the USB cable in again/, () => two.set({ enumerated: true }))
  await at(/Next bay \[02\]/, nothing, 'left')
  await at(/Bay left: take its network cable/, () => pc.flap('eth1', 5))
  await at(/Bay left: take the USB cable of its keyboard out/, () => one.set({ enumerated: false }))
  await at(/Bay left: put the USB cable in again/, () => one.set({ enumerated: true }))
  await at(/Scan something with serial:/, () => scanner.write('5CG1234XYZ\r'), 'left')
  expect(await person.ended).toMatchObject({ code: 0 })
  const config = readFileSync(file, 'utf8')
  expect(config).toContain(`- bay: "01"\n    link: nic:eth22\n    keyboard: ch9329:${byPath('3')}`)
  expect(config).toContain(`- bay: "left"\n    link: nic:eth1\n    keyboard: ch9329:${byPath('2')}`)
  expect(config).toMatch(/- scanner: serial:.*Scanner_S7-if00\n {4}bay: "left"/)
  expect(await check(config)).toMatchObject({ code: 0 })
}, 120_000)
