// Keeps node_modules equal to the lock file, and touches no network when it already is.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { alone } from './alone.js'
import { pinnedNode } from './checkout.js'
import { Failure } from './failure.js'
import { runQuietly } from './run.js'

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null, asked: NodeJS.Signals | null, output: string }} ToolEnd */

/** `--include` wins over a NODE_ENV or an omit in the user's own settings. */
export const NPM_ARGS = [
  'ci',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
]

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.reseal-stamp')

/**
 * Names what should be installed: the lock file's hash and the machine it was installed for.
 * @param {string} root
 */
export function stampOf(root) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`
}

/** @param {string} path */
function packagesOf(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : null
}

/**
 * Whether a developer's own `npm install` has already brought what the lock file names. npm writes its
 * hidden lock file last, so an interrupted install does not look like a finished one.
 * @param {string} root
 */
function installedByHand(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (present === null) return false
  return Object.entries(wanted).every(([path, { version, integrity, optional, link }]) => {
    // A link has no version; what it leads to is part of the checkout.
    if (link) return existsSync(join(root, path))
    if (path === '' || !path.startsWith('node_modules/')) return true
    const found = present[path]
    if (found === undefined) return optional === true
    return found.version === version && found.integrity === integrity
  })
}

/**
 * @param {string} root
 * @returns {boolean}
 */
export function isInstalled(root) {
  if (!existsSync(pinnedNode(root))) return false
  const stamp = stampFile(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(root)) return true
  if (!installedByHand(root)) return false
  writeFileSync(stamp, stampOf(root))
  return true
}

/**
 * The search path without packages' own programs: npm must not run on the Node that it is replacing.
 * @param {string} path
 */
export function outerPath(path) {
  return path
    .split(delimiter)
    .filter((folder) => !/node_modules[/\\]\.bin[/\\]?$/.test(folder))
    .join(delimiter)
}

/** The environment in which npm itself runs. */
export function outerEnv() {
  return { ...process.env, PATH: outerPath(process.env['PATH'] ?? '') }
}

/**
 * @param {string} root
 * @returns {Promise<ToolEnd>}
 */
const npm = (root) => runQuietly('npm', NPM_ARGS, { cwd: root, env: outerEnv() })

/**
 * npm follows its reason with a page of usage, which would hide it.
 * @param {string} output
 */
export function reasonOf(output) {
  const lines = output.split('\n')
  const usage = lines.findIndex((line) => /^npm error Usage:/.test(line))
  return (usage === -1 ? lines : lines.slice(0, usage))
    .filter((line) => line !== 'npm error')
    .join('\n')
}

/**
 * Installs if needed. Returns the signal that interrupted it, else null.
 * @param {string} root
 * @param {{ npm?: (root: string) => Promise<ToolEnd>, say?: (line: string) => void }} [parts]
 * @returns {Promise<NodeJS.Signals | null>}
 */
export async function install(root, parts = {}) {
  const say = parts.say ?? ((line) => process.stderr.write(`${line}\n`))
  if (isInstalled(root)) return null
  const onWait = () => say('reseal: another start is installing the packages, waiting for it …')
  return alone(
    `install ${root}`,
    async () => {
      if (isInstalled(root)) return null
      say('reseal: installing packages, once; this takes about a minute …')
      // Without its stamp a half-done install is repeated, whatever npm left behind.
      rmSync(stampFile(root), { force: true })
      const end = await (parts.npm ?? npm)(root)
      if (end.asked !== null || end.signal !== null) return end.asked ?? end.signal
      if (end.code !== 0) {
        throw new Failure(
          'SETUP_INSTALL_FAILED',
          `npm ci ended with code ${end.code}.`,
          reasonOf(end.output),
        )
      }
      if (!existsSync(pinnedNode(root))) {
        throw new Failure(
          'SETUP_RUNTIME_MISSING',
          'The pinned Node is not in node_modules.',
          end.output,
        )
      }
      writeFileSync(stampFile(root), stampOf(root))
      return null
    },
    onWait,
  )
}
