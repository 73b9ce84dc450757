// What is plugged into this PC that a bench could use, as the kernel tells it; no part is opened or touched.
import { type NicSeen, nicsOf } from './nics.ts'
import { type PortSeen, portsOf } from './ports.ts'
import type { DeviceTree } from './tree.ts'

export type { NicSeen } from './nics.ts'
export type { PortSeen } from './ports.ts'
export { DeviceTree } from './tree.ts'

export interface CaptureSeen {
  readonly node: string
  readonly byPath: string | null
  readonly name: string
}

export interface GadgetSeen {
  /** /dev/hidgN: numbered anew at each restart. */
  readonly node: string
  /** The name that `reseal gadget setup` gave it, by its bay; null when something else made it. */
  readonly byBay: string | null
}

export interface Survey {
  readonly nics: readonly NicSeen[]
  readonly ports: readonly PortSeen[]
  /** USB device controllers: this board can be a keyboard itself. */
  readonly controllers: readonly string[]
  /** Keyboard gadgets that are set up. */
  readonly gadgets: readonly GadgetSeen[]
  readonly captures: readonly CaptureSeen[]
}

/** The parts of a PC. Reads some hundred small files of sysfs, a few ms. */
export function surveyOf(tree: DeviceTree): Survey {
  return {
    nics: nicsOf(tree),
    ports: portsOf(tree),
    controllers: tree.names('sys/class/udc'),
    gadgets: tree
      .names('dev')
      .filter((name) => /^hidg\d+$/.test(name))
      .map((name) => ({
        node: tree.at(`dev/${name}`),
        byBay: nameIn(tree, 'dev/reseal', `/dev/${name}`),
      })),
    captures: tree.names('sys/class/video4linux').map((name) => ({
      node: tree.at(`dev/${name}`),
      byPath: nameIn(tree, 'dev/v4l/by-path', `/dev/${name}`),
      name: tree.text(`sys/class/video4linux/${name}/name`) ?? '',
    })),
  }
}

/** The path of the link in a folder that leads to a node. */
function nameIn(tree: DeviceTree, folder: string, node: string): string | null {
  const name = tree.names(folder).find((one) => tree.target(`${folder}/${one}`) === node)
  return name === undefined ? null : tree.at(`${folder}/${name}`)
}
