// What remote IT, the packing table and the lead ask beside the bays: look-ups, work orders, pack-out, webhooks.
import type { FastifyInstance } from 'fastify'
import type { Clock, HookDesk, Ledger, LedgerReader, LookupReader, OrderDesk } from '../ports.ts'
import { lookupRoutes } from './lookup-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { packOutRoutes } from './packout-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'

export interface DeskParts {
  readonly reader: LookupReader & Pick<LedgerReader, 'answer'>
  readonly ledger: Pick<Ledger, 'annotate'>
  readonly orders: OrderDesk
  readonly hooks: HookDesk
}

export function deskRoutes(app: FastifyInstance, parts: DeskParts, clock: Clock): void {
  const { reader, ledger, orders, hooks } = parts
  lookupRoutes(app, reader, clock)
  orderRoutes(app, reader, orders)
  packOutRoutes(app, { reader, ledger, orders, clock })
  webhookRoutes(app, hooks)
}
