// Makes the kernel's gadget keyboard of a bay and takes it away again: a keyboard and nothing else, known by its serial number.
import { StationError } from '../../agent/fault.ts'
import type { GadgetTree } from './gadget-tree.ts'

/** One change of the tree, as it is done and as it is printed. */
export interface GadgetStep {
  readonly do: 'mkdir' | 'folder' | 'rmdir' | 'write' | 'link' | 'unlink'
  readonly path: string
  /** What is written, or what a link leads to. */
  readonly value?: string | Uint8Array
  /** The attribute is not in every kernel: without it the step is left out. */
  readonly optional?: true
}

export interface GadgetPlan {
  readonly name: string
  readonly serial: string
  readonly udc: string
  /** Empty when everything stands as it should. */
  readonly steps: readonly GadgetStep[]
}

const GADGETS = '/sys/kernel/config/usb_gadget'
const CONTROLLERS = '/sys/class/udc'
const ENGLISH = 'strings/0x409'

/**
 * Boot keyboard, 8-byte reports, five LEDs (facts/hardware §2.2; maximum FF, so that E0-E7 may stand in the array too).
 */
const DESCRIPTOR = Uint8Array.from(
  Buffer.from(
    '05010906a101050719e029e71500250175019508810295017508810195057501050819012905910295017503910195067508150026ff00050719002aff008100c0',
    'hex',
  ),
)

const gadgetOf = (bay: string) => ({
  name: `reseal-${bay}`,
  serial: `RESEAL-${bay}`,
  folder: `${GADGETS}/reseal-${bay}`,
  hid: `functions/hid.${bay}`,
})

/** Attributes of the gadget with their values; 1d6b:0104 is the kernel's own number for composite gadgets. */
function attributes(bay: string): readonly (readonly [path: string, value: string])[] {
  const { serial, hid } = gadgetOf(bay)
  return [
    ['idVendor', '0x1d6b'],
    ['idProduct', '0x0104'],
    ['bcdUSB', '0x0200'],
    [`${ENGLISH}/serialnumber`, serial],
    [`${ENGLISH}/manufacturer`, 'Reseal'],
    [`${ENGLISH}/product`, 'Reseal keyboard'],
    // Bus powered; remote wakeup is declared, as keyboards do, and never used.
    ['configs/c.1/bmAttributes', '0xa0'],
    ['configs/c.1/MaxPower', '250'],
    [`${hid}/protocol`, '1'],
    [`${hid}/subclass`, '1'],
    [`${hid}/report_length`, '8'],
  ]
}

/**
 * What is to be done for the keyboard of a bay on a device controller (the only one there is, when none is named).
 * @throws StationError STATION_GADGET_NO_CONFIGFS, STATION_GADGET_NO_UDC, STATION_GADGET_BUSY
 */
export function planSetup(tree: GadgetTree, bay: string, wanted?: string): GadgetPlan {
  const { name, serial, folder, hid } = gadgetOf(bay)
  const gadgets = tree.list(GADGETS)
  if (gadgets === null) throw new StationError('STATION_GADGET_NO_CONFIGFS', GADGETS)
  const udc = controllerOf(tree, wanted, tree.read(`${folder}/UDC`))
  const owner = gadgets.find((one) => one !== name && tree.read(`${GADGETS}/${one}/UDC`) === udc)
  if (owner !== undefined) throw new StationError('STATION_GADGET_BUSY', `${udc}: gadget ${owner}`)
  if (isComplete(tree, bay, udc)) return { name, serial, udc, steps: [] }
  const at = (path: string) => `${folder}/${path}`
  const steps: GadgetStep[] = [
    // A half-made one is taken apart: linked attributes cannot be changed.
    ...(gadgets.includes(name) ? removal(tree, bay) : []),
    ...['', ENGLISH, 'configs/c.1', hid].map(
      (path): GadgetStep => ({ do: 'mkdir', path: path === '' ? folder : at(path) }),
    ),
    ...attributes(bay).map(
      ([path, value]): GadgetStep => ({ do: 'write', path: at(path), value: `${value}\n` }),
    ),
    { do: 'write', path: at(`${hid}/report_desc`), value: DESCRIPTOR },
    // LED reports by the control endpoint: what firmware of all kinds knows (facts/hardware §2.1).
    { do: 'write', path: at(`${hid}/no_out_endpoint`), value: '1\n', optional: true },
    // Of some patched kernels: on, a report would wake the device, and a restarting one locks the function.
    { do: 'write', path: at(`${hid}/wakeup_on_write`), value: '0\n', optional: true },
    { do: 'link', path: at(`configs/c.1/hid.${bay}`), value: at(hid) },
    { do: 'write', path: at('UDC'), value: `${udc}\n` },
  ]
  return { name, serial, udc, steps }
}

/**
 * What is to be done to take the keyboard of a bay away; nothing when there is none.
 * @throws StationError STATION_GADGET_NO_CONFIGFS
 */
export function planRemove(tree: GadgetTree, bay: string): readonly GadgetStep[] {
  const gadgets = tree.list(GADGETS)
  if (gadgets === null) throw new StationError('STATION_GADGET_NO_CONFIGFS', GADGETS)
  return gadgets.includes(gadgetOf(bay).name) ? removal(tree, bay) : []
}

/**
 * Does the steps in order. One that fails ends it; `cleanUp` then takes apart what was made.
 * @throws StationError STATION_GADGET_FULL, STATION_GADGET_DENIED, STATION_GADGET_BUSY, STATION_GADGET_NO_CONFIGFS
 */
