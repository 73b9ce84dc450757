// The process and nothing else: arguments in, signals in, exit code out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { processIo } from './cli/process-io.ts'
import { runCli } from './cli/program.ts'

const manifest = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')
const { version } = JSON.parse(manifest) as { version: string }

const asked = new AbortController()
// A second signal ends the process the hard way: somebody is in earnest.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => asked.abort())

const io = processIo(process, asked.signal)
await runCli(process.argv.slice(2), io, version)
// What was opened is closed by now; a native handle that lingers must not keep a stopped station alive.
process.stdout.write('', () => process.stderr.write('', () => process.exit(io.code())))
