// Puts a name to evidence and findings in the page's language; what a later version calls something stands for itself.
import type { Texts } from './en.ts'
import type { SEEN_EN } from './seen/en.ts'

type Seen = Texts<typeof SEEN_EN>

const own = (table: Readonly<Record<string, string>>, key: string): string | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null

/** The name of a kind of evidence, that of a log entry from before the run too; null for one that is not known. */
export function kindIn({ kinds, before }: Seen, kind: string): string | null {
  const whole = own(kinds, kind)
  if (whole !== null) return whole
  const earlier = kind.endsWith('-before') ? own(kinds, kind.slice(0, -'-before'.length)) : null
  return earlier === null ? null : before.replace('{what}', earlier)
}

/** `network.dns.example.com` is the DNS of example.com; null for a finding that is not known. */
export function findingIn({ findings }: Seen, id: string): string | null {
  const name = Object.keys(findings)
    .filter((key) => id === key || id.startsWith(`${key}.`))
    .toSorted((a, b) => b.length - a.length)[0]
  if (name === undefined) return null
  const rest = id.slice(name.length + 1)
  const text = own(findings, name) ?? name
  return rest === '' ? text : `${text}, ${rest}`
}
