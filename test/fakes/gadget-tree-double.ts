// The kernel's gadget tree in memory, with the refusals that were seen on a real one (facts/hardware §1, 4 and §2.1).
import type { GadgetTree } from '../../drivers/keyboard/gadget-tree.ts'

const GADGETS = '/sys/kernel/config/usb_gadget'
/** HIDG_MINORS of the kernel. */
const FUNCTIONS_MAX = 4

const errno = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code })

export interface TreeWorld {
  readonly controllers?: readonly string[]
  /** False: the modules are not loaded. */
  readonly hasConfigfs?: boolean
  readonly hasHid?: boolean
  readonly mayWrite?: boolean
  readonly attributes?: readonly string[]
}

/** Folders are null, attributes text, links what they lead to. */
export class GadgetTreeDouble implements GadgetTree {
  readonly nodes = new Map<string, string | Uint8Array | null | { readonly link: string }>()
  readonly #world: Required<TreeWorld>
  /** Every write that was taken. */
  readonly written: string[] = []
  /** The next call on this path fails so. */
  failAt: { readonly path: string; readonly code: string } | null = null

  constructor(world: TreeWorld = {}) {
    this.#world = {
      controllers: ['fe980000.usb'],
      hasConfigfs: true,
      hasHid: true,
      mayWrite: true,
      attributes: ['no_out_endpoint'],
      ...world,
    }
    if (this.#world.hasConfigfs) this.nodes.set(GADGETS, null)
  }

  list(path: string): readonly string[] | null {
    if (path === '/sys/class/udc') return this.#world.controllers
    if (this.nodes.get(path) !== null) return null
    const below = [...this.nodes.keys()].filter((one) => one.startsWith(`${path}/`))
    return [...new Set(below.map((one) => one.slice(path.length + 1).split('/')[0] ?? ''))]
  }

  read(path: string): string | null {
    const [, minor] = /^\/sys\/dev\/char\/236:(\d+)\/uevent$/.exec(path) ?? []
    if (minor !== undefined) return `MAJOR=236\nMINOR=${minor}\nDEVNAME=hidg${minor}`
    const found = this.nodes.get(path)
    return typeof found === 'string' ? found.trimEnd() : null
  }

  target(path: string): string | null {
    const found = this.nodes.get(path)
    const isLink = typeof found === 'object' && found !== null && 'link' in found
    return isLink ? found.link : null
  }

  folder(path: string): void {
    this.#may(path)
    this.nodes.set(path, null)
  }

  write(path: string, value: string | Uint8Array): void {
    this.#may(path)
    if (!this.nodes.has(path)) throw errno('ENOENT', path)
    const text = typeof value === 'string' ? value.trim() : value
    if (path.endsWith('/UDC')) this.#bind(path, String(text))
    else if (this.#isLinked(path)) throw errno('EBUSY', path)
    this.nodes.set(path, text)
    this.written.push(path)
  }

  mkdir(path: string): void {
    this.#may(path)
    if (this.nodes.has(path)) throw errno('EEXIST', path)
    const isFunction = /\/functions\/[^/]+$/.test(path)
    if (isFunction && !this.#world.hasHid) throw errno('ENOENT', path)
    const functions = [...this.nodes.keys()].filter((one) => /\/functions\/hid\.[^/]+$/.test(one))
    if (isFunction && functions.length >= FUNCTIONS_MAX) throw errno('ENODEV', path)
    this.nodes.set(path, null)
    const add = (names: readonly string[], value: string | null = '') => {
      for (const name of names) this.nodes.set(`${path}/${name}`, value)
    }
    if (isFunction) {
      add(['protocol', 'subclass', 'report_length', 'report_desc', ...this.#world.attributes], '0')
      add(['dev'], `236:${functions.length}`)
    } else if (/\/configs\/[^/]+$/.test(path)) {
      add(['MaxPower', 'bmAttributes'], '0')
      add(['strings'], null)
    } else if (/\/strings\/[^/]+$/.test(path)) add(['serialnumber', 'manufacturer', 'product'])
    else {
      add(['idVendor', 'idProduct', 'bcdUSB', 'UDC'])
      add(['functions', 'configs', 'strings'], null)
    }
  }

  rmdir(path: string): void {
    this.#may(path)
    if (this.nodes.get(path) !== null) throw errno('ENOENT', path)
    if (this.#isLinked(`${path}/x`)) throw errno('EBUSY', path)
    // What the kernel made goes by itself; folders and links that were made by hand do not.
    const made = [...this.nodes].filter(([one]) => one.startsWith(`${path}/`))
    const isFull = made.some(([one, value]) => {
      const isOwn = /\/(?:functions|configs|strings)$/.test(one) || typeof value === 'string'
      return !isOwn && !(value instanceof Uint8Array)
    })
    if (isFull) throw errno('ENOTEMPTY', path)
    for (const [one] of made) this.nodes.delete(one)
    this.nodes.delete(path)
  }

  link(target: string, path: string): void {
    this.#may(path)
    if (this.nodes.has(path)) throw errno('EEXIST', path)
    const isNode = target.startsWith('/dev/')
    if (!isNode && this.nodes.get(target) !== null) throw errno('ENOENT', path)
    this.nodes.set(path, { link: target })
  }

  unlink(path: string): void {
    this.#may(path)
    if (!this.nodes.delete(path)) throw errno('ENOENT', path)
  }

  #bind(path: string, udc: string): void {
    if (udc === '') return
    if (!this.#world.controllers.includes(udc)) throw errno('ENODEV', path)
    for (const [one, value] of this.nodes)
      if (one.endsWith('/UDC') && value === udc) throw errno('EBUSY', path)
  }

  /** An attribute of a function that a configuration holds. */
  #isLinked(path: string): boolean {
    const folder = path.slice(0, path.lastIndexOf('/'))
    return [...this.nodes.values()].some(
      (value) =>
        typeof value === 'object' && value !== null && 'link' in value && value.link === folder,
    )
  }

  #may(path: string): void {
    if (!this.#world.mayWrite) throw errno('EACCES', path)
    if (this.failAt?.path !== path) return
    const { code } = this.failAt
    this.failAt = null
    throw errno(code, path)
  }
}
