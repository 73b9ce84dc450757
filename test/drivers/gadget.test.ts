// Setting up a gadget keyboard: in the kernel's order, done twice as once, and with nothing left after a failure.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { carryOut, nodeOf, planRemove, planSetup, stepText } from '../../drivers/keyboard/gadget.ts'
import { nameOf, planName, planUnname } from '../../drivers/keyboard/gadget-name.ts'
import { kernelTree } from '../../drivers/keyboard/gadget-tree.ts'
import { GadgetTreeDouble } from '../fakes/gadget-tree-double.ts'

const GADGETS = '/sys/kernel/config/usb_gadget'

function setUp(tree: GadgetTreeDouble, bay: string, udc?: string) {
  const plan = planSetup(tree, bay, udc)
  carryOut(tree, plan.steps, bay)
  carryOut(tree, planName(tree, bay))
  return plan
}
const fault = (code: string, where = /./) =>
  expect.objectContaining({ code, where: expect.stringMatching(where) })

test('a keyboard and nothing else, known by the serial number of its bay', () => {
  const tree = new GadgetTreeDouble()
  const { serial, udc } = setUp(tree, '3')
  expect([serial, udc]).toEqual(['RESEAL-3', 'fe980000.usb'])
  const at = (path: string) => tree.read(`${GADGETS}/reseal-3/${path}`)
  expect(at('strings/0x409/serialnumber')).toBe('RESEAL-3')
  expect(at('functions/hid.3/report_length')).toBe('8')
  expect(at('functions/hid.3/protocol')).toBe('1')
  expect(at('functions/hid.3/no_out_endpoint')).toBe('1')
  expect(at('UDC')).toBe('fe980000.usb')
  expect(tree.list(`${GADGETS}/reseal-3/functions`)).toEqual(['hid.3'])
  const descriptor = tree.nodes.get(`${GADGETS}/reseal-3/functions/hid.3/report_desc`)
  expect(descriptor).toHaveLength(65)
  expect(nodeOf(tree, '3')).toBe('/dev/hidg0')
})

test('done again it changes nothing; another controller makes it anew', () => {
  const tree = new GadgetTreeDouble({ controllers: ['a.usb', 'b.usb'] })
  setUp(tree, '3', 'a.usb')
  const written = tree.written.length
  expect(setUp(tree, '3').steps).toEqual([])
  expect(setUp(tree, '3', 'a.usb').steps).toEqual([])
  expect(tree.written).toHaveLength(written)
  setUp(tree, '3', 'b.usb')
  expect(tree.read(`${GADGETS}/reseal-3/UDC`)).toBe('b.usb')
})

test.each([
  [['07', '08'], '/dev/hidg0'],
  [['08', '07'], '/dev/hidg1'],
])('made in the order %s, the keyboard of bay 07 has one name', (order, node) => {
  const tree = new GadgetTreeDouble({ controllers: ['usb-07', 'usb-08'] })
  for (const bay of order) setUp(tree, bay, `usb-${bay}`)
  expect(nameOf('07')).toBe('/dev/reseal/hidg-07')
  expect([nodeOf(tree, '07'), tree.target(nameOf('07'))]).toEqual([node, node])
  expect(tree.target(nameOf('08'))).toBe(nodeOf(tree, '08'))
})

test('a name that is lost or leads elsewhere is mended when the gadget stands already', () => {
  const tree = new GadgetTreeDouble()
  expect(planName(tree, '3')).toEqual([])
  setUp(tree, '3')
  expect(planName(tree, '3')).toEqual([])
  tree.unlink(nameOf('3'))
  tree.link('/dev/hidg7', nameOf('3'))
  expect(setUp(tree, '3').steps).toEqual([])
  expect(tree.target(nameOf('3'))).toBe('/dev/hidg0')
  tree.unlink(nameOf('3'))
  tree.failAt = { path: nameOf('3'), code: 'EEXIST' }
  expect(() => setUp(tree, '3')).toThrow(fault('STATION_GADGET_DENIED', /hidg-3: EEXIST/))
})

test('on disk the name is a link in a folder that all may look into', () => {
  const root = mkdtempSync(join(tmpdir(), 'reseal-name-'))
  try {
    const folder = join(root, 'reseal')
    kernelTree.folder(folder)
    kernelTree.folder(folder)
    kernelTree.link('/dev/hidg1', join(folder, 'hidg-07'))
    expect(statSync(folder).mode & 0o777).toBe(0o755)
    expect(kernelTree.target(join(folder, 'hidg-07'))).toBe('/dev/hidg1')
    expect([kernelTree.target(folder), kernelTree.target(join(root, 'none'))]).toEqual([null, null])
  } finally {
    rmSync(root, { recursive: true })
  }
})

