// What a command is: its number, its handles, its parameters and its answer, written once and typed from there.
import { type Fields, type FieldsOf, type Table, tableOf } from './codec/codec.ts'
import type { Entity } from './entity.ts'

/** How long a command may take; the table of `TIMEOUTS` says how many milliseconds that is. */
export type TimeClass = 'quick' | 'crypto' | 'keyCreation'

/**
 * Milliseconds by class. Linux's tpm2-cmd.c waits 2 s at most for most commands and 300 s for those
 * that make a key; between them stand self tests, signatures and decryptions, of which slow chips need
 * half a second. A relay adds its way, hence the margin.
 */
export const TIMEOUTS: Readonly<Record<TimeClass, number>> = {
  quick: 10_000,
  crypto: 60_000,
  keyCreation: 300_000,
}

/** Handles in their order; those with `auth` come first and take one authorisation each. */
export type HandleKinds = Readonly<Record<string, 'auth' | 'plain'>>

export interface Command<
  H extends HandleKinds = HandleKinds,
  Q extends Fields = Fields,
  N extends string = string,
  A extends Fields = Fields,
> {
  /** As the specification has it, for messages. */
  readonly name: string
  /** TPM_CC (Part 2, section 6.5.2). */
  readonly code: number
  readonly time: TimeClass
  readonly handles: H
  readonly request: Q
  /** The name of the handle that the answer brings; what it stands for must be flushed. */
  readonly answerHandle: N | null
  readonly answer: A
  /** The same, taken apart once for all runs. */
  readonly tables: {
    readonly handles: readonly (readonly [name: string, kind: 'auth' | 'plain'])[]
    readonly request: Table
    readonly answer: Table
  }
}

/** Handles are given as entities, parameters as values. */
export type RequestOf<C> =
  C extends Command<infer H, infer Q, string, Fields>
    ? { readonly [K in keyof H]: Entity } & FieldsOf<Q>
    : never

/** The answer's parameters, and its handle as a number under its own name. */
export type AnswerOf<C> =
  C extends Command<HandleKinds, Fields, infer N, infer A>
    ? FieldsOf<A> & { readonly [K in N]: number }
    : never

interface Definition<H extends HandleKinds, Q extends Fields, N extends string, A extends Fields> {
  readonly name: string
  readonly code: number
  readonly time?: TimeClass
  readonly handles?: H
  readonly request?: Q
  readonly answerHandle?: N
  readonly answer?: A
}

/** Describes a command in some ten lines; `Tpm.run` does the rest. */
export function defineCommand<
  H extends HandleKinds = Record<never, never>,
  Q extends Fields = Record<never, never>,
  N extends string = never,
  A extends Fields = Record<never, never>,
>(definition: Definition<H, Q, N, A>): Command<H, Q, N, A> {
  const { name, code, time = 'quick', answerHandle = null } = definition
  const handles = definition.handles ?? ({} as H)
  const request = definition.request ?? ({} as Q)
  const answer = definition.answer ?? ({} as A)
  const tables = {
    handles: Object.entries(handles),
    request: tableOf(request),
    answer: tableOf(answer),
  }
  return { name, code, time, answerHandle, handles, request, answer, tables }
}
