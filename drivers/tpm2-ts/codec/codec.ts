// The kit: a structure is written once, as a codec, and gives its reader, its writer and its TypeScript type.
import { TpmFault } from '../fault.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** Reads and writes one type of Part 2 of the specification. */
export interface Codec<T> {
  readonly read: (from: Reader) => T
  readonly write: (to: Writer, value: T) => void
}

/** Any codec, for places that only pass it on. */
export interface AnyCodec {
  readonly read: (from: Reader) => unknown
  readonly write: (to: Writer, value: never) => void
}

/** The TypeScript type that a codec reads and writes. */
export type TypeOf<C extends AnyCodec> = ReturnType<C['read']>

export const u8: Codec<number> = { read: (r) => r.u8(), write: (w, v) => w.u8(v) }
export const u16: Codec<number> = { read: (r) => r.u16(), write: (w, v) => w.u16(v) }
export const u32: Codec<number> = { read: (r) => r.u32(), write: (w, v) => w.u32(v) }
export const i32: Codec<number> = { read: (r) => r.i32(), write: (w, v) => w.i32(v) }
/** 64-bit counters do not fit a number. */
export const u64: Codec<bigint> = { read: (r) => r.u64(), write: (w, v) => w.u64(v) }

/** A field of fixed length. */
export function fixed(length: number): Codec<Uint8Array> {
  return {
    read: (from) => from.bytes(length),
    write: (to, value) => {
      if (value.length !== length) {
        throw new TpmFault('TPM_USAGE', `${length} bytes are wanted, ${value.length} are given.`)
      }
      to.bytes(value)
    },
  }
}

/** TPM2B_*: a 16-bit size and so many bytes, at most `max`. */
export function sized(max: number): Codec<Uint8Array> {
  return {
    read: (from) => {
      const length = from.u16()
      checkSize(length, max, 'TPM_MALFORMED')
      return from.bytes(length)
    },
    write: (to, value) => {
      checkSize(value.length, max, 'TPM_USAGE')
      to.u16(value.length)
      to.bytes(value)
    },
  }
}

/** TPM2B_* around a structure, which must fill it exactly. */
export function sizedOf<T>(codec: Codec<T>, what: string): Codec<T> {
  return {
    read: (from) => {
      const inner = from.inner(from.u16())
      const value = codec.read(inner)
      inner.end(what)
      return value
    },
    write: (to, value) => to.sized16(() => codec.write(to, value)),
  }
}

/** An 8-bit size and so many bytes, as a PCR bitmap has them. */
export function sized8(max: number): Codec<Uint8Array> {
  return {
    read: (from) => {
      const length = from.u8()
      checkSize(length, max, 'TPM_MALFORMED')
      return from.bytes(length)
    },
    write: (to, value) => {
      checkSize(value.length, max, 'TPM_USAGE')
      to.u8(value.length)
      to.bytes(value)
    },
  }
}

/** TPML_*: a 32-bit count and so many elements, at most `max`. */
export function list<T>(codec: Codec<T>, max: number): Codec<readonly T[]> {
  return {
    read: (from) => {
      const count = from.u32()
      checkSize(count, max, 'TPM_MALFORMED')
      const values: T[] = []
      for (let index = 0; index < count; index += 1) values.push(codec.read(from))
      return values
    },
    write: (to, values) => {
      checkSize(values.length, max, 'TPM_USAGE')
      to.u32(values.length)
      for (const value of values) codec.write(to, value)
    },
  }
}

/** Fields in the order in which they stand in the specification's table. */
export type Fields = Readonly<Record<string, AnyCodec>>
export type FieldsOf<F extends Fields> = { readonly [K in keyof F]: TypeOf<F[K]> }

/** Fields taken apart once: structures are read far more often than they are written down. */
export type Table = readonly (readonly [name: string, codec: AnyCodec])[]

export function tableOf(fields: Fields): Table {
  return Object.entries(fields)
}

/** A structure without a union. */
export function struct<F extends Fields>(fields: F): Codec<FieldsOf<F>> {
  const table = tableOf(fields)
  return {
    // The one place where a record built field by field is taken for its type.
    read: (from) => readFields(table, from, {}) as FieldsOf<F>,
    write: (to, value) => writeFields(table, to, value),
  }
}

export function readFields(table: Table, from: Reader, into: Record<string, unknown>): unknown {
  for (const [name, codec] of table) into[name] = codec.read(from)
  return into
}

export function writeFields(table: Table, to: Writer, value: object): void {
  const values = value as Readonly<Record<string, never>>
  for (const [name, codec] of table) {
    const one = values[name]
    if (one === undefined) throw new TpmFault('TPM_USAGE', `The field ${name} is missing.`)
    codec.write(to, one)
  }
}

/** Reads a value that must fill the bytes exactly. Throws only `TpmFault`. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array, what = 'The structure'): T {
  const from = new Reader(bytes)
  const value = codec.read(from)
  from.end(what)
  return value
}

/** The bytes of a value; `encode(c, decode(c, bytes))` equals `bytes`. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const to = new Writer()
  codec.write(to, value)
  return to.take()
}

function checkSize(size: number, max: number, code: 'TPM_MALFORMED' | 'TPM_USAGE'): void {
  if (size > max) throw new TpmFault(code, `A size of ${size} is over its limit of ${max}.`)
}
