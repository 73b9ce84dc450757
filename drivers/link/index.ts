// What station.ts needs of the link drivers; `nic:<interface>` is the one of this version.
import type { LinkSource } from '../../agent/ports.ts'
import type { NicFamily } from './family.ts'
import type { NicPort } from './nic.ts'

export { type NicFamily, type NicFamilyOptions, openNicFamily } from './family.ts'
export type { NicPort } from './nic.ts'

/**
 * The link of one bay on a network card of this PC.
 * @throws StationError CONFIG_INVALID for a name that no interface can have
 */
export const openNic = ({
  family,
  ...port
}: NicPort & { readonly family: NicFamily }): LinkSource => family.open(port)
