// The package's README: each example is type checked and runs as it stands, and prints what stands below it.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Tpm, tcpTransport } from 'tpm2-ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadedHandles } from '../../../drivers/tpm2-ts/index.ts'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '../../..')
const text = readFileSync(join(ROOT, 'drivers/tpm2-ts/README.md'), 'utf8')
const EXAMPLE = /^## ([^\n]+)\n(?:(?!\n## )[\s\S])*?```ts\n([\s\S]*?)```\n```text\n([\s\S]*?)```/gm
const examples = [...text.matchAll(EXAMPLE)].map(([, title = '', code = '', output = '']) => ({
  title,
  code,
  output,
}))

/** `…` stands for what differs from TPM to TPM. */
const pattern = (output: string) =>
  new RegExp(`^${output.split('…').map(RegExp.escape).join('[^\\n]*')}$`)

describe('the README of tpm2-ts', () => {
  let folder: string
  let swtpm: Swtpm

  beforeAll(async () => {
    swtpm = await startSwtpm()
    folder = mkdtempSync(join(tmpdir(), 'reseal-readme-'))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(join(ROOT, 'drivers/tpm2-ts'), join(folder, 'node_modules/tpm2-ts'))
    mkdirSync(join(folder, 'node_modules/@types'))
    symlinkSync(join(ROOT, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    for (const [index, { code }] of examples.entries()) {
      const own = code.replaceAll('tcp://127.0.0.1:2321', swtpm.url)
      writeFileSync(join(folder, `example-${index}.ts`), own)
    }
  })
  afterAll(async () => {
    await swtpm.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('has its examples', () => {
    expect(examples.map(({ title }) => title)).toEqual([
      'A first look',
      'Prove that a key is in a TPM',
      'Have PCRs quoted, and believe it',
      'Over a relay that one does not trust',
      'A further command',
    ])
    expect(text.match(/```ts\n/g)).toHaveLength(examples.length)
  })

  test.each(examples.map((example, index) => ({ ...example, index })))(
    'prints what it says: $title',
    async ({ index, output }) => {
      const file = join(folder, `example-${index}.ts`)
      const { stdout } = await run(process.execPath, [file], { timeout: 30_000 })
      expect(stdout).toMatch(pattern(output))
    },
  )

  test('leaves nothing loaded', async () => {
    await using transport = tcpTransport('127.0.0.1', swtpm.port)
    expect(await loadedHandles(new Tpm(transport))).toEqual([])
  })

  test('has examples that the compiler accepts', async () => {
    const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'esnext']
    const options = [...strict, '--allowImportingTsExtensions', '--types', 'node', '--skipLibCheck']
    const files = examples.map((_, index) => join(folder, `example-${index}.ts`))
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const program = run(process.execPath, [tsc, ...options, ...files], { cwd: folder })
    await expect(program).resolves.toMatchObject({ stdout: '' })
  })

  test('shows a further command in some twenty lines', () => {
    const { code } = examples.at(-1) ?? { code: '' }
    const lines = code.split('\n').filter((line) => line.trim() !== '')
    expect(lines.length).toBeLessThanOrEqual(22)
  })
})
