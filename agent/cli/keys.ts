// `keys`: plays one key script on one keyboard, guard by guard, to try a chip or to see what a script would press.
import { basename } from 'node:path'
import type { Command } from 'commander'
import { openKeyboard } from '../../drivers/keyboard/index.ts'
import { readKeyboardUrl } from '../../station-config/keyboard-url.ts'
import type { Problem } from '../../station-config/problem.ts'
import { readText } from '../../station-config/read-file.ts'
import { loadScripts, parseScript, SCRIPTS_DIR } from '../../station-config/scripts.ts'
import {
  type Burst,
  type Guard,
  type KeyReport,
  type KeyScript,
  reportsOf,
  unsafeOf,
} from '../core/key-script.ts'
import { StationError } from '../fault.ts'
import type { Keyboard } from '../ports.ts'
import { failAll } from './faults.ts'
import { type CliIo, DEFAULT_DATA, print } from './io.ts'

/** What a person confirms before a burst; `none` is asked too, because a key on the wrong page is a key. */
const QUESTION: Readonly<Record<Guard, string>> = {
  none: 'Nothing is required. Play it?',
  'options-open': 'Is the known options dialog open, with the pre-provisioning entry in it?',
  'entry-selected-next-focused': 'Is the pre-provisioning entry selected and the focus on Next?',
  'names-right-next-focused': 'Are organisation, profile and user right and the focus on Next?',
  'refresh-focused': 'Is the focus on Refresh?',
  'success-reseal-focused': 'Is the page green and the focus on Reseal?',
  'failure-retry-focused': 'Is the page red and the focus on Retry, not on Reset?',
}

const hex = (report: KeyReport) =>
  report.bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')

/** A script by its id or by a file's path; null when its problems were said. */
function scriptOf(io: CliIo, name: string): KeyScript | null {
  const say = (problems: readonly Problem[]) => {
    failAll(io, problems)
    return null
  }
  if (/[./]/.test(name)) {
    const read = readText(name, 64 * 1024)
    if (!('text' in read)) throw new StationError('FILE_UNREADABLE', `${name}: ${read.message}`)
    const { value, problems } = parseScript(read.text, name, unsafeOf)
    return value ?? say(problems)
  }
  const { value, problems } = loadScripts(SCRIPTS_DIR, unsafeOf)
  if (value === null) return say(problems)
  const found = value.find(({ id }) => id === name)
  if (found !== undefined) return found
  throw new StationError(
    'USAGE_COMMAND',
    `no script ${name}; ${value.map(({ id }) => id).join(', ')}`,
  )
}

/** Every report with its time from the start of its burst; nothing is opened. */
async function dryRun(io: CliIo, script: KeyScript): Promise<void> {
  const tried = script.verified ? 'verified' : 'not verified on a device'
  await print(io, `${script.id}@${script.version}  ${script.place}  ${tried}`)
  for (const burst of script.bursts) {
    await print(io, `burst ${burst.name}  guard ${burst.guard}`)
    let at = 0
    for (const report of reportsOf(burst)) {
      await print(io, `${String(at).padStart(6)} ms  ${hex(report)}`)
      at += report.pauseMs
    }
  }
}

/** A keyboard that is a line on the screen: for `manual:` and `virtual:`, where this command has no device. */
const shown = (io: CliIo, verb: string): Pick<Keyboard, 'play' | 'releaseAll'> => ({
  async play({ burst, reports }) {
    await print(io, `${verb} ${burst}: ${reports.length} reports, the last releases all keys`)
    return { proof: 'accepted' }
  },
  async releaseAll() {},
})

type Player = Pick<Keyboard, 'play' | 'releaseAll'> & { close?(): Promise<void> }

async function keyboardOf(io: CliIo, url: string, stateDir: string): Promise<Player> {
  const read = readKeyboardUrl(url)
  if ('fault' in read) throw new StationError(read.fault.code, `${url}: ${read.fault.message}`)
  if (read.url.driver === 'manual') return shown(io, 'press')
  if (read.url.driver === 'virtual') return shown(io, 'virtual')
  const chip = await openKeyboard(url, { clock: io.clock, stateDir, required: true })
  await chip?.ready()
  return chip ?? shown(io, 'press')
}

/** The burst by hand: asked, then played. False when the person said anything but yes. */
async function playBurst(
  io: CliIo,
  ask: (question: string) => Promise<string>,
  keyboard: Player,
  script: KeyScript,
  burst: Burst,
): Promise<boolean> {
  const question = `burst ${burst.name}: ${QUESTION[burst.guard]} Type yes to play it: `
  // Enter alone never means yes: a bench is full of keyboards (product: safety rule 10).
  if ((await ask(question)).trim().toLowerCase() !== 'yes') return false
  const request = {
    script: `${script.id}@${script.version}`,
    burst: burst.name,
    reports: reportsOf(burst),
  }
  const { proof } = await keyboard.play(request, io.signal)
  await print(io, `${burst.name}: ${proof}`)
  return proof !== 'unknown'
}

interface Options {
  readonly keyboard: string
  readonly data: string
  readonly dryRun?: boolean
}

export function addKeys(program: Command, io: CliIo): void {
  program
    .command('keys')
    .argument('<script>', 'id of a script, or the path of a file')
    .requiredOption('--keyboard <url>', 'ch9329:, hidg: or pikvm-mcu:<path>, manual: or virtual:')
    .option('--data <dir>', 'where the settings found in a chip are kept', DEFAULT_DATA)
    .option('--dry-run', 'print every report with its time and guard, press nothing')
    .description('plays a key script; each guard is asked on the terminal')
    .action(async (name: string, options: Options) => {
      const script = scriptOf(io, name)
      if (script === null) return
      const read = readKeyboardUrl(options.keyboard)
      if ('fault' in read)
        throw new StationError(read.fault.code, `${options.keyboard}: ${read.fault.message}`)
      if (options.dryRun === true) return dryRun(io, script)
      if (io.ask === null) throw new StationError('USAGE_NO_TERMINAL', `keys ${basename(name)}`)
      const keyboard = await keyboardOf(io, options.keyboard, options.data)
      try {
        for (const burst of script.bursts) {
          if (await playBurst(io, io.ask, keyboard, script, burst)) continue
          io.say(`stopped before the rest: ${burst.name} was not played whole`)
          return io.exit(4)
        }
      } finally {
        await keyboard.releaseAll()
        await keyboard.close?.()
      }
    })
}
