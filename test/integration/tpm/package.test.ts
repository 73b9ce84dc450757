// The publishable form of tpm2-ts: packed, installed into a project of its own, type checked and run there.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { outerEnv } from '../../../scripts/launcher/install.js'
import { startSwtpm } from '../../fakes/swtpm.ts'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '../../..')

test('the package installs elsewhere, brings its types and talks to a TPM', async () => {
  await using swtpm = await startSwtpm()
  const folder = mkdtempSync(join(tmpdir(), 'reseal-package-'))
  try {
    const made = join(folder, 'made')
    await run(process.execPath, [join(ROOT, 'scripts/tpm2-ts-package.ts'), made])
    const npm = (cwd: string, ...args: string[]) => run('npm', args, { cwd, env: outerEnv() })
    const { stdout } = await npm(made, 'pack', '--json', '--ignore-scripts')
    const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[]
    const paths = packed?.files.map(({ path }) => path) ?? []
    for (const path of ['index.js', 'index.d.ts', 'README.md', 'LICENSE']) {
      expect(paths).toContain(path)
    }
    expect(paths.filter((path) => /(?<!\.d)\.ts$/.test(path))).toEqual([])
    const manifest = JSON.parse(readFileSync(join(made, 'package.json'), 'utf8'))
    expect(manifest.dependencies).toBeUndefined()

    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const tarball = join(made, packed?.filename ?? '')
    await npm(folder, 'install', '--offline', '--ignore-scripts', tarball)
    writeFileSync(
      join(folder, 'user.ts'),
      `import { GetRandom, Tpm, transportFromUrl } from 'tpm2-ts'
await using transport = transportFromUrl('${swtpm.url}')
const { randomBytes } = await new Tpm(transport).run(GetRandom, { bytesRequested: 7 })
const length: number = randomBytes.length
console.log(length)
export const wrong = () =>
  // @ts-expect-error A number is asked for.
  new Tpm(transport).run(GetRandom, { bytesRequested: '7' })
`,
    )
    const user = await run(process.execPath, [join(folder, 'user.ts')], { cwd: folder })
    expect(user.stdout).toBe('7\n')

    // The declarations name Node's own types; a project that uses them has them.
    symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'))
    const tsc = [
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      '--noEmit',
      '--strict',
      '--ignoreConfig',
    ]
    const options = ['--module', 'nodenext', '--target', 'esnext', '--types', 'node']
    const checked = run(process.execPath, [...tsc, ...options, 'user.ts'], { cwd: folder })
    await expect(checked).resolves.toMatchObject({ stdout: '' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
