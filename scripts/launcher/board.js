// Bundles the board's browser code; everything else runs from its sources as it is.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alone } from './alone.js'
import { pinnedNode, programEnv } from './checkout.js'
import { Failure } from './failure.js'
import { runQuietly } from './run.js'

const BOARD = 'agent/dashboard'
/** What the bundle is made of: browser code may import agent/core and packages of the lock file. */
const SOURCES = [BOARD, 'agent/core', 'package-lock.json']

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(root, path) {
  const place = join(root, path)
  if (!existsSync(place)) return []
  if (!statSync(place).isDirectory()) return [path]
  if (path === `${BOARD}/dist`) return []
  return readdirSync(place).flatMap((name) => filesUnder(root, `${path}/${name}`))
}

/**
 * Changes with every changed, new, renamed or deleted source.
 * @param {string} root
 */
export function boardStamp(root) {
  const hash = createHash('sha256')
  for (const path of SOURCES.flatMap((source) => filesUnder(root, source)).sort()) {
    hash.update(`${path}\0`).update(readFileSync(join(root, path)))
  }
  return hash.digest('hex')
}

/** @param {string} root */
const stampFile = (root) => join(root, BOARD, 'dist', '.sources')

/** @param {string} root */
export function boardIsBundled(root) {
  if (!existsSync(join(root, BOARD, 'index.html'))) return true
  return existsSync(stampFile(root)) && readFileSync(stampFile(root), 'utf8') === boardStamp(root)
}

/**
 * @param {string} root
 * @returns {Promise<NodeJS.Signals | null>}
 */
export async function bundleBoard(root) {
  if (boardIsBundled(root)) return null
  return alone(`board ${root}`, async () => {
    if (boardIsBundled(root)) return null
    const stamp = boardStamp(root)
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    const args = [vite, 'build', join(root, BOARD), '--logLevel', 'warn']
    const end = await runQuietly(pinnedNode(root), args, { cwd: root, env: programEnv(root) })
    if (end.asked !== null || end.signal !== null) return end.asked ?? end.signal
    if (end.code !== 0) {
      throw new Failure('SETUP_BOARD_FAILED', `Vite ended with code ${end.code}.`, end.output)
    }
    writeFileSync(stampFile(root), stamp)
    return null
  })
}
