// Durations as counts in bins that grow by a fixed factor: small, mergeable in any order, and wrong by a known share at most.

/** What is measured of a run, besides its steps: appended to, never reordered, since the numbers are stored. */
export const MEASURES = [
  'total',
  'operator',
  'machine',
  'other',
  'identify',
  'precheck',
  'summon',
  'choose',
  'review',
  'provision',
  'restart',
  'reseal',
  'red',
  'reset',
  'keyboard',
  'locate',
  'hold',
  'close',
  'none',
] as const
export type Measure = (typeof MEASURES)[number]

/** A percentile lies within this share of a true value of that rank. */
export const SKETCH_ERROR = 0.02
const GROWTH = (1 + SKETCH_ERROR) / (1 - SKETCH_ERROR)
const LOG_GROWTH = Math.log(GROWTH)
/** Bins of one measure: the last one holds whatever took longer than 30 days. */
export const BINS = 1024
const BIN_MAX = Math.ceil(Math.log(30 * 24 * 3_600_000) / LOG_GROWTH) + 1

/** The bin of a duration, ms; 0 holds what took no time. */
export const binOf = (ms: number): number =>
  ms < 1 ? 0 : Math.min(BIN_MAX, Math.ceil(Math.log(ms) / LOG_GROWTH) + 1)

/** The duration that stands for a bin, ms. */
export const msOfBin = (bin: number): number =>
  bin === 0 ? 0 : (2 * GROWTH ** (bin - 1)) / (GROWTH + 1)

/** Counts and sums per measure; sparse and ordered, as they are stored. */
export interface Sketch {
  /** `measure * BINS + bin`, rising. */
  readonly cells: number[]
  readonly counts: number[]
  /** Sum of each measure, ms, by its number. */
  readonly sums: number[]
}

export const emptySketch = (): Sketch => ({
  cells: [],
  counts: [],
  sums: MEASURES.map(() => 0),
})

/** Adds one duration in place. */
export function observe(sketch: Sketch, measure: Measure, ms: number): void {
  const at = MEASURES.indexOf(measure)
  const whole = Math.max(0, Math.round(ms))
  sketch.sums[at] = (sketch.sums[at] ?? 0) + whole
  addCell(sketch, at * BINS + binOf(whole), 1)
}

function addCell({ cells, counts }: Sketch, cell: number, count: number): void {
  let low = 0
  let high = cells.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cells[middle] as number) < cell) low = middle + 1
    else high = middle
  }
  if (cells[low] === cell) counts[low] = (counts[low] as number) + count
  else {
    cells.splice(low, 0, cell)
    counts.splice(low, 0, count)
  }
}

/** Adds all of `more` to `sketch` in place. */
export function mergeSketch(sketch: Sketch, more: Sketch): void {
  more.cells.forEach((cell, at) => {
    addCell(sketch, cell, more.counts[at] as number)
  })
  more.sums.forEach((sum, at) => {
    sketch.sums[at] = (sketch.sums[at] ?? 0) + sum
  })
}

/** As bytes: sums of all measures, then cells as steps from one to the next with their counts; LEB128 throughout. */
export function writeSketch({ cells, counts, sums }: Sketch): Uint8Array {
  const bytes: number[] = []
  push(bytes, sums.length)
  for (const sum of sums) push(bytes, sum)
  let last = 0
  cells.forEach((cell, at) => {
    push(bytes, cell - last)
    push(bytes, counts[at] as number)
    last = cell
  })
  return Uint8Array.from(bytes)
}

/** Whole numbers to 2^53: the upper part by division, since shifts end at 32 bits. */
function push(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
}

/** Dense counts of many sketches: what a report is read from. */
export class SketchSum {
  readonly sums = new Float64Array(MEASURES.length)
  readonly #counts = new Float64Array(MEASURES.length * BINS)

  /** Adds a stored sketch without making one. */
  add(bytes: Uint8Array): void {
    read(
      bytes,
      (measure, sum) => {
        this.sums[measure] = (this.sums[measure] ?? 0) + sum
      },
      (cell, count) => {
        this.#counts[cell] = (this.#counts[cell] ?? 0) + count
      },
    )
  }

  /** How many durations of a measure there are. */
  n(measure: Measure): number {
    return this.#binsOf(measure).reduce((sum, count) => sum + count, 0)
  }

  /** The duration below which the part `share` of all lies, ms, as nearest rank; null without any. */
  percentile(measure: Measure, share: number): number | null {
    const bins = this.#binsOf(measure)
    const n = this.n(measure)
    if (n === 0) return null
    let rank = Math.max(1, Math.ceil(share * n))
    for (let bin = 0; bin < BINS; bin++) {
      rank -= bins[bin] ?? 0
      if (rank <= 0) return Math.round(msOfBin(bin))
    }
    return null
  }

  #binsOf(measure: Measure): Float64Array {
    const from = MEASURES.indexOf(measure) * BINS
    return this.#counts.subarray(from, from + BINS)
  }
}

/** A sparse sketch from its bytes. */
export function readSketch(bytes: Uint8Array): Sketch {
  const sketch = emptySketch()
  read(
    bytes,
    (measure, sum) => {
      sketch.sums[measure] = sum
    },
    (cell, count) => {
      sketch.cells.push(cell)
      sketch.counts.push(count)
    },
  )
  return sketch
}

function read(
  bytes: Uint8Array,
  onSum: (measure: number, sum: number) => void,
  onCell: (cell: number, count: number) => void,
): void {
  let at = 0
  const next = (): number => {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
  }
  const measures = next()
  for (let measure = 0; measure < measures; measure++) onSum(measure, next())
  for (let cell = 0; at < bytes.length; ) {
    cell += next()
    onCell(cell, next())
  }
}
