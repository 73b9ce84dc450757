// Desks of a station that has seen nothing: their routes answer, and nothing is in them.
import { lookUp } from '../../agent/core/lookup.ts'
import { lookupCsvLine } from '../../agent/core/lookup-csv.ts'
import type { DeskParts } from '../../agent/web/desk-routes.ts'

const NOTHING = {
  device: () => ({ runs: [], annotations: [], open: null }),
  serialsOf: () => [],
}

export const emptyDesks: DeskParts = {
  reader: {
    answer: async (asked, now) => lookUp(NOTHING, asked, now),
    answerLines: async (asked, now) =>
      asked.map((text) => lookupCsvLine(text, lookUp(NOTHING, text, now))).join(''),
    orderDevices: async () => [],
    orderRuns: async () => [],
    orderTallies: async (orders) => orders.map((order) => ({ order, verdicts: {} })),
    openRuns: async () => [],
    alarmsIn: async () => 0,
  },
  ledger: { annotate: async () => ({ seq: 0, chain: null }) },
  orders: {
    fresh: async () => undefined,
    plans: () => [],
    plan: () => null,
    ownerOf: () => null,
    take: async () => ({ orders: [] }),
  },
  hooks: {
    list: async () => [],
    dead: async () => null,
    test: async () => null,
    resend: async () => null,
  },
}
