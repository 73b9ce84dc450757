// The first program of the machine: collects the tests that were named, runs them, and tells the host.
import process from 'node:process'
import { host } from './host.ts'
import { runTests } from './runner.ts'

const [only = '', ...files] = process.argv.slice(2)
process.on('uncaughtException', (error) => {
  host.say('broke', { why: error.stack ?? error.message })
  process.exit(1)
})
process.on('unhandledRejection', (error) => {
  host.say('broke', { why: error instanceof Error ? error.stack : String(error) })
  process.exit(1)
})
for (const file of files) await import(`../${file}`)
await runTests(only === '-' ? '' : decodeURIComponent(only))
// A read that waits for a key holds its thread for ever: the machine goes down without waiting for it.
process.kill(process.pid, 'SIGKILL')
