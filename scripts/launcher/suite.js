// Runs Vitest and says in one last line what a person or a machine wants to know.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinnedNode, programEnv } from './checkout.js'
import { run } from './run.js'

/** @typedef {{ status: string, fullName: string }} Assertion */
/** @typedef {{ name: string, status: string, assertionResults: Assertion[] }} Suite */
/** @typedef {{ testResults: Suite[] }} Report */

/**
 * A test file that did not load, a skipped test and a run without a report count as failed: each of them
 * would otherwise look like success.
 * @param {Report | null} report
 * @param {number | null} code the exit code of Vitest
 */
export function verdictOf(report, code) {
  const files = report?.testResults ?? []
  const tests = files.flatMap((file) => file.assertionResults)
  const passed = tests.filter((test) => test.status === 'passed').length
  const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.status))
  const broken = files.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const named = tests.length - passed + broken.length
  const isGood = code === 0 && named === 0 && passed > 0
  const notes = [
    ...skipped.map((test) => `counted as failed, because it did not run: ${test.fullName}`),
    ...broken.map((file) => `counted as failed, because it did not load or end: ${file.name}`),
  ]
  if (report === null) notes.push('counted as failed: Vitest ended without a report')
  else if (tests.length === 0) notes.push('counted as failed: no test was found')
  return { passed, failed: isGood ? 0 : Math.max(1, named), notes }
}

/**
 * @param {string} file
 * @returns {Report | null}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/**
 * @param {string} root
 * @param {readonly string[]} args for Vitest
 * @returns {Promise<import('./run.js').End>}
 */
export async function runSuite(root, args) {
  const folder = mkdtempSync(join(tmpdir(), 'reseal-tests-'))
  try {
    const file = join(folder, 'report.json')
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const command = [vitest, 'run', ...reporters, ...args]
    const end = await run(pinnedNode(root), command, { cwd: root, env: programEnv(root) })
    if (end.signal !== null) return end
    const { passed, failed, notes } = verdictOf(readReport(file), end.code)
    for (const note of notes) process.stdout.write(`${note}\n`)
    process.stdout.write(`${passed} passed, ${failed} failed\n`)
    return { code: failed === 0 ? 0 : 1, signal: null }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
