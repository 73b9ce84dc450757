// The launcher installs exactly when it must, says why it cannot, and then is not noticed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { alone } from '../../scripts/launcher/alone.js'
import { boardIsBundled, boardStamp } from '../../scripts/launcher/board.js'
import { checkMachine } from '../../scripts/launcher/checkout.js'
import { DEBIAN_PACKAGES, debianPackages, missingPackages } from '../../scripts/launcher/debian.js'
import { Failure, failureText, SETUP_FAILURES } from '../../scripts/launcher/failure.js'
import { install, isInstalled, outerPath, reasonOf } from '../../scripts/launcher/install.js'
import { checkout, emptyFolder, installRuntime } from './launcher/checkout.ts'

const DONE = { code: 0, signal: null, asked: null, output: '' }

/** An npm that puts the runtime in place, or ends as it is told. */
function fakeNpm(end: Partial<typeof DONE> | { signal: NodeJS.Signals } = {}) {
  const calls: string[] = []
  const npm = async (root: string) => {
    calls.push(root)
    rmSync(join(root, 'node_modules'), { recursive: true, force: true })
    await wait(20)
    const result = { ...DONE, ...end }
    if (result.code === 0 && result.signal === null) installRuntime(root)
    return result
  }
  return { calls, npm, say: () => {} }
}

describe('installing', () => {
  test('happens once, and again when the lock file changes', async () => {
    const root = checkout()
    const fake = fakeNpm()
    await install(root, fake)
    await install(root, fake)
    expect(fake.calls).toHaveLength(1)
    writeFileSync(join(root, 'package-lock.json'), '{ "packages": { "node_modules/a": {} } }')
    expect(isInstalled(root)).toBe(false)
    await install(root, fake)
    expect(fake.calls).toHaveLength(2)
  })

  test('is repeated when the runtime is gone', async () => {
    const root = checkout()
    await install(root, fakeNpm())
    rmSync(join(root, 'node_modules', `node-linux-${process.arch}`), { recursive: true })
    expect(isInstalled(root)).toBe(false)
  })

  test('of two starts at once is done by one, and both go on', async () => {
    const root = checkout()
    const fake = fakeNpm()
    await Promise.all([install(root, fake), install(root, fake), install(root, fake)])
    expect(fake.calls).toHaveLength(1)
    expect(isInstalled(root)).toBe(true)
  })

  test('that failed shows what npm said, and is repeated', async () => {
    const root = checkout()
    const failing = fakeNpm({ code: 1, output: 'npm error code ENETUNREACH\n' })
    const failure = await install(root, failing).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Failure)
    expect(failureText(failure as Failure)).toBe(
      `npm error code ENETUNREACH\nreseal: SETUP_INSTALL_FAILED: npm ci ended with code 1. ${SETUP_FAILURES['SETUP_INSTALL_FAILED']?.hint}\n`,
    )
    const fake = fakeNpm()
    await install(root, fake)
    expect(fake.calls).toHaveLength(1)
  })

  test('that was interrupted is repeated', async () => {
    const root = checkout()
    expect(await install(root, fakeNpm({ signal: 'SIGTERM' }))).toBe('SIGTERM')
    expect(isInstalled(root)).toBe(false)
  })

  test('that brought no runtime is a failure with its own code', async () => {
    const root = checkout()
    const npm = async () => DONE
    await expect(install(root, { npm, say: () => {} })).rejects.toMatchObject({
      code: 'SETUP_RUNTIME_MISSING',
    })
  })

  test('by hand counts when it brought what the lock file names', () => {
    const root = checkout()
    const packages = { 'node_modules/a': { version: '1.0.0', integrity: 'x' } }
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
    installRuntime(root)
    expect(isInstalled(root)).toBe(false)
    const hidden = join(root, 'node_modules', '.package-lock.json')
    writeFileSync(hidden, JSON.stringify({ packages: {} }))
    expect(isInstalled(root)).toBe(false)
    writeFileSync(hidden, JSON.stringify({ packages }))
    expect(isInstalled(root)).toBe(true)
    expect(existsSync(join(root, 'node_modules', '.reseal-stamp'))).toBe(true)
  })

  test('by hand does not count while the link to a package of the checkout is missing', () => {
    const root = checkout()
    const packages = { own: { version: '1.0.0' }, 'node_modules/own': { link: true } }
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
    installRuntime(root)
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))
    expect(isInstalled(root)).toBe(false)
    mkdirSync(join(root, 'node_modules', 'own'))
    expect(isInstalled(root)).toBe(true)
  })

  test('keeps npm off the Node that it replaces', () => {
    expect(outerPath('/work/node_modules/.bin:/usr/bin:/bin')).toBe('/usr/bin:/bin')
  })

  test('shows the reason of npm without its page of usage', () => {
    expect(reasonOf('npm error a\nnpm error\nnpm error Usage:\nnpm error npm ci')).toBe(
      'npm error a',
    )
  })
})

