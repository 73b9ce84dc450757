// Writes the config that a set of parts suggests: pure text, what could not be decided stands beside it as a comment.
import type { BenchParts, Found } from './parts.ts'

/** One bay as far as it is known. */
export interface Bay {
  readonly bay: string
  readonly link: string
  readonly keyboard: string | null
  readonly lamp: string | null
  readonly comments: readonly string[]
}

export interface Bench {
  readonly site: string
  readonly station: string
  readonly bays: readonly Bay[]
  readonly scanners: readonly { readonly scanner: string; readonly bay: string | null }[]
  /** Lines on top. */
  readonly notes: readonly string[]
}

/** A text that YAML reads back as this text, whatever is in it. */
const quoted = (text: string): string => JSON.stringify(text)
/** An address needs no quotes unless it holds what YAML takes for something else. */
const plain = (text: string): string => (/^[\w.:/?=&+-]+[\w/]$/.test(text) ? text : quoted(text))

/** The file; `checksNetwork`: whether its stations look out from each bay's network before a start. */
export function configText(
  { site, station, bays, scanners, notes }: Bench,
  checksNetwork: boolean,
): string {
  const bayLines = bays.flatMap(({ bay, link, keyboard, lamp, comments }) => [
    ...comments.map((line) => `  # ${line}`),
    `  - bay: ${quoted(bay)}`,
    `    link: ${plain(link)}`,
    `    keyboard: ${keyboard === null ? '"manual:"' : plain(keyboard)}`,
    ...(lamp === null ? [] : [`    lamp: ${plain(lamp)}`]),
    ...(checksNetwork ? [] : ['    networkCheck: false']),
  ])
  const scannerLines = scanners.flatMap(({ scanner, bay }) => [
    `  - scanner: ${plain(scanner)}`,
    ...(bay === null ? [] : [`    bay: ${quoted(bay)}`]),
  ])
  return [
    ...notes.map((line) => `# ${line}`),
    `site: ${plain(site)}`,
    `station: ${plain(station)}`,
    bays.length === 0 ? 'bays: []' : 'bays:',
    ...bayLines,
    ...(scannerLines.length === 0 ? [] : ['scanners:', ...scannerLines]),
    '',
  ].join('\n')
}

const listed = (found: readonly Found[]) => found.map(({ url, what }) => `  ${url}  (${what})`)
/** `01`, `02`, …, after the bays that there are. */
const numberOf = (n: number) => String(n).padStart(2, '0')

/** The bench that the parts suggest by themselves: what there is one of is paired, everything else is asked. */
export function benchOf(
  parts: BenchParts,
  names: { readonly site: string; readonly station: string },
  taken: readonly string[],
): Bench {
  const { bays: nics, keyboards, lamps } = parts
  const isSure = nics.length === 1
  const only = (found: readonly Found[]) =>
    isSure && found.length === 1 ? found[0]?.url : undefined
  const free = freeNumbers(taken, nics.length)
  return {
    ...names,
    bays: nics.map((nic, n) => ({
      bay: free[n] ?? numberOf(n + 1),
      link: `nic:${nic.name}`,
      keyboard: only(keyboards) ?? null,
      lamp: only(lamps) ?? null,
      comments: [
        `${nic.driver ?? 'card'} ${nic.mac ?? ''} ${nic.carrier === true ? `link up, ${nic.speed ?? '?'} Mb/s` : 'no link'}`.trim(),
      ],
    })),
    scanners: parts.scanners.map(({ url }) => ({ scanner: url, bay: null })),
    notes: notesOf(parts, isSure),
  }
}

function freeNumbers(taken: readonly string[], count: number): readonly string[] {
  const free: string[] = []
  for (let n = 1; free.length < count; n++) if (!taken.includes(numberOf(n))) free.push(numberOf(n))
  return free
}

function notesOf(parts: BenchParts, isSure: boolean): readonly string[] {
  const { bays, keyboards, lamps, others, captures, unknown } = parts
  const undecided = (name: string, found: readonly Found[]) =>
    found.length === 0 || (isSure && found.length === 1)
      ? []
      : [
          `Not decided: which bay each ${name} belongs to (reseal suggest --pair asks you at the bench):`,
          ...listed(found),
        ]
  return [
    `Suggested by reseal for ${bays.length} bays; a bay without a keyboard says manual:, a person presses there.`,
    ...others.map(({ nic, why }) => `Not a bay: ${nic.name} ${why}.`),
    ...undecided('keyboard', keyboards),
    ...undecided('lamp', lamps),
    ...(captures.length === 0
      ? []
      : ['Captures were found; this version has no driver for them:', ...listed(captures)]),
    ...(unknown.length === 0 ? [] : ['Not known what this is:', ...listed(unknown)]),
  ]
}
