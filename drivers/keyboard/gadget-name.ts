// Gives the gadget keyboard of a bay a name that stays: the kernel numbers /dev/hidgN in the order in which gadgets are made.
import { type GadgetStep, nodeOf } from './gadget.ts'
import type { GadgetTree } from './gadget-tree.ts'

/** Where the names stand: gone with the gadgets when the board restarts, and seen by the station's service. */
const NAMES = '/dev/reseal'

/** The path that a bay's config names (`/dev/reseal/hidg-07`), whatever number the kernel gave. */
export const nameOf = (bay: string): string => `${NAMES}/hidg-${bay}`

/** What is to be done so that the name leads to the node of the bay; nothing when it does, or while there is no node. */
export function planName(tree: GadgetTree, bay: string): readonly GadgetStep[] {
  const node = nodeOf(tree, bay)
  const name = nameOf(bay)
  if (node === null || tree.target(name) === node) return []
  return [
    { do: 'folder', path: NAMES },
    ...planUnname(tree, bay),
    { do: 'link', path: name, value: node },
  ]
}

/** What is to be done so that the name is gone; nothing when there is none. */
export function planUnname(tree: GadgetTree, bay: string): readonly GadgetStep[] {
  const path = nameOf(bay)
  return tree.target(path) === null ? [] : [{ do: 'unlink', path }]
}
