// The packing table: one scan, one word, and one entry in the device's history for each.
import type { FastifyInstance } from 'fastify'
import { identsOf } from '../core/lookup.ts'
import { type PackOut, packOut } from '../core/pack-out.ts'
import { PACK_OUT, type ResealAnswer } from '../core/reseal-answer.ts'
import type { Clock, Ledger, LedgerReader, OrderDesk } from '../ports.ts'
import { packOutBody } from '../wire/lookup.ts'
import { nameOf } from './auth/person.ts'
import { valid } from './bay-routes.ts'
import { HttpProblem } from './problem.ts'

export interface PackOutParts {
  readonly reader: Pick<LedgerReader, 'answer'>
  readonly ledger: Pick<Ledger, 'annotate'>
  readonly orders: Pick<OrderDesk, 'fresh' | 'ownerOf' | 'plan'>
  readonly clock: Clock
}

const NOBODY: ResealAnswer = {
  serial: '',
  answer: 'not-seen',
  words: '',
  alarms: [],
  attempts: 0,
  runs: [],
  evidence: [],
  exit: 1,
}
/** As it stands in the history when it names no device: enough to know the label again. */
const UNREAD_MAX = 64

export function packOutRoutes(app: FastifyInstance, parts: PackOutParts): void {
  const { reader, ledger, orders, clock } = parts
  app.post(
    '/api/v1/pack-out',
    { config: { may: 'packout.scan', audit: 'packout-scan' } },
    async (request) => {
      const { text, order, table, by } = valid(packOutBody, request.body)
      await orders.fresh()
      if (order !== null && orders.plan(order) === null)
        throw new HttpProblem(400, 'BACKEND_REQUEST_INVALID', `order: there is no order ${order}`)
      const now = clock.now()
      const isOfUse = identsOf(text).length > 0
      const answer = isOfUse ? await reader.answer(text, now) : NOBODY
      const decided = packOut(answer, { listed: orders.ownerOf(answer.serial), wanted: order }, now)
      const who = nameOf(request, by)
      const { go } = decided
      const why = decided.why ?? ''
      request.note({ who, of: serialOf(decided, text), detail: { go, ...(why && { why }) } })
      // Written before it is shown: what a packer saw green stands in the chain.
      await ledger.annotate(serialOf(decided, text), PACK_OUT, now, {
        ...{ go, why, by: who },
        ...(order === null ? {} : { order }),
        ...(table === undefined ? {} : { table }),
        ...(answer.run === undefined ? {} : { run: answer.run }),
      })
      const { answer: whole, ...shown } = decided
      return { ...shown, words: whole.words }
    },
  )
}

const serialOf = ({ serial }: PackOut, text: string) =>
  serial === '' ? text.trim().slice(0, UNREAD_MAX) : serial.slice(0, UNREAD_MAX)
