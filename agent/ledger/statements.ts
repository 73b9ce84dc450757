// Prepared statements by their text: each is compiled once per connection, on its first use.
import type { Database, Statement } from './database.ts'

export type Binding = string | number | null | Uint8Array

export class Statements {
  readonly #db: Database
  readonly #known = new Map<string, Statement>()

  constructor(db: Database) {
    this.#db = db
  }

  /** Runs a change; the answer is the number of rows it changed. */
  run(sql: string, ...values: readonly Binding[]): number {
    return this.#prepared(sql).run(...values).changes
  }

  /** The first row, or undefined. */
  get(sql: string, ...values: readonly Binding[]): unknown {
    return this.#prepared(sql).get(...values)
  }

  all(sql: string, ...values: readonly Binding[]): unknown[] {
    return this.#prepared(sql).all(...values)
  }

  #prepared(sql: string): Statement {
    const known = this.#known.get(sql)
    if (known !== undefined) return known
    const made = this.#db.prepare<unknown[], unknown>(sql)
    this.#known.set(sql, made)
    return made
  }
}
