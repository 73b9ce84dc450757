// `network`: asks from each bay's network what a device would need there, and prints what was found, one line each.
import type { Command } from 'commander'
import { type BayConfig, type StationConfig, virtualConfig } from '../../station-config/loader.ts'
import type { Finding } from '../core/facts.ts'
import { bayId } from '../core/ids.ts'
import { StationError } from '../fault.ts'
import { networkOf, placeOf } from '../station/network.ts'
import { checkAll } from './config.ts'
import { problemLine } from './faults.ts'
import { type CliIo, print, printJson } from './io.ts'

interface Options {
  readonly bay?: string
  readonly config?: string
  readonly tpm?: string
  readonly json?: boolean
  readonly dc?: string
  readonly adDomain?: string
}

/** These mean that nothing could be asked: the network is not there. */
const NOT_THERE = /^network\.(?:uplink|interface|path|namespace|process)$/

const line = ({ grade, id, value, hint }: Finding) =>
  grade === 'ok' ? `ok    ${id}: ${value}` : `${grade.padEnd(5)} ${id}: ${value}. ${hint}`

function placeText(bay: BayConfig): string {
  const place = placeOf(bay)
  if (place.from === 'host') return 'from this PC'
  return place.from === 'netns' ? `from namespace ${place.name}` : `from ${place.name}`
}

/** Bays that are asked from the same place with the same allowances, in the order of the config. */
function networks(bays: readonly BayConfig[]): readonly (readonly BayConfig[])[] {
  const groups = new Map<string, BayConfig[]>()
  for (const bay of bays) {
    const key = JSON.stringify([placeOf(bay), bay.network?.accept ?? []])
    groups.set(key, [...(groups.get(key) ?? []), bay])
  }
  return [...groups.values()]
}

/** The bays that are asked for; one whose config switches the check off is asked all the same. */
function wanted(config: StationConfig, name: string | undefined): StationConfig {
  const bays = config.bays.filter(({ bay }) => name === undefined || bay === name)
  if (bays.length === 0)
    throw new StationError('USAGE_COMMAND', `the config has no bay ${name ?? ''}`)
  return { ...config, bays: bays.map((bay) => ({ ...bay, networkCheck: true })) }
}

export function addNetwork(program: Command, io: CliIo): void {
  program
    .command('network')
    .option('--bay <bay>', 'only this bay; else all, each network once')
    .option('--config <file>', 'config file; without it the network of this PC')
    .option('--tpm <vendor>', 'TPM vendor whose addresses are required: INTC, AMD, IFX, ...')
    .option('--dc <host>', 'domain controller of a hybrid join')
    .option('--ad-domain <domain>', 'domain of a hybrid join: its DNS names the controllers')
    .option('--json', 'one JSON document')
    .description("addresses and clock of the bays' networks, one line each")
    .action(async (options: Options) => {
      let config: StationConfig = virtualConfig(1)
      if (options.config !== undefined) {
        const all = checkAll(options.config)
        if (all.config === null || all.problems.length > 0) {
          io.exit(2)
          const { problems } = all
          if (options.json === true) return printJson(io, { ok: false, problems, networks: [] })
          for (const problem of problems) io.say(problemLine(problem))
          return
        }
        config = all.config
      }
      const asked = wanted(config, options.bay)
      const check = networkOf(asked, io.clock, io.signal, true)
      const vendor = options.tpm?.toUpperCase() ?? null
      const { dc = null, adDomain = null } = options
      const controller = dc === null && adDomain === null ? null : { host: dc, domain: adDomain }
      const found = []
      // All at once: the check itself bounds how many networks it asks at a time.
      const groups = networks(asked.bays).flatMap(([first, ...others]) =>
        first === undefined
          ? []
          : [{ first, others, told: check.check(bayId(first.bay), io.signal, vendor, controller) }],
      )
      for (const { first, others, told } of groups) {
        const names = [first, ...others].map(({ bay }) => bay)
        const from = placeText(first)
        // At once: the answers may take twenty seconds.
        if (options.json !== true) await print(io, `bay ${names.join(', ')} ${from}`)
        const findings = await told
        found.push({ bays: names, from, findings })
        if (options.json !== true) for (const one of findings) await print(io, line(one))
      }
      const held = found.flatMap(({ findings }) => findings.filter(({ grade }) => grade === 'hold'))
      if (held.some(({ id }) => NOT_THERE.test(id))) io.exit(3)
      else if (held.length > 0) io.exit(4)
      if (options.json === true)
        await printJson(io, { ok: held.length === 0, problems: [], networks: found })
    })
}
