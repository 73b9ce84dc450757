// Unions by selector; a selector nobody knows keeps its bytes instead of failing the whole structure.
import { TpmFault } from '../fault.ts'
import type { Codec, Fields, FieldsOf } from './codec.ts'
import { readFields, type Table, tableOf, writeFields } from './codec.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** Thrown inside a structure only: the nearest open union around it keeps the bytes. */
class UnknownSelector extends TpmFault {
  constructor(tag: string, value: number) {
    super(
      'TPM_MALFORMED',
      `${tag} 0x${value.toString(16)} is not known, so its size is not either.`,
    )
  }
}

type Cases = Readonly<Record<number, Fields>>
type Known<Tag extends string, C extends Cases> = {
  readonly [K in keyof C]: { readonly [T in Tag]: K } & (C[K] extends Fields
    ? FieldsOf<C[K]>
    : never)
}[keyof C]
/** `code` is the selector and `bytes` are all bytes up to the end of the sized buffer or parameter area. */
type Unknown<Tag extends string> = { readonly [T in Tag]: 'unknown' } & {
  readonly code: number
  readonly bytes: Uint8Array
}

interface Around<B extends Fields, A extends Fields> {
  /** Fields before the selector. */
  readonly before?: B
  /** Fields between the selector and the union. */
  readonly after?: A
}

interface Parts {
  readonly tag: string
  readonly selector: Codec<number>
  readonly before: Table
  readonly after: Table
  readonly cases: ReadonlyMap<number, Table>
}

const partsOf = (
  tag: string,
  selector: Codec<number>,
  cases: Cases,
  { before = {}, after = {} }: Around<Fields, Fields>,
): Parts => ({
  tag,
  selector,
  before: tableOf(before),
  after: tableOf(after),
  cases: new Map(Object.entries(cases).map(([code, fields]) => [Number(code), tableOf(fields)])),
})

/**
 * A union whose selector stands before it. A selector that is in no case is a fault here, because only
 * an open union around this one knows where its bytes end.
 */
export function tagged<
  Tag extends string,
  C extends Cases,
  B extends Fields = Record<never, never>,
  A extends Fields = Record<never, never>,
>(
  tag: Tag,
  selector: Codec<number>,
  cases: C,
  around: Around<B, A> = {},
): Codec<FieldsOf<B> & FieldsOf<A> & Known<Tag, C>> {
  const parts = partsOf(tag, selector, cases, around)
  return {
    read: (from) => readClosed(parts, from) as FieldsOf<B> & FieldsOf<A> & Known<Tag, C>,
    write: (to, value) => writeTagged(parts, to, value),
  }
}

/**
 * As `tagged`, for a union that ends its sized buffer or parameter area: an unknown selector, here or
 * deeper, keeps the rest as bytes and is written back as it came.
 */
export function openTagged<
  Tag extends string,
  C extends Cases,
  B extends Fields = Record<never, never>,
  A extends Fields = Record<never, never>,
>(
  tag: Tag,
  selector: Codec<number>,
  cases: C,
  around: Around<B, A> = {},
): Codec<FieldsOf<B> & FieldsOf<A> & (Known<Tag, C> | Unknown<Tag>)> {
  const parts = partsOf(tag, selector, cases, around)
  type Value = FieldsOf<B> & FieldsOf<A> & (Known<Tag, C> | Unknown<Tag>)
  return {
    read: (from) => readOpen(parts, from) as Value,
    write: (to, value) => writeTagged(parts, to, value),
  }
}

function readHead(parts: Parts, from: Reader): { code: number; value: Record<string, unknown> } {
  const value: Record<string, unknown> = {}
  readFields(parts.before, from, value)
  const code = parts.selector.read(from)
  value[parts.tag] = code
  readFields(parts.after, from, value)
  return { code, value }
}

function readClosed(parts: Parts, from: Reader): unknown {
  const { code, value } = readHead(parts, from)
  const fields = parts.cases.get(code)
  if (fields === undefined) throw new UnknownSelector(parts.tag, code)
  return readFields(fields, from, value)
}

function readOpen(parts: Parts, from: Reader): unknown {
  const { code, value } = readHead(parts, from)
  const start = from.position
  try {
    const fields = parts.cases.get(code)
    if (fields === undefined) throw new UnknownSelector(parts.tag, code)
    return readFields(fields, from, { ...value })
  } catch (error) {
    if (!(error instanceof UnknownSelector)) throw error
    from.rewind(start)
    return { ...value, [parts.tag]: 'unknown', code, bytes: from.bytes(from.left) }
  }
}

function writeTagged(parts: Parts, to: Writer, value: object): void {
  writeFields(parts.before, to, value)
  const all = value as Readonly<Record<string, unknown>>
  const code = all[parts.tag]
  if (code === 'unknown') {
    const { code: kept, bytes } = all as { code: number; bytes: Uint8Array }
    parts.selector.write(to, kept)
    writeFields(parts.after, to, value)
    to.bytes(bytes)
    return
  }
  const fields = typeof code === 'number' ? parts.cases.get(code) : undefined
  if (typeof code !== 'number' || fields === undefined) {
    throw new TpmFault('TPM_USAGE', `${parts.tag} ${String(code)} is not one of the known.`)
  }
  parts.selector.write(to, code)
  writeFields(parts.after, to, value)
  writeFields(fields, to, value)
}