export function carryOut(tree: GadgetTree, steps: readonly GadgetStep[], cleanUp?: string): void {
  for (const step of steps) {
    try {
      carry(tree, step)
    } catch (cause) {
      if (cleanUp !== undefined) takeApart(tree, cleanUp)
      throw faultOf(step, cause)
    }
  }
}

/** The node of a bay's keyboard (`/dev/hidg0`), or null while there is none; its number is no fixed one (gadget-name.ts). */
export function nodeOf(tree: GadgetTree, bay: string): string | null {
  const { folder, hid } = gadgetOf(bay)
  const device = tree.read(`${folder}/${hid}/dev`)
  if (device === null) return null
  const name = /^DEVNAME=(\S+)$/m.exec(tree.read(`/sys/dev/char/${device}/uevent`) ?? '')?.[1]
  return name === undefined ? null : `/dev/${name}`
}

/** A step as a line of shell. */
export function stepText({ do: what, path, value }: GadgetStep): string {
  if (what === 'link') return `ln -s ${String(value)} ${path}`
  if (what === 'unlink') return `rm ${path}`
  if (what === 'folder') return `mkdir -p -m 0755 ${path}`
  if (what !== 'write') return `${what} ${path}`
  if (typeof value === 'string') return `echo '${value.trimEnd()}' > ${path}`
  const bytes = Buffer.from(value ?? []).toString('hex')
  return `printf '${bytes.replace(/../g, '\\x$&')}' > ${path}`
}

function controllerOf(tree: GadgetTree, wanted: string | undefined, bound: string | null): string {
  const all = tree.list(CONTROLLERS) ?? []
  const names = all.length === 0 ? 'there is none' : `there is ${all.join(', ')}`
  if (wanted !== undefined && !all.includes(wanted))
    throw new StationError('STATION_GADGET_NO_UDC', `${wanted}: ${names}`)
  const one = wanted ?? (bound !== null && all.includes(bound) ? bound : null)
  if (one !== null) return one
  const [first, ...others] = all
  if (first === undefined) throw new StationError('STATION_GADGET_NO_UDC', names)
  if (others.length > 0)
    throw new StationError('STATION_GADGET_NO_UDC', `--udc says which: ${names}`)
  return first
}

/** The gadget stands, as it should be, with this keyboard and nothing else. */
function isComplete(tree: GadgetTree, bay: string, udc: string): boolean {
  const { folder, hid } = gadgetOf(bay)
  const functions = tree.list(`${folder}/functions`) ?? []
  if (functions.join() !== `hid.${bay}` || tree.read(`${folder}/UDC`) !== udc) return false
  if (tree.list(`${folder}/configs/c.1`)?.includes(`hid.${bay}`) !== true) return false
  const wakes = tree.read(`${folder}/${hid}/wakeup_on_write`)
  if (wakes !== null && wakes !== '0') return false
  return attributes(bay).every(([path, value]) => same(tree.read(`${folder}/${path}`), value))
}

/** The kernel writes numbers back in its own way. */
const same = (found: string | null, wanted: string): boolean =>
  found !== null && (found === wanted || (found !== '' && Number(found) === Number(wanted)))

/** In the order that configfs demands; only what is there. */
function removal(tree: GadgetTree, bay: string): GadgetStep[] {
  const { folder } = gadgetOf(bay)
  const isBound = (tree.read(`${folder}/UDC`) ?? '') !== ''
  const inside = (path: string) => tree.list(`${folder}/${path}`) ?? []
  const folders = (path: string, like: RegExp) => inside(path).filter((name) => like.test(name))
  const configs = folders('configs', /./)
  const rmdir = (path: string): GadgetStep => ({ do: 'rmdir', path: `${folder}/${path}` })
  return [
    ...(isBound ? [{ do: 'write', path: `${folder}/UDC`, value: '\n' } as const] : []),
    ...configs.flatMap((config) => [
      ...folders(`configs/${config}`, /\./).map(
        (name): GadgetStep => ({ do: 'unlink', path: `${folder}/configs/${config}/${name}` }),
      ),
      ...folders(`configs/${config}/strings`, /./).map((name) =>
        rmdir(`configs/${config}/strings/${name}`),
      ),
      rmdir(`configs/${config}`),
    ]),
    ...folders('functions', /./).map((name) => rmdir(`functions/${name}`)),
    ...folders('strings', /./).map((name) => rmdir(`strings/${name}`)),
    { do: 'rmdir', path: folder },
  ]
}

function carry(tree: GadgetTree, { do: what, path, value = '', optional }: GadgetStep): void {
  if (what === 'write') {
    if (optional === true && tree.read(path) === null) return
    tree.write(path, value)
  } else if (what === 'link') tree.link(String(value), path)
  else tree[what](path)
}

function takeApart(tree: GadgetTree, bay: string): void {
  for (const step of removal(tree, bay)) {
    try {
      carry(tree, step)
    } catch {
      // The rest may still go; the fault that led here is the one to tell.
    }
  }
}

function faultOf({ path, do: what }: GadgetStep, cause: unknown): StationError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const where = `${path}: ${code}`
  const isFunction = what === 'mkdir' && path.includes('/functions/')
  const isName = path.startsWith('/dev/')
  if (isName || code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new StationError('STATION_GADGET_DENIED', where, { cause })
  // HIDG_MINORS is 4: the fifth function of a kernel is refused so (facts/hardware §1, 4).
  if (isFunction && code === 'ENODEV')
    return new StationError('STATION_GADGET_FULL', where, { cause })
  if (code === 'EBUSY') return new StationError('STATION_GADGET_BUSY', where, { cause })
  if (path.endsWith('/UDC') && code === 'ENODEV')
    return new StationError('STATION_GADGET_NO_UDC', where, { cause })
  return new StationError('STATION_GADGET_NO_CONFIGFS', where, { cause })
}
