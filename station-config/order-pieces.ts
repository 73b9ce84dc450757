// Orders cut into pieces of bounded size, so that a long list goes from one thread to another without a long hold-up.
import type { BookedOrder } from './order-schema.ts'

/** Serial numbers in one piece: about 1 ms to take in on a slow PC. */
export const PIECE_SERIALS = 1_000
/** What an order's own words cost, in serial numbers. */
const HEAD_COST = 20

/** A part of one order's list, with the order itself where it begins. */
interface Slice {
  /** null: the list of the order before goes on. */
  readonly head: (Omit<BookedOrder, 'serials'> & { readonly listed: boolean }) | null
  readonly serials: readonly string[]
  /** One for each serial number. */
  readonly ztdIds: readonly (string | null)[]
}
export type OrderPiece = readonly Slice[]

/** The orders as pieces of at most `PIECE_SERIALS`, in their order. */
export function* piecesOf(orders: readonly BookedOrder[]): Generator<OrderPiece, void> {
  let piece: Slice[] = []
  let cost = 0
  for (const { serials, ...rest } of orders) {
    const entries = serials?.entries()
    let head: Slice['head'] = { ...rest, listed: serials !== null }
    for (let left = serials?.size ?? 0; left > 0 || head !== null; ) {
      cost += head === null ? 0 : HEAD_COST
      const count = Math.min(left, Math.max(PIECE_SERIALS - cost, 0))
      const part = [...(entries?.take(count) ?? [])]
      const keys = part.map(([serial]) => serial)
      piece.push({ head, serials: keys, ztdIds: part.map(([, ztdId]) => ztdId) })
      head = null
      left -= count
      cost += count
      if (cost < PIECE_SERIALS) continue
      yield piece
      piece = []
      cost = 0
    }
  }
  if (piece.length > 0) yield piece
}

/** Puts pieces together again; each costs no more than its own size. */
export class OrderGathering {
  readonly #orders: BookedOrder[] = []
  #list = new Map<string, string | null>()

  add(piece: OrderPiece): void {
    for (const { head, serials, ztdIds } of piece) {
      if (head !== null) {
        const { listed, ...rest } = head
        this.#list = new Map()
        this.#orders.push({ ...rest, serials: listed ? this.#list : null })
      }
      for (const [at, serial] of serials.entries()) this.#list.set(serial, ztdIds[at] ?? null)
    }
  }

  /** All orders, after the last piece. */
  get orders(): readonly BookedOrder[] {
    return this.#orders
  }
}
