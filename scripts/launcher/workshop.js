// What a developer runs by npm: tests, checks, benchmarks and generated documents.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bundleBoard } from './board.js'
import { pinnedNode, programEnv, target } from './checkout.js'
import { debianPackages, hardwarePackages } from './debian.js'
import { run } from './run.js'
import { runSuite } from './suite.js'
import { installTools } from './tools.js'

/** @typedef {(root: string, args: readonly string[]) => Promise<import('./run.js').End>} Task */

/**
 * @param {string} path a program of the checkout, run on the pinned Node
 * @param {readonly string[]} [first]
 * @returns {Task}
 */
const program =
  (path, first = []) =>
  (root, args) =>
    run(pinnedNode(root), [target(root, path), ...first, ...args], {
      cwd: root,
      env: programEnv(root),
    })

/**
 * The two Linux programs of Biome stand in package.json by themselves: its wrapper package asks for
 * those of every other system too, and a registry without one of them makes `npm ci` fail.
 * @param {readonly string[]} args
 * @returns {Task}
 */
const biome = (args) => (root, more) =>
  run(
    target(root, `node_modules/@biomejs/cli-linux-${process.arch}/biome`),
    [...args, ...(more.length > 0 ? more : ['.'])],
    {
      cwd: root,
    },
  )

/** @type {Task} */
async function test(root, args) {
  const interrupted =
    (await debianPackages()) ?? (await installTools(root)) ?? (await bundleBoard(root))
  return interrupted === null ? runSuite(root, args) : { code: null, signal: interrupted }
}

/** @param {string} path @returns {Task} */
const hardware = (path) => async (root, args) => {
  const interrupted = await hardwarePackages()
  if (interrupted !== null) return { code: null, signal: interrupted }
  // Stripping types by hand is what this runtime calls an experiment.
  const command = ['--disable-warning=ExperimentalWarning', target(root, path), ...args]
  return run(pinnedNode(root), command, { cwd: root, env: programEnv(root) })
}

/**
 * Properties over any bytes stand in files of their own, *.fuzz.test.ts: a few inputs with the fast
 * tests, a million here.
 * @type {Task}
 */
function fuzz(root, args) {
  process.env['RESEAL_FUZZ_RUNS'] ??= '1000000'
  return runSuite(root, ['--project', 'fast', '.fuzz.test.ts', ...args])
}

/** @type {Task} */
async function soak(root, args) {
  const interrupted = (await debianPackages()) ?? (await bundleBoard(root))
  if (interrupted !== null) return { code: null, signal: interrupted }
  return program('scripts/soak.ts')(root, args)
}

/** Every check runs, so that one call names everything. @type {Task} */
async function check(root) {
  const tsc = 'node_modules/typescript/bin/tsc'
  const checks = [
    program(tsc, ['-p', 'tsconfig.json']),
    biome(['check', '--error-on-warnings']),
    /** @type {Task} */ ((place) => runSuite(place, ['--project', 'fast', 'test/tidy.test.ts'])),
  ]
  // The browser code comes with the first board; an empty folder is an error to the compiler.
  if (existsSync(join(root, 'agent/dashboard/index.html'))) {
    checks.splice(1, 0, program(tsc, ['-p', 'agent/dashboard/tsconfig.json']))
  }
  let code = 0
  for (const one of checks) {
    const end = await one(root, [])
    if (end.signal !== null) return end
    code ||= end.code ?? 1
  }
  return { code, signal: null }
}

/** @type {Readonly<Record<string, Task>>} */
export const WORKSHOP = {
  'workshop:test': test,
  'workshop:test-fast': (root, args) => runSuite(root, ['--project', 'fast', ...args]),
  'workshop:test-fuzz': fuzz,
  'workshop:test-hardware': hardware('scripts/hardware.ts'),
  'workshop:test-power': hardware('scripts/power.ts'),
  'workshop:test-soak': soak,
  'workshop:check': check,
  'workshop:format': biome(['check', '--write']),
  'workshop:bench': program('scripts/bench.ts'),
  'workshop:docs-errors': program('scripts/errors-doc.ts'),
}
