// Questions to the reader as messages, and how its thread answers them.
import { faultOf } from './database.ts'
import type { Failure } from './ops.ts'
import { Queries } from './queries.ts'

type Method = Exclude<keyof Queries, 'close'>
/** A method of `Queries` by name, with its arguments. */
export type Call = {
  readonly [M in Method]: { readonly call: M; readonly args: Parameters<Queries[M]> }
}[Method]
export type Result<M extends Method> = ReturnType<Queries[M]>
export type Reply = { readonly value: unknown } | { readonly failure: Failure }

export class CallAnswerer {
  readonly #dir: string
  readonly #queries: Queries

  /** @throws StationError as `Queries` */
  constructor(dir: string) {
    this.#dir = dir
    this.#queries = new Queries(dir)
  }

  flush(calls: readonly Call[]): readonly Reply[] {
    return calls.map(({ call, args }) => {
      try {
        // One name, one signature: `Call` ties the arguments to the method.
        const method = this.#queries[call] as (...values: unknown[]) => unknown
        return { value: method.apply(this.#queries, [...args]) }
      } catch (error) {
        const { code, where } = faultOf(error, `${this.#dir}: ${call}`, this.#dir)
        return { failure: { code, where } }
      }
    })
  }

  close(): void {
    this.#queries.close()
  }
}
