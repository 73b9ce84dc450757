// Where a file of the checkout stands in the machine.
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout on this system, and in the machine. */
export const ROOT = resolve(import.meta.dirname, '../..')
export const GUEST_ROOT = '/reseal'

/** Loaded first into every Node process of the machine. */
const FIRST = new URL('../../test/hardware/guest/stripped.js', import.meta.url)
/** The program that runs the tests in the machine. */
const TESTS = new URL('../../test/hardware/guest/main.ts', import.meta.url)
/** The program that runs a station there, to be cut. */
const POWER = new URL('../../test/hardware/guest/power.ts', import.meta.url)

const inGuest = (file: URL): string => `${GUEST_ROOT}/${relative(ROOT, fileURLToPath(file))}`

export const FIRST_LOADED = inGuest(FIRST)
export const TEST_PROGRAM = inGuest(TESTS)
export const POWER_PROGRAM = inGuest(POWER)
