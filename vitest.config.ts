// Three test projects: what answers in seconds (fast), what needs real parts or long runs (slow), and the board (browser).
import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/workshop/long-first.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    // The reference machine has two cores, and half of what the tests do is waiting for cables, terminals and clocks.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/{core,drivers,contracts,workshop}/**/*.test.ts', 'test/tidy.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['test/{sim,integration}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // A browser is several processes by itself: beside simulations two cores are not enough; pages that stand still wait a lot.
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
