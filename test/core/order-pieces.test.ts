// Orders cut into pieces: each of bounded size, and together again what they were.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OrderGathering, PIECE_SERIALS, piecesOf } from '../../station-config/order-pieces.ts'
import type { BookedOrder } from '../../station-config/order-schema.ts'
import { parseOrders } from '../../station-config/orders.ts'

const [one] = parseOrders(
  'order,customer,tenantDomain,profile,count\nX,C,x.example,P,3\n',
  'x.csv',
).orders
if (one === undefined) throw new Error('the order of this test does not parse')

const ordersOf = (sizes: readonly (number | null)[]): BookedOrder[] =>
  sizes.map((size, at) => ({
    ...one,
    order: { ...one.order, order: `X${at}` },
    count: size === null ? 3 : null,
    serials:
      size === null
        ? null
        : new Map(Array.from({ length: size }, (_, n) => [`S${at}-${n}`, n % 3 ? null : `z${n}`])),
  }))

test('are the same orders again after a way between threads, and no piece is large', () => {
  const size = fc.oneof(
    fc.constant(null),
    fc.nat({ max: 3 }),
    fc.nat({ max: 3 * PIECE_SERIALS }),
    fc.constantFrom(PIECE_SERIALS - 20, PIECE_SERIALS, 2 * PIECE_SERIALS - 20),
  )
  fc.assert(
    fc.property(fc.array(size, { maxLength: 8 }), (sizes) => {
      const orders = ordersOf(sizes)
      const list = new OrderGathering()
      for (const piece of piecesOf(orders)) {
        const count = piece.reduce((sum, { serials }) => sum + serials.length, 0)
        expect(count).toBeLessThanOrEqual(PIECE_SERIALS)
        list.add(structuredClone(piece))
      }
      expect(list.orders).toEqual(orders)
    }),
    { numRuns: 100 },
  )
})

test('a thousand short orders are not one piece either', () => {
  const pieces = [...piecesOf(ordersOf(Array.from({ length: 1_000 }, () => 1)))]
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(50)
  expect(pieces.flat().filter(({ head }) => head !== null)).toHaveLength(1_000)
})
