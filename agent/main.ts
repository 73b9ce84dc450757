// The process and nothing else: arguments in, signals in, exit code out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { processIo } from './cli/process-io.ts'

const manifest = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')
const { version } = JSON.parse(manifest) as { version: string }

const asked = new AbortController()
// A second signal ends the process the hard way: somebody is in earnest.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => asked.abort())
// A station reads its config anew; any other command ends, as its terminal did.
let hangUp = () => asked.abort()
process.on('SIGHUP', () => hangUp())

const io = processIo(process, asked.signal, (read) => {
  hangUp = read
})
const [first, ...words] = process.argv.slice(2)
// dnsmasq calls this for one lease after the other: it must not wait until the whole program is loaded.
if (first === 'dhcp-event' && !words.includes('--help')) {
  const { runDhcpEvent } = await import('./cli/dhcp-event.ts')
  await runDhcpEvent(words, io, process.env['DNSMASQ_INTERFACE'] ?? null)
} else {
  const { runCli } = await import('./cli/program.ts')
  await runCli(process.argv.slice(2), io, version)
}
// What was opened is closed by now; a native handle that lingers must not keep a stopped station alive.
process.stdout.write('', () => process.stderr.write('', () => process.exit(io.code())))
