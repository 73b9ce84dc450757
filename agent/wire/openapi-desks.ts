// What the routes of the desks are for, as the API's description tells it: look-ups, packing table, work orders, webhooks.
import { bulkBody, packOutAnswer, packOutBody } from './lookup.ts'
import type { RouteDoc } from './openapi.ts'
import {
  closeOutQuery,
  importAnswer,
  importBody,
  orderAnswer,
  orderParam,
  ordersAnswer,
  ordersQuery,
} from './orders.ts'
import {
  deadAnswer,
  hookParam,
  hooksAnswer,
  hookTestAnswer,
  resendBody,
  resentAnswer,
} from './webhooks.ts'

export const DESK_DOCS: readonly RouteDoc[] = [
  {
    route: 'POST /api/v1/devices/lookup.csv',
    id: 'lookUpMany',
    tag: 'devices',
    summary: 'Look up to 10,000 devices at once; the answer is a table.',
    notes:
      'One device a line, by serial number, ZtdId or MAC; of a table the first column. A device that this station never had is `not-seen`.',
    body: bulkBody,
    answers: { 200: { is: 'A line for each, in their order.', media: 'text/csv' } },
  },
  {
    route: 'POST /api/v1/pack-out',
    id: 'packOut',
    tag: 'devices',
    summary: 'May this device go into its box? Every scan is written into its history.',
    body: packOutBody,
    answers: { 200: { is: 'Green, or red with the reason.', json: packOutAnswer } },
  },
  {
    route: 'GET /api/v1/work-orders',
    id: 'listWorkOrders',
    tag: 'orders',
    summary: 'Work orders with their figures.',
    query: ordersQuery,
    answers: { 200: { is: 'The orders that may be seen.', json: ordersAnswer } },
  },
  {
    route: 'GET /api/v1/work-orders/:order',
    id: 'getWorkOrder',
    tag: 'orders',
    summary: 'How far one order is, what is missing, and what must be mended by whom.',
    params: orderParam,
    answers: { 200: { is: 'The order.', json: orderAnswer } },
  },
  {
    route: 'GET /api/v1/work-orders/:order/close-out.csv',
    id: 'closeOutWorkOrder',
    tag: 'orders',
    summary: 'The close-out of an order as a table: a line for each device, or for each attempt.',
    params: orderParam,
    query: closeOutQuery,
    answers: { 200: { is: 'The table.', media: 'text/csv' } },
  },
  {
    route: 'POST /api/v1/work-orders/import',
    id: 'importWorkOrders',
    tag: 'orders',
    summary: 'Take a file of work orders whole or, with any bad line, not at all.',
    body: importBody,
    answers: { 200: { is: 'The orders that were taken.', json: importAnswer } },
  },
  {
    route: 'GET /api/v1/webhooks',
    id: 'listWebhooks',
    tag: 'webhooks',
    summary: 'The webhooks of the config and how each stands.',
    answers: { 200: { is: 'The webhooks, without their secrets.', json: hooksAnswer } },
  },
  {
    route: 'GET /api/v1/webhooks/:hook/dead',
    id: 'listDeadMessages',
    tag: 'webhooks',
    summary: 'Messages that were given up, newest first.',
    params: hookParam,
    answers: { 200: { is: 'At most 200.', json: deadAnswer } },
  },
  {
    route: 'POST /api/v1/webhooks/:hook/test',
    id: 'testWebhook',
    tag: 'webhooks',
    summary: 'Send a signed message of type `reseal.test` now, past the queue.',
    params: hookParam,
    answers: { 200: { is: 'What came of it.', json: hookTestAnswer } },
  },
  {
    route: 'POST /api/v1/webhooks/:hook/resend',
    id: 'resendDeadMessages',
    tag: 'webhooks',
    summary: 'Give messages that were given up another round.',
    params: hookParam,
    body: resendBody,
    answers: { 200: { is: 'How many wait again.', json: resentAnswer } },
  },
]
