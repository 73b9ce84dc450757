// The bins of durations: never further from the truth than they say, in whatever order they were merged.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  emptySketch,
  mergeSketch,
  observe,
  readSketch,
  SKETCH_ERROR,
  SketchSum,
  writeSketch,
} from '../../../agent/core/throughput/sketch.ts'

const durations = fc.array(fc.integer({ min: 0, max: 30 * 24 * 3_600_000 }), {
  minLength: 1,
  maxLength: 300,
})
const sketchOf = (all: readonly number[]) => {
  const sketch = emptySketch()
  for (const ms of all) observe(sketch, 'provision', ms)
  return sketch
}

describe('a sketch of durations', () => {
  test('gives percentiles within its error of the value of that rank', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const sum = new SketchSum()
        sum.add(writeSketch(sketchOf(all)))
        const sorted = all.toSorted((a, b) => a - b)
        const truth = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] ?? 0
        const given = sum.percentile('provision', share) ?? Number.NaN
        // A millisecond more: answers are whole.
        expect(Math.abs(given - truth)).toBeLessThanOrEqual(truth * SKETCH_ERROR + 1)
        expect(sum.n('provision')).toBe(all.length)
      }),
    )
  })

  test('is the same in one piece, merged in parts, or read from bytes', () => {
    fc.assert(
      fc.property(durations, durations, (one, other) => {
        const merged = sketchOf(one)
        mergeSketch(merged, readSketch(writeSketch(sketchOf(other))))
        expect(merged).toEqual(sketchOf([...other, ...one]))
        expect(readSketch(writeSketch(merged))).toEqual(merged)
      }),
    )
  })

  test('has no percentile of nothing', () => {
    expect(new SketchSum().percentile('total', 0.5)).toBeNull()
  })
})
