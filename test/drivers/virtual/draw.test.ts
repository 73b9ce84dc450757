// What is drawn for the virtual bench: the same for the same seed, within its tables, and rough enough with faults.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { codeIn, RED_CODES } from '../../../agent/core/red-codes.ts'
import { LABELS, UNLISTED_CODE, VIRTUAL_CODES } from '../../../drivers/virtual/catalogue.ts'
import { drawDevice } from '../../../drivers/virtual/draw.ts'
import { Random } from '../../../drivers/virtual/random.ts'

const drawn = (seed: number, devices: number, faults: boolean) => {
  const bench = new Random(seed, 'bench')
  return Array.from({ length: devices }, (_, n) => drawDevice(bench, n, faults))
}

describe('a drawn device', () => {
  it('is the same for the same seed, whatever was drawn before', () => {
    const bench = new Random(7, 'bench')
    const alone = drawDevice(bench, 41, true)
    for (let n = 0; n < 100; n++) bench.next()
    expect(drawDevice(bench, 41, true)).toEqual(alone)
    expect(drawn(7, 42, true)[41]).toEqual(alone)
    expect(drawn(8, 42, true)[41]).not.toEqual(alone)
  })

  it('has a serial number of its own, but for a label printed twice', () => {
    const plain = drawn(3, 2000, false)
    expect(new Set(plain.map((spec) => spec.serial)).size).toBe(2000)
    const rough = drawn(3, 2000, true)
    const twins = rough.filter((spec, n) => rough[n - 1]?.serial === spec.serial)
    expect(twins.length).toBeGreaterThan(2)
    expect(twins.length).toBeLessThan(30)
    expect(twins.every((spec) => !spec.provisionable)).toBe(true)
  })

  it('mostly goes well, and with faults meets every hazard', () => {
    const plain = drawn(5, 1000, false)
    expect(
      plain.every((spec) => spec.provisionable || spec.outcomes.some((one) => one.kind === 'red')),
    ).toBe(true)
    expect(plain.every((spec) => spec.mishap === null && spec.obstacle === null)).toBe(true)
    const rough = drawn(5, 3000, true)
    const good = rough.filter(
      (spec) => spec.provisionable && spec.mishap === null && spec.outcomes[0]?.kind === 'green',
    )
    expect(good.length / rough.length).toBeGreaterThan(0.6)
    const seen = {
      windows10: rough.some((spec) => spec.windows === 10),
      obstacles: new Set(rough.map((spec) => spec.obstacle)).size,
      shutdowns: new Set(rough.map((spec) => spec.shutdown)).size,
      mishaps: new Set(rough.map((spec) => spec.mishap?.kind)).size,
      codes: new Set(
        rough.flatMap((spec) =>
          spec.outcomes.flatMap((one) => (one.kind === 'red' ? [codeIn(one.code)] : [])),
        ),
      ),
    }
    expect(seen).toMatchObject({ windows10: true, obstacles: 5, shutdowns: 3, mishaps: 8 })
    for (const { code, action } of RED_CODES)
      if (action !== 'ignore') expect(seen.codes).toContain(code)
    for (const has of [
      rough.some((spec) => spec.resealedBefore),
      rough.some((spec) => spec.associated),
      rough.some((spec) => spec.menu2026),
      rough.some((spec) => spec.profile === '' && spec.ztdId === null),
      rough.some((spec) => spec.wakesAfterMs !== null),
      rough.some((spec) => spec.sleepsAfterMs !== null),
      rough.some((spec) => spec.dropShare > 0),
      rough.some((spec) => spec.dropsReseal),
      rough.some((spec) => spec.usbWhenOff),
      rough.some((spec) => spec.order !== rough[0]?.order),
      rough.some((spec) => spec.segments.some((one) => (one.restartMs ?? 0) > 180_000)),
    ])
      expect(has).toBe(true)
  })
})

describe('the tables', () => {
  it('hold every red code of the core, and no other', () => {
    expect(VIRTUAL_CODES.map(([code]) => code).sort()).toEqual(
      RED_CODES.map((row) => row.code).sort(),
    )
    expect(RED_CODES.some((row) => row.code === UNLISTED_CODE)).toBe(false)
  })

  it('call a device unfit exactly where the core closes as failed', () => {
    for (const [code, nature] of VIRTUAL_CODES) {
      const row = RED_CODES.find((one) => one.code === code)
      expect([code, nature === 'device']).toEqual([code, row?.verdict === 'failed'])
    }
  })

  it('show no entry text that the station would not know', () => {
    const names = readFileSync('station-config/key-scripts/entry-names.yaml', 'utf8').toLowerCase()
    for (const { install, preProvision, logs, reset } of Object.values(LABELS))
      for (const text of [install, preProvision[10], preProvision[11], logs, reset])
        expect(names).toContain(`: ${text.toLowerCase()}\n`)
  })
})
