// `doctor`: touches every part of a bench once and says for each what is wrong and what to do.
import type { Command } from 'commander'
import type { StationConfig } from '../../station-config/loader.ts'
import { virtualConfig } from '../../station-config/loader.ts'
import type { Checked } from './checked.ts'
import { checkAll } from './config.ts'
import { checkParts } from './doctor-parts.ts'
import { problemLine } from './faults.ts'
import { type CliIo, DEFAULT_DATA, print, printJson } from './io.ts'
import { withDoor } from './options.ts'
import type { StationDoor } from './station-http.ts'

const line = ({ part, grade, detail, code, hint }: Checked) =>
  grade === 'ok'
    ? `ok    ${part}: ${detail}`
    : `${grade.padEnd(5)} ${part}: ${code}: ${detail}. ${hint}`

interface Options extends StationDoor {
  readonly config?: string
  readonly data?: string
  readonly json?: boolean
}

export function addDoctor(program: Command, io: CliIo): void {
  withDoor(program.command('doctor'))
    .option('--config <file>', 'config file; without it the virtual bench')
    .option('--data <dir>', 'data directory')
    .option('--json', 'one JSON document')
    .description('touches every part once: ok, or what is wrong and what to do')
    .action(async (options: Options) => {
      let config: StationConfig = virtualConfig(1)
      if (options.config !== undefined) {
        const all = checkAll(options.config)
        if (all.config === null || all.problems.length > 0) {
          io.exit(2)
          const { problems } = all
          if (options.json === true) return printJson(io, { ok: false, problems, parts: [] })
          for (const problem of problems) io.say(problemLine(problem))
          return
        }
        config = all.config
      }
      const parts: Checked[] = []
      for await (const part of checkParts(
        io,
        config,
        options.data ?? config.data ?? DEFAULT_DATA,
        options,
      )) {
        parts.push(part)
        if (options.json !== true) await print(io, line(part))
      }
      const isFine = parts.every(({ grade }) => grade !== 'bad')
      if (!isFine) io.exit(3)
      if (options.json === true) await printJson(io, { ok: isFine, problems: [], parts })
    })
}
