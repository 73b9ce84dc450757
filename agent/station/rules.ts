// The rules of each bay: its traits from the config, limits, key scripts and names from the data that stands beside it.

import { loadEntryNames } from '../../station-config/entry-names.ts'
import type { BayConfig, StationConfig } from '../../station-config/loader.ts'
import { problemText } from '../../station-config/problem.ts'
import { loadScripts, SCRIPTS_DIR } from '../../station-config/scripts.ts'
import { bayId } from '../core/ids.ts'
import { unsafeOf } from '../core/key-script.ts'
import { RED_CODE_MAP } from '../core/red-codes.ts'
import type { Limits, Rules } from '../core/rules.ts'
import { FAULTS, StationError } from '../fault.ts'

/** Limits that are a person's seconds: on a bench whose time runs faster they are stretched, so that people can follow. */
const PERSONAL: readonly (keyof Limits)[] = [
  'enterWithinMs',
  'closeAnswerMs',
  'backScanMs',
  'summonMs',
  // Rounds come in bench time, so there are more of them until a person has come.
  'summonRoundsMax',
]

/**
 * Rules per bay of a config.
 * @param rate how many times faster than people the bench's time runs
 * @throws StationError KEY_SCRIPT_UNSAFE, KEY_SCRIPT_INVALID
 */
export function rulesOf(config: StationConfig, rate: number): (bay: BayConfig) => Rules {
  const scripts = loadScripts(SCRIPTS_DIR, unsafeOf)
  const names = loadEntryNames(SCRIPTS_DIR)
  const problem = [...scripts.problems, ...names.problems][0]
  if (scripts.value === null || names.value === null || problem !== undefined) {
    throw new StationError(
      problem?.code === 'KEY_SCRIPT_UNSAFE' ? 'KEY_SCRIPT_UNSAFE' : 'KEY_SCRIPT_INVALID',
      problem === undefined ? SCRIPTS_DIR : problemText(problem),
    )
  }
  const limits: Limits = {
    ...config.limits,
    ...Object.fromEntries(PERSONAL.map((name) => [name, Math.ceil(config.limits[name] * rate)])),
  }
  const shared = {
    site: config.site,
    station: config.station,
    limits,
    scripts: scripts.value,
    names: names.value,
    codes: RED_CODE_MAP,
    faults: new Map(Object.entries(FAULTS)),
  }
  return (bay) => ({
    ...shared,
    traits: {
      bay: bayId(bay.bay),
      keyboard: bay.keyboard.driver === 'manual' ? 'manual' : 'driver',
      screen: bay.screen.driver === 'operator' ? 'operator' : 'capture',
      adapter: bay.adapter,
      windows: bay.windows,
      echo: bay.echo,
      keepAwake: bay.keepAwake,
      summonPlace: bay.summonPlace,
    },
  })
}
