// The drawn bench of the config: where each bay stands, gaps, and what a drawing can have wrong.
import { describe, expect, test } from 'vitest'
import { boardShape, layoutFaults, layoutOf } from '../../station-config/board-layout.ts'

const bays = ['1', '2', '3', '4', '5']

test('columns follow the order of the bays, and rows may be more than they fill', () => {
  expect(layoutOf({ columns: 3 }, bays)).toEqual({ columns: 3, places: bays })
  const { places } = layoutOf({ columns: 3, rows: 3 }, bays) ?? { places: [] }
  expect(places).toEqual([...bays, null, null, null, null])
  expect(layoutOf(undefined, bays)).toBeUndefined()
})

test('a drawn bench keeps its gaps and its own order', () => {
  const layout = layoutOf({ places: ['5  4 . 3', '1 2'] }, bays)
  expect(layout).toEqual({ columns: 4, places: ['5', '4', null, '3', '1', '2', null, null] })
  expect([...layoutFaults({ places: ['5  4 . 3', '1 2'] }, bays)]).toEqual([])
})

test('a drawn bench may be wider and longer than what is drawn', () => {
  const layout = layoutOf({ places: ['1 2', '3 4 5'], columns: 4, rows: 3 }, bays)
  const gaps = [null, null, null, null]
  expect(layout).toEqual({
    columns: 4,
    places: ['1', '2', null, null, '3', '4', '5', null, ...gaps],
  })
})

describe('what is wrong is named', () => {
  const of = (board: Parameters<typeof layoutFaults>[0]) =>
    [...layoutFaults(board, bays)].map(([path, , message]) => `${path.join('.')}: ${message}`)
  test.each([
    [{ places: ['1 2 3 4'] }, ['places: not drawn: 5']],
    [{ places: ['1 2 3 4 5 9'] }, ['places.0: there is no bay 9']],
    [{ places: ['1 2 3', '4 5 1'] }, ['places.1: bay 1 stands here twice']],
    [{ columns: 2, rows: 2 }, ['rows: 2 rows of 2 hold no 5 bays']],
    [{ places: ['1 2 3', '4 5'], rows: 1 }, ['rows: 2 rows are drawn']],
    [{ places: ['1 2 3', '4 5'], columns: 2 }, ['places.0: more than 2 in a row']],
  ])('%o', (board, wanted) => {
    expect(of(board)).toEqual(wanted)
  })

  test('rows alone, or more columns than can be read', () => {
    expect(boardShape.safeParse({ rows: 2 }).success).toBe(false)
    expect(boardShape.safeParse({ columns: 33 }).success).toBe(false)
  })
})
