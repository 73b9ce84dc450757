// The command line as a table of contents; each command stands in a file of its own.
import { Command, CommanderError, type OutputConfiguration } from 'commander'
import { FAULTS } from '../fault.ts'
import { addAccounts } from './accounts.ts'
import { addAttest } from './attest.ts'
import { addBackup } from './backup.ts'
import { addBarcodes } from './barcodes.ts'
import { addBundle } from './bundle.ts'
import { addConfig } from './config.ts'
import { addDemo } from './demo.ts'
import { addDhcpEvent } from './dhcp-event.ts'
import { addDoctor } from './doctor.ts'
import { addExport } from './export.ts'
import { fail } from './faults.ts'
import { addGadget } from './gadget.ts'
import type { CliIo } from './io.ts'
import { addKeys } from './keys.ts'
import { addLabel } from './label.ts'
import { addLamp } from './lamp.ts'
import { addNetwork } from './network.ts'
import { addOrders } from './orders.ts'
import { addPort } from './port.ts'
import { addProbe } from './probe.ts'
import { addRun } from './run.ts'
import { addStatus } from './status.ts'
import { addSuggest } from './suggest.ts'
import { addToken } from './token.ts'
import { addTpmReport } from './tpm-report.ts'
import { addTpmRoots } from './tpm-roots.ts'
import { addVerify } from './verify.ts'
import { addWebhooks } from './webhooks.ts'

/** Help that was asked for goes to standard output; errors are said once, by us. */
const quietly = (io: CliIo): OutputConfiguration => ({
  writeOut: (text) => {
    void io.write(text)
  },
  writeErr: () => {},
  outputError: () => {},
})

export function programOf(io: CliIo, version: string): Command {
  const program = new Command('reseal')
    .description('Watches devices on a bench go through pre-provisioning until they are resealed.')
    .version(version)
    .exitOverride()
    .configureOutput(quietly(io))
    .showSuggestionAfterError(true)
    .allowExcessArguments(false)
    .helpCommand(false)
  addRun(program, io)
  addDemo(program, io)
  addStatus(program, io)
  addExport(program, io)
  addVerify(program, io)
  addAttest(program, io)
  addTpmRoots(program, io)
  addTpmReport(program, io)
  addKeys(program, io)
  addGadget(program, io)
  addLamp(program, io)
  addLabel(program, io)
  addNetwork(program, io)
  addOrders(program, io)
  addProbe(program, io)
  addPort(program, io)
  addDhcpEvent(program, io)
  addWebhooks(program, io)
  addConfig(program, io)
  addAccounts(program, io)
  addToken(program, io)
  addBackup(program, io)
  addBarcodes(program, io)
  addSuggest(program, io)
  addBundle(program, io)
  addDoctor(program, io)
  return program
}

/** `error: unknown option '--jsno'\n(Did you mean --json?)` as one sentence. */
const sentence = (message: string) =>
  message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[.\s]+$/, '')

/** Runs one command line (without `node` and the script); every end goes through `io`. Never throws. */
export async function runCli(argv: readonly string[], io: CliIo, version: string): Promise<void> {
  const program = programOf(io, version)
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) return fail(io, error)
    if (error.exitCode === 0) return io.exit(0)
    const isBare = error.code === 'commander.help'
    const what = isBare ? 'no command is given' : sentence(error.message)
    io.say(`reseal: USAGE_COMMAND: ${what}. ${FAULTS.USAGE_COMMAND.hint}`)
    io.exit(2)
  }
}
