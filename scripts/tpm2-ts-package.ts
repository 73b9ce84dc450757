// Makes the publishable form of tpm2-ts: Node strips no types in node_modules, so it holds JavaScript and declarations.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const SOURCE = join(ROOT, 'drivers/tpm2-ts')
const [target] = process.argv.slice(2)
if (target === undefined) throw new Error('say into which folder: tpm2-ts-package.ts FOLDER')

mkdirSync(target, { recursive: true })
const emit = ['--declaration', '--rewriteRelativeImportExtensions', '--outDir', target]
const language = ['--target', 'esnext', '--module', 'nodenext', '--types', 'node', '--strict']
execFileSync(
  process.execPath,
  [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    ...['--ignoreConfig', '--rootDir', SOURCE, ...emit, ...language, '--skipLibCheck'],
    join(SOURCE, 'index.ts'),
  ],
  { cwd: ROOT, stdio: 'inherit' },
)
const manifest = JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8'))
manifest.types = './index.d.ts'
manifest.exports['.'] = { types: './index.d.ts', default: './index.js' }
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
copyFileSync(join(SOURCE, 'README.md'), join(target, 'README.md'))
copyFileSync(join(ROOT, 'LICENSE'), join(target, 'LICENSE'))
