// Programs that tests use and that are no part of the product's packages: each folder has a lock file of its own.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alone } from './alone.js'
import { Failure } from './failure.js'
import { NPM_ARGS, outerEnv, reasonOf, stampOf } from './install.js'
import { runQuietly } from './run.js'

/** From the root of the checkout. */
export const TOOLS = ['test/tools/openapi']

/** @typedef {import("./install.js").ToolEnd} ToolEnd */

/** @param {string} place */
const stampFile = (place) => join(place, 'node_modules', '.reseal-stamp')

/** @param {string} place */
const isThere = (place) =>
  existsSync(stampFile(place)) && readFileSync(stampFile(place), 'utf8') === stampOf(place)

/**
 * @param {string} place
 * @returns {Promise<ToolEnd>}
 */
const npmIn = (place) => runQuietly('npm', NPM_ARGS, { cwd: place, env: outerEnv() })

/**
 * Installs what is not there as its lock file says; once installed, no network is touched. Returns the signal that
 * interrupted it, else null.
 * @param {string} root
 * @param {{ npm?: (place: string) => Promise<ToolEnd>, say?: (line: string) => void }} [parts]
 * @returns {Promise<NodeJS.Signals | null>}
 */
export async function installTools(root, parts = {}) {
  const say = parts.say ?? ((line) => process.stderr.write(`${line}\n`))
  for (const place of TOOLS.map((folder) => join(root, folder))) {
    if (isThere(place)) continue
    const interrupted = await alone(`tools ${place}`, async () => {
      if (isThere(place)) return null
      say('reseal: installing programs that only tests use, once; this takes about a minute …')
      // Without its stamp a half-done install is repeated.
      rmSync(stampFile(place), { force: true })
      const end = await (parts.npm ?? npmIn)(place)
      if (end.asked !== null || end.signal !== null) return end.asked ?? end.signal
      if (end.code !== 0) {
        const sentence = `npm ci ended with code ${end.code} in ${place}.`
        throw new Failure('SETUP_INSTALL_FAILED', sentence, reasonOf(end.output))
      }
      writeFileSync(stampFile(place), stampOf(place))
      return null
    })
    if (interrupted !== null) return interrupted
  }
  return null
}
