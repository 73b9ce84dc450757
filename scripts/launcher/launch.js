// From a command line to a running program: machine, packages, board, then the program itself.
import { bundleBoard } from './board.js'
import { AGENT_FLAGS, checkMachine, pinnedNode, programEnv, ROOT, target } from './checkout.js'
import { Failure, failureText } from './failure.js'
import { install } from './install.js'
import { run } from './run.js'
import { WORKSHOP } from './workshop.js'

/** Commands of reseal that serve the board. */
const SERVES_BOARD = new Set(['run', 'demo'])
/** contracts: hardware or service not there. */
const EXIT_NOT_THERE = 3

/**
 * @param {readonly string[]} argv
 * @returns {Promise<import('./run.js').End>}
 */
async function start(argv) {
  checkMachine({ platform: process.platform, arch: process.arch, node: process.versions.node })
  const interrupted = await install(ROOT)
  if (interrupted !== null) return { code: null, signal: interrupted }
  const [command = '', ...rest] = argv
  const task = WORKSHOP[command]
  if (task !== undefined) return task(ROOT, rest)
  if (SERVES_BOARD.has(command) && !rest.includes('--help')) {
    const stopped = await bundleBoard(ROOT)
    if (stopped !== null) return { code: null, signal: stopped }
  }
  // The caller's directory stays: file names on the command line are meant from there.
  const main = target(ROOT, 'agent/main.ts')
  return run(pinnedNode(ROOT), [...AGENT_FLAGS, main, ...argv], { env: programEnv(ROOT) })
}

/**
 * @param {readonly string[]} argv the command line after the launcher's own name
 * @returns {Promise<import('./run.js').End>}
 */
export async function launch(argv) {
  try {
    return await start(argv)
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    process.stderr.write(failureText(failure))
    return { code: EXIT_NOT_THERE, signal: null }
  }
}
