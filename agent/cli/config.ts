// `config check` and `config schema`: what is wrong with a config file, and what may stand in it.
import type { Command } from 'commander'
import { configJsonSchema } from '../../station-config/config-schema.ts'
import { loadEntryNames } from '../../station-config/entry-names.ts'
import { loadConfig, type StationConfig } from '../../station-config/loader.ts'
import { loadOrders } from '../../station-config/orders.ts'
import type { Problem } from '../../station-config/problem.ts'
import { loadScripts, SCRIPTS_DIR } from '../../station-config/scripts.ts'
import { unsafeOf } from '../core/key-script.ts'
import { problemLine } from './faults.ts'
import { type CliIo, print, printJson } from './io.ts'

/** Everything that a start with this config would read, with every problem of all of it. */
export function checkAll(file: string): {
  readonly config: StationConfig | null
  readonly problems: readonly Problem[]
} {
  const { config, problems } = loadConfig(file)
  const scripts = loadScripts(SCRIPTS_DIR, unsafeOf).problems
  const names = loadEntryNames(SCRIPTS_DIR).problems
  const orders = loadOrders(config?.orders ?? []).problems
  return { config, problems: [...problems, ...orders, ...scripts, ...names] }
}

const bays = (count: number) => (count === 1 ? '1 bay' : `${count} bays`)

export function addConfig(program: Command, io: CliIo): void {
  const config = program.command('config').description('check a config file, print its schema')
  config
    .command('check')
    .argument('<file>', 'config file')
    .option('--json', 'one JSON document')
    .description('names every problem at once, with its place and a hint')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { config: found, problems } = checkAll(file)
      io.exit(problems.length === 0 ? 0 : 2)
      if (json === true) return printJson(io, { file, ok: problems.length === 0, problems })
      for (const problem of problems) io.say(problemLine(problem))
      if (found !== null && problems.length === 0)
        await print(io, `ok: ${file}: ${bays(found.bays.length)}`)
    })
  config
    .command('schema')
    .description('prints the JSON schema of the config file')
    .action(() => io.write(configJsonSchema()))
}
