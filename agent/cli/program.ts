// The command line as a table of contents; each command stands in a file of its own, and is loaded when it is asked for.
import { Command, CommanderError, type OutputConfiguration } from 'commander'
import { FAULTS } from '../fault.ts'
import { fail } from './faults.ts'
import type { CliIo } from './io.ts'

type Add = (program: Command, io: CliIo) => void

/** A station keeps what it loads for weeks: the other commands stay on the disk. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  run: async () => (await import('./run.ts')).addRun,
  demo: async () => (await import('./demo.ts')).addDemo,
  status: async () => (await import('./status.ts')).addStatus,
  export: async () => (await import('./export.ts')).addExport,
  verify: async () => (await import('./verify.ts')).addVerify,
  attest: async () => (await import('./attest.ts')).addAttest,
  'tpm-roots': async () => (await import('./tpm-roots.ts')).addTpmRoots,
  'tpm-report': async () => (await import('./tpm-report.ts')).addTpmReport,
  keys: async () => (await import('./keys.ts')).addKeys,
  gadget: async () => (await import('./gadget.ts')).addGadget,
  lamp: async () => (await import('./lamp.ts')).addLamp,
  label: async () => (await import('./label.ts')).addLabel,
  network: async () => (await import('./network.ts')).addNetwork,
  orders: async () => (await import('./orders.ts')).addOrders,
  probe: async () => (await import('./probe.ts')).addProbe,
  port: async () => (await import('./port.ts')).addPort,
  'dhcp-event': async () => (await import('./dhcp-event.ts')).addDhcpEvent,
  webhooks: async () => (await import('./webhooks.ts')).addWebhooks,
  config: async () => (await import('./config.ts')).addConfig,
  accounts: async () => (await import('./accounts.ts')).addAccounts,
  token: async () => (await import('./token.ts')).addToken,
  backup: async () => (await import('./backup.ts')).addBackup,
  restore: async () => (await import('./backup.ts')).addBackup,
  barcodes: async () => (await import('./barcodes.ts')).addBarcodes,
  suggest: async () => (await import('./suggest.ts')).addSuggest,
  bundle: async () => (await import('./bundle.ts')).addBundle,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
}

/** Help that was asked for goes to standard output; errors are said once, by us. */
const quietly = (io: CliIo): OutputConfiguration => ({
  writeOut: (text) => {
    void io.write(text)
  },
  writeErr: () => {},
  outputError: () => {},
})

/** The one that is called, or all of them where none is known: for the help and for the word that was meant. */
async function commandsFor(argv: readonly string[]): Promise<ReadonlySet<Add>> {
  const called = Object.entries(COMMANDS).filter(([name]) => name === argv[0])
  const loaded = called.length > 0 ? called : Object.entries(COMMANDS)
  return new Set(await Promise.all(loaded.map(([, load]) => load())))
}

async function programFor(argv: readonly string[], io: CliIo, version: string): Promise<Command> {
  const program = new Command('reseal')
    .description('Watches devices on a bench go through pre-provisioning until they are resealed.')
    .version(version)
    .exitOverride()
    .configureOutput(quietly(io))
    .showSuggestionAfterError(true)
    .allowExcessArguments(false)
    .helpCommand(false)
  for (const add of await commandsFor(argv)) add(program, io)
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
  try {
    const program = await programFor(argv, io, version)
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
