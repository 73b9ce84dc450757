// The launcher as a process: what it starts sees the same arguments, directory, signals and end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { verdictOf } from '../../scripts/launcher/suite.js'
import { checkoutWith, emptyFolder, ended, launchIn, ROOT } from './launcher/checkout.ts'

const REPORT = `console.log(JSON.stringify({
  argv: process.argv.slice(2), cwd: process.cwd(), cache: process.env.NODE_COMPILE_CACHE
}))
process.exitCode = 7
`
const WAIT = `process.on('SIGTERM', () => process.exit(5))
process.stdout.write('up')
setInterval(() => {}, 1000)
`

describe('a start', () => {
  test('hands on arguments, directory and exit code, and prints nothing of its own', async () => {
    const root = checkoutWith(REPORT)
    const { code, stdout, stderr } = await ended(launchIn(root, ['status', '--json', 'a b', '']))
    expect(code).toBe(7)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      argv: ['status', '--json', 'a b', ''],
      cwd: join(root, 'agent'),
      cache: join(root, 'node_modules/.cache/compile'),
    })
  })

  test('hands on a signal and the end that follows from it', async () => {
    const child = launchIn(checkoutWith(WAIT), ['run'])
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await ended(child)).toMatchObject({ code: 5, signal: null })
  })

  test('below npm ends when npm is gone', async () => {
    const root = checkoutWith(WAIT)
    const launcher = join(root, 'scripts/launch.js')
    // The shell that npx starts us through: it dies of a signal and hands nothing on.
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${launcher}" run; true`], {
      env: { ...process.env, npm_command: 'exec' },
    })
    await once(shell.stdout, 'data')
    // `close` waits for the launcher and the program too: they hold the shell's output open.
    shell.kill('SIGKILL')
    expect(await ended(shell)).toMatchObject({ signal: 'SIGKILL' })
  })

  test('ends by the signal that ended the program', async () => {
    const child = launchIn(checkoutWith(`process.kill(process.pid, 'SIGKILL')\n`), ['run'])
    expect(await ended(child)).toMatchObject({ code: null, signal: 'SIGKILL' })
  })

  test('without the program says so in one line', async () => {
    const root = checkoutWith('')
    const { code, stdout, stderr } = await ended(launchIn(root, ['workshop:format']))
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^reseal: SETUP_PART_MISSING: \S+ is not in this checkout\. .+\.\n$/)
  })
})

describe('a first start', () => {
  /** An npm on the search path that prints and ends as told. */
  function npmThat(script: string) {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'npm'), 0o755)
    return { PATH: `${folder}:${process.env['PATH'] ?? ''}` }
  }

  test('says one calm line, keeps the warnings of npm to itself and goes on', async () => {
    const root = checkoutWith(REPORT, false)
    const bin = `node_modules/node-linux-${process.arch}/bin`
    const npm = npmThat(
      `echo "npm warn deprecated x" >&2; mkdir -p ${bin}; ln -s ${process.execPath} ${bin}/node`,
    )
    const { code, stderr } = await ended(launchIn(root, ['run', '--help'], npm))
    expect(code).toBe(7)
    expect(stderr).toMatch(/^reseal: installing packages[^\n]*\n$/)
  })

  test('that fails shows the output of npm, the code and what to do', async () => {
    const root = checkoutWith(REPORT, false)
    const npm = npmThat('echo "npm error code ENOTFOUND" >&2; exit 4')
    const { code, stdout, stderr } = await ended(launchIn(root, ['run'], npm))
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('npm error code ENOTFOUND\nreseal: SETUP_INSTALL_FAILED: ')
    expect(existsSync(join(root, 'node_modules/.reseal-stamp'))).toBe(false)
  })

  test('interrupted ends npm and itself', async () => {
    const root = checkoutWith(REPORT, false)
    const npm = npmThat('echo up > ../up 2>/dev/null; exec sleep 30')
    const child = launchIn(root, ['run'], npm)
    await once(child.stderr, 'data')
    child.kill('SIGTERM')
    expect(await ended(child)).toMatchObject({ code: null, signal: 'SIGTERM' })
  })
})

describe('the closing line of the tests', () => {
  const file = (status: string, statuses: readonly string[]) => ({
    name: 'a.test.ts',
    status,
    assertionResults: statuses.map((one) => ({ status: one, fullName: 'a test' })),
  })

  test.each([
    ['all passed', [file('passed', ['passed', 'passed'])], 0, { passed: 2, failed: 0 }],
    ['one failed', [file('failed', ['passed', 'failed'])], 1, { passed: 1, failed: 1 }],
    ['one was skipped', [file('passed', ['passed', 'skipped'])], 0, { passed: 1, failed: 1 }],
    ['one is left to do', [file('passed', ['passed', 'todo'])], 0, { passed: 1, failed: 1 }],
    [
      'a file did not load',
      [file('failed', []), file('passed', ['passed'])],
      1,
      { passed: 1, failed: 1 },
    ],
    ['no test was found', [], 1, { passed: 0, failed: 1 }],
    ['Vitest failed in silence', [file('passed', ['passed'])], 1, { passed: 1, failed: 1 }],
  ])('when %s', (_, testResults, code, expected) => {
    expect(verdictOf({ testResults }, code)).toMatchObject(expected)
  })

  test('when Vitest left no report', () => {
    expect(verdictOf(null, 139)).toMatchObject({ passed: 0, failed: 1 })
  })
})

describe('.ci/run', () => {
  /** Runs it in a folder whose npm prints one line per level. */
  async function ci(scripts: object, npm: string) {
    const root = emptyFolder()
    mkdirSync(join(root, '.ci'))
    cpSync(join(ROOT, '.ci/run'), join(root, '.ci/run'))
    writeFileSync(join(root, 'package.json'), JSON.stringify({ scripts }))
    writeFileSync(join(root, 'npm'), `#!/bin/bash\nlevel=\${!#}\n${npm}\n`)
    chmodSync(join(root, 'npm'), 0o755)
    const env = { ...process.env, PATH: `${root}:${process.env['PATH'] ?? ''}` }
    const { code, stdout } = await ended(spawn('bash', [join(root, '.ci/run')], { env }))
    return { code, last: stdout.trimEnd().split('\n').at(-1) }
  }
  const BOTH = { test: '', 'test:hardware': 'here' }

  test.each([
    [{ test: '' }, 'echo "5 passed, 0 failed"', { code: 0, last: '5 passed, 0 failed' }],
    [BOTH, 'echo "5 passed, 0 failed"', { code: 0, last: '10 passed, 0 failed' }],
    [BOTH, 'echo "5 passed, 1 failed"; exit 1', { code: 1, last: '10 passed, 2 failed' }],
    [
      BOTH,
      '[ $level = test ] && echo "5 passed, 0 failed"',
      { code: 1, last: '5 passed, 1 failed' },
    ],
    [{ test: '' }, 'exit 3', { code: 1, last: '0 passed, 1 failed' }],
    [{ test: '' }, 'exit 0', { code: 1, last: '0 passed, 1 failed' }],
    [{ test: '' }, 'echo "5 passed, 0 failed"; exit 1', { code: 1, last: '5 passed, 1 failed' }],
  ])('with %j and an npm that does %j', async (scripts, npm, expected) => {
    expect(await ci(scripts, npm)).toEqual(expected)
  })
})
