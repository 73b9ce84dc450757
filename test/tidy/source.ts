// What the tidy rules look at: each source file, taken apart into code, comments and imports.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Import, importsOf } from './imports-of.ts'
import { split } from './split.ts'

export interface SourceFile {
  /** From the root of the checkout, with forward slashes. */
  readonly path: string
  readonly text: string
  /** The text with comments and the inside of strings blanked; positions are those of `text`. */
  readonly code: string
  /** The text with everything but comments blanked. */
  readonly comments: string
  readonly imports: readonly Import[]
}

const FOLDERS = ['agent', 'drivers', 'station-config', 'scripts', 'test']
const SOURCE = /\.(ts|tsx|js|mjs)$/
const NOT_OURS = new Set(['node_modules', 'dist'])

export function sourceFile(path: string, text: string): SourceFile {
  const { code, comments, uncommented } = split(text)
  return { path, text, code, comments, imports: importsOf(path, code, uncommented) }
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`
    if (NOT_OURS.has(name)) return []
    return statSync(join(root, path)).isDirectory() ? walk(root, path) : [path]
  })
}

/** Every source file of the project, tool settings in the root included. */
export function sourcesIn(root: string): SourceFile[] {
  const inFolders = FOLDERS.filter((name) => existsSync(join(root, name))).flatMap((name) =>
    walk(root, name),
  )
  const inRoot = readdirSync(root).filter((name) => statSync(join(root, name)).isFile())
  return [...inRoot, ...inFolders]
    .filter((path) => SOURCE.test(path))
    .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8')))
}
