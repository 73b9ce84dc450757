// Programs that only tests use are installed once, by their own lock file, and never twice at a time.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installTools, TOOLS, type ToolEnd } from '../../scripts/launcher/tools.js'

const ROOT = resolve(import.meta.dirname, '../..')
const GOOD: ToolEnd = { code: 0, signal: null, asked: null, output: '' }

let root = ''
const said: string[] = []
const say = (line: string) => void said.push(line)
const npm = (end: ToolEnd = GOOD) => {
  const places: string[] = []
  const run = async (place: string) => {
    places.push(place)
    mkdirSync(join(place, 'node_modules'), { recursive: true })
    return end
  }
  return { places, run }
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reseal-tools-'))
  said.length = 0
  for (const place of TOOLS)
    for (const name of ['package.json', 'package-lock.json'])
      cpSync(join(ROOT, place, name), join(root, place, name), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

test('they are installed once, and the second time nothing is asked', async () => {
  const first = npm()
  expect(await installTools(root, { npm: first.run, say })).toBeNull()
  expect(first.places).toEqual(TOOLS.map((place) => join(root, place)))
  expect(said).toHaveLength(TOOLS.length)
  const second = npm()
  await installTools(root, { npm: second.run, say })
  expect(second.places).toEqual([])
})

test('a changed lock file installs them anew', async () => {
  await installTools(root, { npm: npm().run, say })
  const lock = join(root, TOOLS[0] ?? '', 'package-lock.json')
  writeFileSync(lock, `${readFileSync(lock, 'utf8')}\n`)
  const again = npm()
  await installTools(root, { npm: again.run, say })
  expect(again.places).toHaveLength(1)
})

test('a failure says why, and is tried anew', async () => {
  const broken = npm({ ...GOOD, code: 1, output: 'npm error no such package' })
  await expect(installTools(root, { npm: broken.run, say })).rejects.toThrow(/npm ci ended/)
  const again = npm()
  await installTools(root, { npm: again.run, say })
  expect(again.places).toHaveLength(1)
})

test('an interrupted install is passed on and leaves no stamp', async () => {
  const cut = npm({ ...GOOD, code: null, asked: 'SIGINT' })
  expect(await installTools(root, { npm: cut.run, say })).toBe('SIGINT')
  expect(existsSync(join(root, TOOLS[0] ?? '', 'node_modules/.reseal-stamp'))).toBe(false)
})

test('their lock files pin every package by its hash and name no registry', () => {
  for (const place of TOOLS) {
    const text = readFileSync(join(ROOT, place, 'package-lock.json'), 'utf8')
    const { packages } = JSON.parse(text) as {
      readonly packages: Readonly<Record<string, { readonly integrity?: string }>>
    }
    const loose = Object.entries(packages).filter(
      ([path, { integrity }]) => path !== '' && integrity === undefined,
    )
    expect(loose).toEqual([])
    expect(text).not.toMatch(/"resolved"/)
  }
})
