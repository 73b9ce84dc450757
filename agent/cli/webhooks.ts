// `webhooks`: how each receiver stands, a test message, and another round for what was given up; asks the running station.
import type { Command } from 'commander'
import { StationError } from '../fault.ts'
import { type CliIo, print, printJson } from './io.ts'
import { stationUrl, withDoor } from './options.ts'
import { askStation, DEFAULT_URL, type StationDoor } from './station-http.ts'

interface Where extends StationDoor {
  readonly json?: true
}
interface Row {
  readonly hook: string
  readonly url: string
  readonly waiting: number
  readonly dead: number
  readonly delivered: number
  readonly trouble: string | null
}
interface Dead {
  readonly seq: number
  readonly at: number
  readonly event: string
  readonly tries: number
  readonly why: string | null
}

const URL_FLAG = '--url <url>'
const URL_TEXT = `address of the board (default ${DEFAULT_URL.href})`
const pathOf = (hook: string) => `/api/v1/webhooks/${encodeURIComponent(hook)}`

/** The field of an answer. @throws StationError when what answers is no station */
function fieldOf<T>(answer: unknown, name: string): T {
  const value = (answer as Readonly<Record<string, unknown>> | null)?.[name]
  if (value === undefined)
    throw new StationError('STATION_NOT_RUNNING', 'what answers is no station')
  return value as T
}

const line = ({ hook, url, delivered, waiting, dead, trouble }: Row) =>
  [
    hook,
    url,
    `${delivered} delivered`,
    `${waiting} waiting`,
    `${dead} given up`,
    trouble ?? 'well',
  ].join('\t')

export function addWebhooks(program: Command, io: CliIo): void {
  const webhooks = program.command('webhooks').description('receivers of signed messages')
  withDoor(webhooks.command('list'))
    .option(URL_FLAG, URL_TEXT, stationUrl)
    .option('--json', 'one JSON document')
    .description('how each webhook stands: exit 0 well, 1 one has messages that were given up')
    .action(async ({ json, ...door }: Where) => {
      const answer = await askStation(io, door, '/api/v1/webhooks')
      const rows = fieldOf<readonly Row[]>(answer, 'webhooks')
      io.exit(rows.some(({ dead }) => dead > 0) ? 1 : 0)
      if (json === true) return printJson(io, answer)
      for (const row of rows) await print(io, line(row))
    })
  withDoor(webhooks.command('dead'))
    .argument('<webhook>', 'id in the config')
    .option(URL_FLAG, URL_TEXT, stationUrl)
    .option('--json', 'one JSON document')
    .description('messages that were given up, newest first')
    .action(async (hook: string, { json, ...door }: Where) => {
      const answer = await askStation(io, door, `${pathOf(hook)}/dead`)
      if (json === true) return printJson(io, answer)
      for (const { seq, at, event, tries, why } of fieldOf<readonly Dead[]>(answer, 'dead'))
        await print(
          io,
          [seq, new Date(at).toISOString(), event, `${tries} tries`, why ?? ''].join('\t'),
        )
    })
  withDoor(webhooks.command('resend'))
    .argument('<webhook>', 'id in the config')
    .option(URL_FLAG, URL_TEXT, stationUrl)
    .description('gives every message that was given up another round')
    .action(async (hook: string, door: Where) => {
      const answer = await askStation(io, door, `${pathOf(hook)}/resend`, 'POST')
      await print(io, `${fieldOf<number>(answer, 'resent')} messages wait again`)
    })
  withDoor(webhooks.command('test'))
    .argument('<webhook>', 'id in the config')
    .option(URL_FLAG, URL_TEXT, stationUrl)
    .description('sends a signed test message now: exit 0 taken, 1 not')
    .action(async (hook: string, door: Where) => {
      const answer = await askStation(io, door, `${pathOf(hook)}/test`, 'POST')
      const ok = fieldOf<boolean>(answer, 'ok')
      io.exit(ok ? 0 : 1)
      await print(
        io,
        `${hook} ${ok ? 'took it' : 'did not take it'}: ${fieldOf<string>(answer, 'words')}`,
      )
    })
}