describe('the lock between launchers', () => {
  test('goes with a process that is killed', async () => {
    const room = resolve(import.meta.dirname, '../../scripts/launcher/alone.js')
    const name = `test ${process.pid}`
    const code = `import { alone } from ${JSON.stringify(room)}
      await alone(${JSON.stringify(name)}, () => { process.stdout.write('held'); return new Promise(() => {}) })`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', code])
    await once(holder.stdout, 'data')
    let waited = false
    const mine = alone(
      name,
      async () => 'mine',
      () => {
        waited = true
        holder.kill('SIGKILL')
      },
    )
    expect(await mine).toBe('mine')
    expect(waited).toBe(true)
  })
})

describe('the machine', () => {
  test.each([
    { platform: 'darwin', arch: 'arm64', node: '26.0.0', code: 'SETUP_PLATFORM' },
    { platform: 'linux', arch: 'ia32', node: '26.0.0', code: 'SETUP_PLATFORM' },
    { platform: 'linux', arch: 'x64', node: '18.19.0', code: 'SETUP_NODE_TOO_OLD' },
  ])('is refused with $code on $platform $arch with Node $node', ({ code, ...machine }) => {
    expect(() => checkMachine(machine)).toThrow(expect.objectContaining({ code }))
  })

  test('is taken with Node 20 on Linux', () => {
    expect(() => checkMachine({ platform: 'linux', arch: 'x64', node: '20.0.0' })).not.toThrow()
  })
})

describe('Debian packages', () => {
  const machine = (path: string, isRoot: boolean, end: Partial<typeof DONE> = {}) => {
    const calls: string[] = []
    const tool = async (_: string, args: readonly string[]) => {
      calls.push(args.at(-1) ?? '')
      if ((end.code ?? 0) === 0) fill(path)
      return { ...DONE, ...end }
    }
    return { calls, path, isRoot, tool, say: () => {} }
  }
  const fill = (folder: string) => {
    for (const { program } of DEBIAN_PACKAGES) writeFileSync(join(folder, program), '')
  }

  test('that are there need nothing', async () => {
    const here = machine(emptyFolder(), true)
    fill(here.path)
    expect(missingPackages(here.path)).toEqual([])
    await debianPackages(here)
    expect(here.calls).toEqual([])
  })

  test('are installed by root', async () => {
    const here = machine(emptyFolder(), true)
    expect(await debianPackages(here)).toBeNull()
    expect(here.calls).toHaveLength(1)
    expect(here.calls[0]).toContain('apt-get install -y --no-install-recommends')
  })

  test('are named to anyone else in one line to copy', async () => {
    const here = machine(emptyFolder(), false)
    const failure = await debianPackages(here).catch((error: unknown) => error as Failure)
    expect(failure).toMatchObject({ code: 'SETUP_DEBIAN_PACKAGES' })
    expect((failure as Failure).output).toMatch(/^apt-get install .*\bsocat\b/)
    expect(here.calls).toEqual([])
  })

  test('that cannot be installed show what apt-get said', async () => {
    const here = machine(emptyFolder(), true, { code: 100, output: 'E: no network' })
    const failure = await debianPackages(here).catch((error: unknown) => error as Failure)
    expect((failure as Failure).output).toMatch(/^E: no network\napt-get install /)
  })
})

describe('the bundle of the board', () => {
  test('is not missed while there is no page', () => {
    expect(boardIsBundled(checkout())).toBe(true)
  })

  test('is made anew when a source changes, comes or goes', () => {
    const root = checkout()
    const board = join(root, 'agent/dashboard')
    mkdirSync(join(board, 'dist'), { recursive: true })
    writeFileSync(join(board, 'index.html'), '<html></html>')
    expect(boardIsBundled(root)).toBe(false)
    writeFileSync(join(board, 'dist/.sources'), boardStamp(root))
    expect(boardIsBundled(root)).toBe(true)
    writeFileSync(join(board, 'tile.tsx'), '')
    expect(boardIsBundled(root)).toBe(false)
    rmSync(join(board, 'tile.tsx'))
    expect(boardIsBundled(root)).toBe(true)
    writeFileSync(join(board, 'index.html'), '<html lang="en"></html>')
    expect(boardIsBundled(root)).toBe(false)
  })
})
