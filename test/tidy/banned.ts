// Texts that stand in no source file but their owner's, each with what to write instead.
import type { SourceFile } from './source.ts'

interface Ban {
  readonly text: RegExp
  readonly name: string
  readonly instead: string
  /** Files and folders that may write it. */
  readonly owners: readonly string[]
  /** Where it is looked for: code unless it is said otherwise. */
  readonly where?: 'comments'
}

const CLOCK = [
  'drivers/host/clock.ts',
  // A package of its own that imports nothing of the project, its Clock port included.
  'drivers/tpm2-ts/timers.ts',
  'test',
  'scripts',
  'agent/dashboard',
]
const IDS = ['drivers/host/ids.ts', 'test', 'scripts']

const time = (text: RegExp, name: string): Ban => ({
  text,
  name,
  instead: 'take the time from the Clock port',
  owners: CLOCK,
})
const timer = (text: RegExp, name: string): Ban => ({
  text,
  name,
  instead: 'wait with Clock.sleep(ms, signal)',
  owners: CLOCK,
})
const chance = (text: RegExp, name: string): Ban => ({
  text,
  name,
  instead: 'take chance and ids from the Ids port',
  owners: IDS,
})
const unrun = (text: RegExp, name: string): Ban => ({
  text,
  name,
  instead: 'make the test run, or name what to install and fail',
  owners: [],
})

export const BANS: readonly Ban[] = [
  time(/\bDate\.now\(/, 'Date.now('),
  time(/\bnew Date\(\)/, 'new Date()'),
  time(/\bTemporal\.Now\b/, 'Temporal.Now'),
  time(/\bperformance\.now\(/, 'performance.now('),
  timer(/\bset(?:Timeout|Interval)\(/, 'setTimeout( or setInterval('),
  chance(/\bMath\.random\(/, 'Math.random('),
  chance(/\brandomUUID\(/, 'randomUUID('),
  {
    text: /\bconsole\./,
    name: 'console.',
    instead: 'write to the log, or let a command of agent/cli print',
    owners: ['agent/cli', 'agent/main.ts', 'scripts', 'test'],
  },
  {
    text: /\bprocess\.env\b/,
    name: 'process.env',
    instead: 'make it a key of station-config',
    owners: ['station-config', 'agent/main.ts', 'scripts', 'test'],
  },
  { text: /\bas any\b/, name: 'as any', instead: 'name the type, or parse the value', owners: [] },
  {
    text: /\benum\s+\w+\s*\{/,
    name: 'enum',
    instead: 'use a union of strings, or an object as const',
    owners: [],
  },
  {
    text: /\bexport default\b/,
    name: 'export default',
    instead: 'export it by its name',
    owners: ['vitest.config.ts', 'agent/dashboard/vite.config.ts'],
  },
  {
    text: /\bvi\.(?:mock|doMock|useFakeTimers)\(/,
    name: 'vi.mock( or fake timers',
    instead: 'hand in a fake of the port from test/fakes; the Clock is ours',
    owners: [],
  },
  {
    text: /\bEventEmitter\b/,
    name: 'an EventEmitter',
    instead: 'make it a Source: an AsyncIterable with an AbortSignal',
    owners: [],
  },
  unrun(/\b(?:it|test|describe)(?:\.\w+)*\.(?:skip|skipIf|runIf)\b/, '.skip('),
  unrun(/\b(?:it|test|describe)(?:\.\w+)*\.only\b/, '.only('),
  unrun(/\b(?:it|test|describe)(?:\.\w+)*\.todo\b/, 'it.todo'),
  {
    text: /\b(?:FIXME|TODO|XXX)\b/,
    name: 'FIXME or TODO',
    instead: 'do it now, or write an issue',
    owners: [],
    where: 'comments',
  },
]

const owns = (path: string, owners: readonly string[]) =>
  owners.some((owner) => path === owner || path.startsWith(`${owner}/`))

export function bannedComplaints(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    BANS.filter((ban) => !owns(file.path, ban.owners)).flatMap((ban) => {
      const lines = file[ban.where ?? 'code'].split('\n')
      return lines.flatMap((line, index) =>
        ban.text.test(line) ? [`${file.path}:${index + 1} has ${ban.name}: ${ban.instead}`] : [],
      )
    }),
  )
}
