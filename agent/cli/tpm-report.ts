// `tpm-report`: the three TPM lines of closed runs per vendor and firmware, and which check was followed by red screens.
import type { Command } from 'commander'
import { NO_PROMISE } from '../core/tpm/promise.ts'
import { type ReportCheck, type ReportGroup, TpmReportBook } from '../core/tpm/report.ts'
import { CLAIM_MIN, type Counted } from '../core/tpm/report-claim.ts'
import { openReader } from '../ledger/reader.ts'
import { type CliIo, DEFAULT_DATA, print, printJson } from './io.ts'
import { instant } from './options.ts'

interface Options {
  readonly since?: number
  readonly until?: number
  readonly data: string
  readonly json?: boolean
}

/** Stands under every report, so that no number is read for more than it is. */
const NOTES = [
  `Every closed run counts, further runs of one device too. Below n=${CLAIM_MIN} nothing is claimed and no share is told.`,
  "With and without a check: runs in which Microsoft's service answered, the check against them or good.",
  'Runs that were refused before provisioning never reached that service: what it would have said is not known.',
  NO_PROMISE,
]

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

/** `12 of 60 red (20.0 %)`, without the share below the limit. */
const countText = ({ told, failed, share }: Counted) =>
  `${failed} of ${told} red${share === null ? '' : ` (${percent(share)})`}`

/** Columns as wide as their widest cell; numbers stand right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  const cell = (text: string, at: number) =>
    /^\d+$/.test(text) ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0)
  return rows.map((row) => row.map(cell).join('  ').trimEnd())
}

const HEAD_GROUPS = [
  ['', '', '', 'station', '', '', '', 'Windows', '', '', '', 'flow'],
  [
    'vendor',
    'firmware',
    'runs',
    ...['GO', 'HOLD', 'NO-GO', 'not seen'],
    ...['GO', 'HOLD', 'NO-GO', 'not seen'],
    ...['passed', 'failed', 'not reached', 'codes'],
  ],
]
const VERDICTS = ['GO', 'HOLD', 'NO-GO', 'not-seen'] as const

const groupRow = ({ vendor, firmware, runs, station, windows, flow, codes }: ReportGroup) => [
  vendor,
  firmware,
  String(runs),
  ...VERDICTS.map((verdict) => String(station[verdict])),
  ...VERDICTS.map((verdict) => String(windows[verdict])),
  ...(['passed', 'failed', 'not-reached'] as const).map((result) => String(flow[result])),
  Object.entries(codes)
    .map(([code, n]) => `${code} ×${n}`)
    .join(', '),
]

const HEAD_CHECKS = ['check', 'runs', 'with it', 'without it', '']
const checkRow = ({ id, runs, bad, good, says }: ReportCheck) => [
  id,
  String(runs),
  countText(bad),
  countText(good),
  says,
]

async function tpmReport(io: CliIo, options: Options): Promise<void> {
  const { since, until, data, json } = options
  const book = new TpmReportBook()
  const reader = await openReader(data, { mode: 'in-process', clock: io.clock })
  const range = {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }
  try {
    for await (const { record } of reader.walk(range)) {
      if (io.signal.aborted) return io.exit(3)
      book.add(record)
    }
  } finally {
    await reader.close()
  }
  const report = book.report()
  if (json === true)
    return printJson(io, {
      since: since === undefined ? null : new Date(since).toISOString(),
      until: until === undefined ? null : new Date(until).toISOString(),
      claimMin: CLAIM_MIN,
      ...report,
      notes: NOTES,
    })
  await print(io, `${report.runs} runs, Microsoft's service answered in ${report.told}`)
  if (report.runs > 0) {
    await print(io, '')
    for (const line of table([...HEAD_GROUPS, ...report.groups.map(groupRow)]))
      await print(io, line)
  }
  await print(io, '')
  if (report.checks.length === 0) await print(io, 'No check stood against any run.')
  else
    for (const line of table([HEAD_CHECKS, ...report.checks.map(checkRow)])) await print(io, line)
  await print(io, '')
  for (const note of NOTES) await print(io, note)
}

export function addTpmReport(program: Command, io: CliIo): void {
  program
    .command('tpm-report')
    .option('--since <time>', 'runs that ended at this time or later', instant)
    .option('--until <time>', 'runs that ended before this time', instant)
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--json', 'one JSON document')
    .description("TPM verdicts against the answer of Microsoft's service, per vendor and firmware")
    .action((options: Options) => tpmReport(io, options))
}