test('a gadget that is half made, or has a storage too, is taken apart first', () => {
  const tree = new GadgetTreeDouble()
  setUp(tree, '3')
  tree.mkdir(`${GADGETS}/reseal-3/functions/mass_storage.0`)
  setUp(tree, '3')
  expect(tree.list(`${GADGETS}/reseal-3/functions`)).toEqual(['hid.3'])
  tree.write(`${GADGETS}/reseal-3/UDC`, '\n')
  setUp(tree, '3')
  expect(tree.read(`${GADGETS}/reseal-3/UDC`)).toBe('fe980000.usb')
})

test('it is removed without a trace, and removing nothing is fine', () => {
  const tree = new GadgetTreeDouble()
  setUp(tree, '3')
  carryOut(tree, [...planUnname(tree, '3'), ...planRemove(tree, '3')])
  expect(tree.list(GADGETS)).toEqual([])
  expect([tree.target('/dev/reseal/hidg-3'), planUnname(tree, '3')]).toEqual([null, []])
  expect(planRemove(tree, '3')).toEqual([])
  expect(nodeOf(tree, '3')).toBeNull()
})

test('a kernel with wakeup_on_write has it switched off, one without the attributes is fine too', () => {
  const patched = new GadgetTreeDouble({ attributes: ['no_out_endpoint', 'wakeup_on_write'] })
  setUp(patched, '3')
  const wakes = `${GADGETS}/reseal-3/functions/hid.3/wakeup_on_write`
  expect(patched.read(wakes)).toBe('0')
  expect(() => setUp(new GadgetTreeDouble({ attributes: [] }), '3')).not.toThrow()
})

test.each([
  ['no configfs', { hasConfigfs: false }, 'STATION_GADGET_NO_CONFIGFS'],
  ['no module for keyboards', { hasHid: false }, 'STATION_GADGET_NO_CONFIGFS'],
  ['no controller', { controllers: [] }, 'STATION_GADGET_NO_UDC'],
  ['two controllers and no word which', { controllers: ['a', 'b'] }, 'STATION_GADGET_NO_UDC'],
  ['no right to write', { mayWrite: false }, 'STATION_GADGET_DENIED'],
] as const)('%s is told', (_, world, code) => {
  expect(() => setUp(new GadgetTreeDouble(world), '3')).toThrow(fault(code))
})

test('a controller that is not there, or is another gadget’s, is named', () => {
  const tree = new GadgetTreeDouble({ controllers: ['a.usb'] })
  expect(() => setUp(tree, '3', 'b.usb')).toThrow(fault('STATION_GADGET_NO_UDC', /a\.usb/))
  setUp(tree, '3')
  expect(() => setUp(tree, '4')).toThrow(fault('STATION_GADGET_BUSY', /reseal-3/))
})

test('the fifth keyboard of a kernel is refused, and nothing of it is left', () => {
  const controllers = ['a', 'b', 'c', 'd', 'e']
  const tree = new GadgetTreeDouble({ controllers })
  for (const [n, udc] of controllers.slice(0, 4).entries()) setUp(tree, `${n}`, udc)
  expect(() => setUp(tree, '4', 'e')).toThrow(fault('STATION_GADGET_FULL'))
  expect(tree.list(GADGETS)).toHaveLength(4)
})

test('whatever step fails, nothing half made is left', () => {
  const { steps } = planSetup(new GadgetTreeDouble(), '3')
  for (const { path } of steps.filter((step) => step.optional !== true)) {
    const tree = new GadgetTreeDouble()
    tree.failAt = { path, code: 'EIO' }
    expect(() => setUp(tree, '3'), path).toThrow(fault('STATION_GADGET_NO_CONFIGFS', /EIO/))
    expect(tree.list(GADGETS), path).toEqual([])
  }
})

test('each step reads as a line of shell', () => {
  const { steps } = planSetup(new GadgetTreeDouble(), '3')
  const lines = steps.map(stepText)
  expect(lines[0]).toBe(`mkdir ${GADGETS}/reseal-3`)
  expect(lines).toContain(`echo 'RESEAL-3' > ${GADGETS}/reseal-3/strings/0x409/serialnumber`)
  expect(lines.find((line) => line.startsWith('printf'))).toMatch(
    /'\\x05\\x01\\x09\\x06.*\\xc0' > /,
  )
  expect(lines.at(-1)).toBe(`echo 'fe980000.usb' > ${GADGETS}/reseal-3/UDC`)
})
