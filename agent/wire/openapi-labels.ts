// What the routes of labels and printer are for, as the API's description tells it.
import { bayParam, runParam } from './http.ts'
import { labelAnswer, labelBody, labelQuery, printedAnswer } from './labels.ts'
import type { RouteDoc } from './openapi.ts'

export const LABEL_DOCS: readonly RouteDoc[] = [
  {
    route: 'GET /api/v1/runs/:run/label',
    id: 'getLabel',
    tag: 'labels',
    summary: 'What stands on the label of a closed run.',
    params: runParam,
    answers: { 200: { is: 'The label, and what printer there is.', json: labelAnswer } },
  },
  {
    route: 'GET /api/v1/runs/:run/label.zpl',
    id: 'getLabelZpl',
    tag: 'labels',
    summary: 'The label of a closed run as ZPL II, for printers of your own.',
    params: runParam,
    query: labelQuery,
    answers: { 200: { is: 'ZPL II, UTF-8.', media: 'text/plain' } },
  },
  {
    route: 'POST /api/v1/runs/:run/label',
    id: 'printRunLabel',
    tag: 'labels',
    summary: 'Print the label of a closed run.',
    notes:
      'Answers when the printer took the bytes; nothing tells that paper came out. Send an Idempotency-Key, so that a repeated request prints once.',
    params: runParam,
    body: labelBody,
    answers: { 200: { is: 'The printer took it.', json: printedAnswer } },
  },
  {
    route: 'POST /api/v1/bays/:bay/label',
    id: 'printBayLabel',
    tag: 'labels',
    summary: 'Print the label of the run that closed last in a bay.',
    params: bayParam,
    body: labelBody,
    answers: { 200: { is: 'The printer took it.', json: printedAnswer } },
  },
]
