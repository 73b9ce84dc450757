// Finds the port that a config means among the names a switch gives its ports; two that fit are nobody's.
import type { Column } from './session.ts'

export type Found = { readonly ifIndex: number } | { readonly ifIndex: null; readonly why: string }

/** Switches write Gi1/0/7; in an address a slash may stand as - too. */
const loose = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[/:._]/g, '-')

/** The port called `name`: as it is written, else the only one that differs in its separators or case. */
export function findPort(names: Column, name: string): Found {
  const all = [...names].map(([index, value]) => ({ index, name: String(value).trim() }))
  const exact = all.filter((one) => one.name === name)
  const fits = exact.length > 0 ? exact : all.filter((one) => loose(one.name) === loose(name))
  const [only] = fits
  if (only === undefined) return { ifIndex: null, why: `has no port ${name}` }
  if (fits.length > 1) return { ifIndex: null, why: `has ${fits.length} ports called ${name}` }
  const ifIndex = Number(only.index)
  return Number.isSafeInteger(ifIndex) && ifIndex > 0
    ? { ifIndex }
    : { ifIndex: null, why: `numbers its ports strangely (${only.index})` }
}
