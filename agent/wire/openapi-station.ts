// What the routes of station, bays, runs and devices are for, as the API's description tells it.
import { ACTIONS } from '../core/facts.ts'
import {
  bayAnswer,
  baysAnswer,
  descriptionAnswer,
  liveAnswer,
  portAnswer,
  probeCodeAnswer,
  readyAnswer,
  stationAnswer,
  takenAnswer,
} from './answers.ts'
import { oneRunAnswer, resealStatusAnswer, runsAnswer } from './answers-record.ts'
import {
  answerBody,
  bayParam,
  eventsQuery,
  plainBody,
  portBody,
  runParam,
  runsQuery,
  scanBody,
  serialParam,
  undoBody,
} from './http.ts'
import type { RouteDoc } from './openapi.ts'

const TAKEN = { 200: { is: 'It was taken, or was taken before.', json: takenAnswer } } as const
const ACTION = 'POST /api/v1/bays/:bay/actions/:action'

/** What each action does, for people who write programs. */
const ACTION_WORDS: Readonly<Record<(typeof ACTIONS)[number], string>> = {
  abort: 'End the open run; its keys go up at once.',
  retry: 'Start a further run of the device that stands there.',
  removed: 'Say that the device was taken out.',
  powered: 'Say that the device is switched on.',
  'out-of-service': 'Close the bay.',
  'in-service': 'Open the bay again.',
  'lamp-test': 'Show every signal on the lamp in turn.',
  seen: 'Say that an alarm was seen.',
  look: 'Ask at once what the bay would ask later.',
}

const camel = (text: string) =>
  text.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase())

const actions: readonly RouteDoc[] = [
  {
    route: ACTION,
    as: '/api/v1/bays/:bay/actions/answer',
    id: 'answerBay',
    tag: 'bays',
    summary: 'Answer the open question of a bay.',
    notes:
      'The same answer again is 200. Another one, or one to a question that is over, is refused with 409.',
    params: bayParam,
    body: answerBody,
    answers: TAKEN,
  },
  {
    route: ACTION,
    as: '/api/v1/bays/:bay/actions/undo',
    id: 'undoBay',
    tag: 'bays',
    summary: 'Take the last answer back, as long as it did nothing yet.',
    params: bayParam,
    body: undoBody,
    answers: TAKEN,
  },
  {
    route: ACTION,
    as: '/api/v1/bays/:bay/actions/scan',
    id: 'scanAtBay',
    tag: 'bays',
    summary: 'A scan or a typed number at a bay.',
    params: bayParam,
    body: scanBody,
    answers: TAKEN,
  },
  {
    route: ACTION,
    as: '/api/v1/bays/:bay/actions/probe',
    id: 'probeBay',
    tag: 'bays',
    summary: 'Show a code for a probe on the bay.',
    params: bayParam,
    body: plainBody,
    answers: TAKEN,
  },
  ...ACTIONS.map(
    (action): RouteDoc => ({
      route: ACTION,
      as: `/api/v1/bays/:bay/actions/${action}`,
      id: `do${camel(action)}`,
      tag: 'bays',
      summary: ACTION_WORDS[action],
      params: bayParam,
      body: plainBody,
      answers: TAKEN,
    }),
  ),
]

export const STATION_DOCS: readonly RouteDoc[] = [
  {
    route: 'GET /api/v1/station',
    id: 'getStation',
    tag: 'station',
    summary: 'The station: name, clock, health, figures of the day.',
    answers: { 200: { is: 'The station now; figures may be 2 s old.', json: stationAnswer } },
  },
  {
    route: 'GET /api/v1/events',
    id: 'followEvents',
    tag: 'station',
    summary: 'Bays as they change and committed events, as a stream.',
    notes:
      'Server-sent events. `Last-Event-ID`, or `after`, goes on without a gap; `reset` says that the ledger was restored.',
    query: eventsQuery,
    answers: { 200: { is: 'Events without end.', media: 'text/event-stream' } },
  },
  {
    route: 'GET /livez',
    id: 'isLive',
    tag: 'station',
    summary: 'Whether the process answers.',
    answers: { 200: { is: 'It lives.', json: liveAnswer } },
  },
  {
    route: 'GET /readyz',
    id: 'isReady',
    tag: 'station',
    summary: 'Whether every part that a bay cannot do without works.',
    answers: {
      200: { is: 'Ready; what is lost and not needed is named.', json: readyAnswer },
      503: { is: 'Not ready, and why.', json: readyAnswer },
    },
  },
  {
    route: 'GET /metrics',
    id: 'readMetrics',
    tag: 'station',
    summary: 'Figures for Prometheus.',
    answers: { 200: { is: 'Text format 0.0.4.', media: 'text/plain' } },
  },
  {
    route: 'GET /api/openapi.json',
    id: 'getDescription',
    tag: 'station',
    summary: 'This description.',
    answers: { 200: { is: 'OpenAPI 3.1.', json: descriptionAnswer } },
  },
  {
    route: 'GET /api/v1/bays',
    id: 'listBays',
    tag: 'bays',
    summary: 'All bays as the board shows them.',
    answers: { 200: { is: 'The bays in the order of the bench.', json: baysAnswer } },
  },
  {
    route: 'GET /api/v1/bays/:bay',
    id: 'getBay',
    tag: 'bays',
    summary: 'One bay as the board shows it.',
    params: bayParam,
    answers: { 200: { is: 'The bay.', json: bayAnswer } },
  },
  ...actions,
  {
    route: 'POST /api/v1/scan',
    id: 'scan',
    tag: 'bays',
    summary: 'A scan that names its bay itself, or goes to the only one that waits.',
    body: scanBody,
    answers: TAKEN,
  },
  {
    route: 'POST /api/v1/bays/:bay/port',
    id: 'switchPort',
    tag: 'bays',
    summary: "Switch the bay's port of the managed switch.",
    params: bayParam,
    body: portBody,
    answers: { 200: { is: 'The switch has confirmed it.', json: portAnswer } },
  },
  {
    route: 'POST /api/v1/bays/:bay/probe',
    id: 'makeProbeCode',
    tag: 'bays',
    summary: 'A code for a probe at this bay, with the lines that start it.',
    params: bayParam,
    body: plainBody,
    answers: {
      200: { is: 'The code; it takes the place of an older one.', json: probeCodeAnswer },
    },
  },
  {
    route: 'GET /api/v1/runs',
    id: 'listRuns',
    tag: 'runs',
    summary: 'Closed runs, newest first, in pages.',
    notes: 'Send `next` of a page as `cursor` for the one after it; null is the end.',
    query: runsQuery,
    answers: { 200: { is: 'A page.', json: runsAnswer } },
  },
  {
    route: 'GET /api/v1/runs/:run',
    id: 'getRun',
    tag: 'runs',
    summary: 'One closed run with its record and its place in the hash chain.',
    params: runParam,
    answers: { 200: { is: 'The run.', json: oneRunAnswer } },
  },
  {
    route: 'GET /api/v1/devices/:serial/reseal',
    id: 'getReseal',
    tag: 'devices',
    summary: 'Whether the device with this serial number is resealed, with what proof.',
    notes: '`not-seen` says nothing about the device, only that it never was at this station.',
    params: serialParam,
    answers: { 200: { is: 'The answer, in words and fields.', json: resealStatusAnswer } },
  },
]
