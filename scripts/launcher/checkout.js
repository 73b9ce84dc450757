// Where things stand in a checkout; every other room of the launcher asks here.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Failure } from './failure.js'

/** The folder that holds package.json, whatever the current directory is. */
export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)))

/**
 * The Node that the program runs on. The machine's own cannot load the native packages.
 * @param {string} root
 */
export function pinnedNode(root) {
  return join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
}

/**
 * Environment of everything that runs on the pinned Node.
 * @param {string} root
 */
export function programEnv(root) {
  return {
    ...process.env,
    // A compiled source starts three times as fast; the cache goes when node_modules goes.
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile'),
    // The C library gives each thread a heap of its own, up to 8 for each core, which never shrink.
    MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'] ?? '1',
  }
}

/**
 * How the runtime runs the agent. Room for new objects of 2 MB a half, or each thread takes up to 48 MB before it clears
 * up; and old ones are cleared up when they grew by a quarter, not by the default's several times. Measured with 64 busy
 * bays: 165 MB instead of 235, nothing that a bench would notice.
 */
export const AGENT_FLAGS = ['--max-semi-space-size=2', '--heap-growing-percent=25']

/**
 * Refuses what the pinned runtime was not made for, before anything is downloaded.
 * @param {{ platform: string, arch: string, node: string }} machine
 */
export function checkMachine({ platform, arch, node }) {
  if (platform !== 'linux' || !['x64', 'arm64'].includes(arch)) {
    throw new Failure(
      'SETUP_PLATFORM',
      `Reseal runs on Linux on x64 or arm64, this is ${platform} on ${arch}.`,
    )
  }
  if (Number.parseInt(node, 10) < 20) {
    throw new Failure('SETUP_NODE_TOO_OLD', `The launcher needs Node 20 or newer, this is ${node}.`)
  }
}

/**
 * @param {string} root
 * @param {string} path
 */
export function target(root, path) {
  const file = join(root, path)
  if (!existsSync(file)) throw new Failure('SETUP_PART_MISSING', `${path} is not in this checkout.`)
  return file
}
