// Distinguished names: as text for people, and in the form in which two names are the same.
import { type Der, oidText, readAll, TAG, textOf } from './der.ts'

export interface NamePart {
  readonly oid: string
  readonly text: string
}
export interface Name {
  readonly parts: readonly NamePart[]
  /** Equal for names that are equal under RFC 5280 7.1: case and white space do not count. */
  readonly canonical: string
  /** `CN=…, O=…`, for people. */
  readonly text: string
}

const LABELS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.23.133.2.1': 'TPMManufacturer',
  '2.23.133.2.2': 'TPMModel',
  '2.23.133.2.3': 'TPMVersion',
}

/** The parts of an RDNSequence, in their order. */
export function partsOf(sequence: Uint8Array): readonly NamePart[] {
  return readAll(sequence).flatMap((relative) =>
    readAll(relative.content).flatMap((pair) => {
      const [oid, value] = readAll(pair.content)
      if (oid?.tag !== TAG.oid || value === undefined) return []
      return [{ oid: oidText(oid.content), text: textOf(value) }]
    }),
  )
}

/** Control characters of a certificate never reach a terminal. */
const printable = (text: string) => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?').slice(0, 120)

export function nameOf(name: Der): Name {
  const parts = partsOf(name.content)
  const folded = ({ oid, text }: NamePart) =>
    `${oid}=${text.trim().replace(/\s+/g, ' ').toLowerCase()}`
  return {
    parts,
    canonical: JSON.stringify(parts.map(folded)),
    text: parts.map(({ oid, text }) => `${LABELS[oid] ?? oid}=${printable(text)}`).join(', '),
  }
}
