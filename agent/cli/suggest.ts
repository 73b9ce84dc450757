// `suggest`: what stands on this bench, as stanzas for its config; with --pair it asks at the bench what belongs together.
import { hostname } from 'node:os'
import type { Command } from 'commander'
import { DeviceTree, surveyOf } from '../../drivers/host/survey/index.ts'
import { hidOfThisPc } from '../../drivers/io/hid.ts'
import { HidBus } from '../../drivers/io/hid-bus.ts'
import type { HidFound } from '../../drivers/io/hid-system.ts'
import { loadConfig, type StationConfig } from '../../station-config/loader.ts'
import { isId } from '../core/ids.ts'
import { isStationError, StationError } from '../fault.ts'
import { failAll } from './faults.ts'
import { type CliIo, print, printJson } from './io.ts'
import { pairBench } from './suggest/pair.ts'
import { partsOf } from './suggest/parts.ts'
import { benchOf, configText } from './suggest/stanzas.ts'

interface Options {
  readonly config?: string
  readonly pair?: boolean
  readonly networkCheck: boolean
  readonly json?: boolean
  readonly root: string
}

export function addSuggest(program: Command, io: CliIo): void {
  program
    .command('suggest')
    .option('--config <file>', 'running config: its parts are left out, its names are kept')
    .option('--pair', 'asks at the bench which parts belong to which bay')
    .option(
      '--no-network-check',
      'for a bench whose bay networks this PC has no way out of: starts are not held for them',
    )
    .option('--json', 'one JSON document')
    .option('--root <dir>', 'device tree to read (sys, proc, dev below it)', '/')
    .description('finds cards, keyboards, lamps and scanners and prints a config for them')
    .action(async (options: Options) => {
      if (options.pair === true && io.ask === null)
        throw new StationError('USAGE_NO_TERMINAL', 'suggest --pair')
      let config: StationConfig | null = null
      if (options.config !== undefined) {
        const loaded = loadConfig(options.config)
        if (loaded.config === null) return failAll(io, loaded.problems)
        config = loaded.config
      }
      const tree = new DeviceTree(options.root)
      const survey = surveyOf(tree)
      const parts = await partsOf(io, survey, await hidOf(io, options.root), usedIn(config))
      if (options.json === true) return printJson(io, parts)
      const names = { site: config?.site ?? 'site', station: config?.station ?? stationName() }
      const taken = config?.bays.map(({ bay }) => bay) ?? []
      const carrierChanges = () =>
        new Map(surveyOf(tree).nics.map(({ name, carrierChanges: n }) => [name, n]))
      const bench =
        options.pair === true && io.ask !== null
          ? await pairBench({ io, ask: io.ask, parts, carrierChanges }, names)
          : benchOf(parts, names, taken)
      await print(io, configText(bench, options.networkCheck).trimEnd())
      // Nothing to build a bay of is an answer too, and not a good one.
      if (bench.bays.length === 0) io.exit(1)
    })
}

const stationName = (): string => {
  const name = hostname().split('.')[0] ?? ''
  return isId(name) ? name : 'bench-1'
}

/** A PC without libudev has no HID peripherals for us; that is told and holds nothing up. */
async function hidOf(io: CliIo, root: string): Promise<readonly HidFound[]> {
  if (root !== '/') return []
  try {
    return await new HidBus({ clock: io.clock, system: hidOfThisPc() }).list()
  } catch (error) {
    io.say(
      `HID peripherals cannot be listed: ${isStationError(error) ? error.where : String(error)}`,
    )
    return []
  }
}

/** Interface names and addresses that a config has already. */
function usedIn(config: StationConfig | null): ReadonlySet<string> {
  const used = new Set<string>()
  for (const { link, keyboard, lamp } of config?.bays ?? []) {
    if (link.driver === 'nic') used.add(link.interface)
    used.add(keyboard.text.split('?', 1)[0] ?? '')
    used.add(lamp.text.split('?', 1)[0] ?? '')
  }
  for (const { scanner } of config?.scanners ?? []) used.add(scanner.text.split('?', 1)[0] ?? '')
  return used
}
