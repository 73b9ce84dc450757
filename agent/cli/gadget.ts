// `gadget`: makes the keyboard of a bay out of a board's own USB device port, and takes it away again.
import type { Command } from 'commander'
import {
  carryOut,
  type GadgetStep,
  nodeOf,
  planRemove,
  planSetup,
  stepText,
} from '../../drivers/keyboard/gadget.ts'
import { nameOf, planName, planUnname } from '../../drivers/keyboard/gadget-name.ts'
import { kernelTree } from '../../drivers/keyboard/gadget-tree.ts'
import { StationError } from '../fault.ts'
import { type CliIo, print } from './io.ts'

interface Options {
  readonly bay: string
  readonly udc?: string
  readonly dryRun?: boolean
}

/** The name of a bay as topics and files know it (contracts: ids). */
function bayOf({ bay }: Options): string {
  if (/^[A-Za-z0-9_-]{1,32}$/.test(bay)) return bay
  throw new StationError('USAGE_COMMAND', `--bay ${bay}: letters, digits, _ and -, 32 at most`)
}

async function show(io: CliIo, steps: readonly GadgetStep[]): Promise<void> {
  for (const step of steps)
    await print(
      io,
      `${stepText(step)}${step.optional === true ? '  # where the kernel has it' : ''}`,
    )
}

async function setup(io: CliIo, options: Options): Promise<void> {
  const bay = bayOf(options)
  const { name, serial, udc, steps } = planSetup(kernelTree, bay, options.udc)
  if (options.dryRun === true) {
    if (steps.length === 0) return show(io, planName(kernelTree, bay))
    await show(io, steps)
    return print(io, `ln -sf /dev/hidgN ${nameOf(bay)}  # the kernel chooses N`)
  }
  carryOut(kernelTree, steps, bay)
  carryOut(kernelTree, planName(kernelTree, bay))
  const state = steps.length === 0 ? 'stands already' : 'is set up'
  await print(io, `gadget ${name} ${state}: a keyboard on ${udc}, serial number ${serial}`)
  if (nodeOf(kernelTree, bay) !== null) await print(io, `keyboard: hidg:${nameOf(bay)}`)
}

async function remove(io: CliIo, options: Options): Promise<void> {
  const bay = bayOf(options)
  const steps = [...planUnname(kernelTree, bay), ...planRemove(kernelTree, bay)]
  if (options.dryRun === true) return show(io, steps)
  carryOut(kernelTree, steps)
  const what = steps.length === 0 ? 'there is none' : 'it is gone'
  await print(io, `gadget of bay ${bay}: ${what}`)
}

export function addGadget(program: Command, io: CliIo): void {
  const gadget = program
    .command('gadget')
    .description("a board's own USB device port as the keyboard of a bay")
  const common = (name: string, text: string) =>
    gadget
      .command(name)
      .requiredOption('--bay <bay>', 'whose keyboard it is')
      .option('--dry-run', 'print what would be done, change nothing')
      .description(text)
  common('setup', 'makes the keyboard, as root; done again it changes nothing')
    .option('--udc <name>', 'device controller, where there is more than one')
    .action((options: Options) => setup(io, options))
  common('remove', 'takes the keyboard away').action((options: Options) => remove(io, options))
}
