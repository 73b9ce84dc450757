// Finds what a source file loads: imports, re-exports, workers and pages named by a URL beside it.
import { posix } from 'node:path'

export interface Import {
  /** A path from the root for a relative import, else the name as written. */
  readonly to: string
  readonly isTypeOnly: boolean
  readonly isRelative: boolean
}

const STATEMENT = /\b(?:import|export)\s*([\w$*{},\s]*?)\bfrom\s*(['"])([^'"\n]+)\2/g
const BARE = /\bimport\s*(['"])([^'"\n]+)\1/g
const CALL = /\bimport\s*\(\s*(['"])([^'"\n]+)\1/g
const BESIDE = /\bnew\s+URL\(\s*(['"])(\.[^'"\n]+\.\w+)\1\s*,\s*import\.meta\.url/g

/** `import type …`, or braces in which every name is a type. */
function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b(?!\s*(?:,|from\b))/.test(clause)) return true
  const names = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1]
  if (names === undefined) return false
  const parts = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return parts.length > 0 && parts.every((name) => /^type\s/.test(name))
}

/** `code` has its strings blanked, so a keyword that is still there is a real one. */
export function importsOf(path: string, code: string, uncommented: string): Import[] {
  const found: Import[] = []
  const add = (to: string, typeOnly: boolean) => {
    const isRelative = to.startsWith('.')
    const from = posix.dirname(path)
    found.push({
      to: isRelative ? posix.normalize(posix.join(from, to)) : to,
      isTypeOnly: typeOnly,
      isRelative,
    })
  }
  const isReal = (match: RegExpExecArray) => /\w/.test(code[match.index] ?? '')
  for (const match of uncommented.matchAll(STATEMENT)) {
    if (isReal(match)) add(match[3] ?? '', isTypeOnly(match[1] ?? ''))
  }
  for (const pattern of [BARE, CALL, BESIDE]) {
    for (const match of uncommented.matchAll(pattern)) {
      if (isReal(match)) add(match[2] ?? '', false)
    }
  }
  return found
}
