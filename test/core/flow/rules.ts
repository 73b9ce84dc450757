// The rules a bay runs under in the core's tests: the real limits, scripts, names and codes of station-config.
import type { BayId } from '../../../agent/core/ids.ts'
import { unsafeOf } from '../../../agent/core/key-script.ts'
import { RED_CODE_MAP } from '../../../agent/core/red-codes.ts'
import type { BayTraits, Limits, Rules } from '../../../agent/core/rules.ts'
import { FAULTS } from '../../../agent/fault.ts'
import { DEFAULT_LIMITS } from '../../../station-config/defaults.ts'
import { loadEntryNames } from '../../../station-config/entry-names.ts'
import { loadScripts, SCRIPTS_DIR } from '../../../station-config/scripts.ts'

const scripts = loadScripts(SCRIPTS_DIR, unsafeOf).value
const names = loadEntryNames(SCRIPTS_DIR).value
if (scripts === null || names === null) throw new Error('the scripts of station-config do not load')

export const ENTRY_NAMES = names
export const BAY = 'b1' as BayId

/** Rules of one bay; traits and limits as they are needed. */
export function rulesOf(traits: Partial<BayTraits> = {}, limits: Partial<Limits> = {}): Rules {
  return {
    site: 'site',
    station: 'bench',
    traits: {
      bay: BAY,
      keyboard: 'driver',
      screen: 'capture',
      adapter: 'device',
      windows: 11,
      echo: true,
      keepAwake: false,
      summonPlace: 'first-page',
      ...traits,
    },
    limits: { ...DEFAULT_LIMITS, ...limits },
    scripts: scripts ?? [],
    names: names ?? [],
    codes: RED_CODE_MAP,
    faults: new Map(Object.entries(FAULTS)),
  }
}
