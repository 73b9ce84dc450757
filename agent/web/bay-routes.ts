// What a person or program may see of the bays and do at them; every change goes through the bench, nothing is decided here.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { BayView } from '../core/view.ts'
import type { BenchControl, Clock, Taken } from '../ports.ts'
import {
  actionParam,
  answerBody,
  bayParam,
  parse,
  plainBody,
  scanBody,
  undoBody,
} from '../wire/http.ts'
import { demand, nameOf } from './auth/person.ts'
import { inTime } from './overview.ts'
import { HttpProblem, passTaken } from './problem.ts'

/** The value, or a 400 that names each wrong field. */
export function valid<T>(schema: Parameters<typeof parse<T>>[0], value: unknown): T {
  const parsed = parse(schema, value)
  if (parsed.ok) return parsed.value
  const first = parsed.problems[0]
  const detail = first === undefined ? undefined : `${first.path || 'request'}: ${first.message}`
  throw new HttpProblem(400, 'BACKEND_REQUEST_INVALID', detail, parsed.problems)
}

const READ = { config: { may: 'bays.read' } } as const
const ANSWER = { config: { may: 'bays.answer', audit: 'action' } } as const
const SCAN = { config: { may: 'bays.answer', audit: 'scan' } } as const
/** Actions that take a bay from its operators. */
const SERVICE: ReadonlySet<string> = new Set(['out-of-service', 'in-service'])
/** Whose name a change carries, given the one that the request says. */
type Who = (said: string | undefined) => string
/** An input waits first in its mailbox while the ledger is gone; the person hears it after this, real ms. */
const TAKE_LIMIT_MS = 5_000

/** The name that the change carries, in the audit too. */
function named(request: FastifyRequest, said: string | undefined): string {
  const who = nameOf(request, said)
  request.note({ who })
  return who
}

/** What the audit says of an action; the answer that only a lead may give is refused to others. */
function noteAction(request: FastifyRequest, view: BayView, action: string, body: unknown): void {
  const { serial, prompt } = view
  if (action === 'answer') {
    const { answer } = valid(answerBody, body)
    request.note({ what: 'answer', of: view.bay, detail: { answer, serial } })
    const choice = prompt?.choices.find((one) => one.answer === answer)
    if (choice?.lead === true) demand(request, 'bays.release')
  } else if (action === 'undo')
    request.note({ what: 'answer', of: view.bay, detail: { answer: 'undo', serial } })
  else request.note({ what: 'action', of: view.bay, detail: { action, serial } })
}

export function bayRoutes(app: FastifyInstance, bench: BenchControl, clock: Clock): void {
  const known = (bay: string) => {
    const view = bench.bay(bay)
    if (view !== null) return view
    const all = bench.bays().map((other) => other.bay)
    throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No bay ${bay}; there is ${all.join(', ')}.`)
  }
  const take = async (taking: Promise<Taken>): Promise<Taken> => {
    const taken = await inTime<Taken | null>(taking, TAKE_LIMIT_MS * clock.rate, clock, null)
    if (taken !== null) return passTaken(taken)
    const ledger = bench.health().find(({ part, ok }) => part === 'ledger' && !ok)
    const detail = 'It is not written yet; it waits and is taken as soon as that is possible.'
    throw new HttpProblem(503, ledger?.code ?? 'STATION_LEDGER_FAULT', detail)
  }
  const perform = (bay: string, action: string, body: unknown, who: Who): Promise<Taken> => {
    if (action === 'answer') {
      const { prompt, answer, text, by } = valid(answerBody, body)
      return bench.answer(bay, prompt, answer, who(by), text, clock.now())
    }
    if (action === 'undo') {
      const { prompt, by } = valid(undoBody, body)
      return bench.undo(bay, prompt, who(by))
    }
    if (action === 'scan') {
      const { text, by } = valid(scanBody, body)
      return bench.scan(text, who(by), bay)
    }
    const { by } = valid(plainBody, body)
    if (action === 'probe')
      return bench.probe?.(bay, who(by)) ?? Promise.resolve({ taken: 'refused' })
    return bench.act(bay, action as Parameters<BenchControl['act']>[1], who(by))
  }

  app.get('/api/v1/bays', READ, () => ({ seq: bench.seq(), bays: bench.bays() }))
  app.get('/api/v1/bays/:bay', READ, ({ params }) => known(valid(bayParam, params).bay))
  app.post('/api/v1/bays/:bay/actions/:action', ANSWER, async (request) => {
    const { params, body } = request
    const { bay } = valid(bayParam, { bay: (params as { bay?: unknown }).bay })
    const { action } = valid(actionParam, params)
    if (SERVICE.has(action)) demand(request, 'bays.service')
    noteAction(request, known(bay), action, body)
    return take(perform(bay, action, body, (said) => named(request, said)))
  })
  app.post('/api/v1/scan', SCAN, async (request) => {
    const { text, by } = valid(scanBody, request.body)
    return take(bench.scan(text, named(request, by)))
  })
}
