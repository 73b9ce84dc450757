// The house rules as a test: who imports whom, one home per package, nothing dead, small files, no banned text.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { bannedComplaints } from './tidy/banned.ts'
import { deadComplaints, pageScripts } from './tidy/dead.ts'
import { openingComplaints } from './tidy/opening.ts'
import { importComplaints, packageComplaints } from './tidy/rooms.ts'
import { longFunctions, sizeComplaints } from './tidy/sizes.ts'
import { sourcesIn } from './tidy/source.ts'

const ROOT = resolve(import.meta.dirname, '..')
const BOARD = 'agent/dashboard'
const files = sourcesIn(ROOT)

test('there are sources to look at', () => {
  expect(files.map((file) => file.path)).toContain('test/tidy.test.ts')
})

test('a file imports only what the table of CONTRIBUTING.md allows', () => {
  expect(importComplaints(files)).toEqual([])
})

test('each package has one home', () => {
  expect(packageComplaints(files)).toEqual([])
})

test('no file is dead', () => {
  const pages = readdirSync(join(ROOT, BOARD, 'pages')).map((name) => `${BOARD}/pages/${name}`)
  const entries = [BOARD, ...pages].flatMap((folder) =>
    pageScripts(readFileSync(join(ROOT, folder, 'index.html'), 'utf8'), folder),
  )
  expect(deadComplaints(files, entries)).toEqual([])
})

test('each file opens with a sentence', () => {
  expect(openingComplaints(files)).toEqual([])
})

test('no banned text stands outside its owner', () => {
  expect(bannedComplaints(files)).toEqual([])
})

test('no file outgrows its size', () => {
  for (const line of longFunctions(files)) process.stderr.write(`tidy: ${line}\n`)
  expect(sizeComplaints(files)).toEqual([])
})
