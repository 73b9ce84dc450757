// Every secret that a config points at, so that it can be kept out of what leaves the bench; reads a broken config too.
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'

/** Keys whose files are no secret: certificates and roots are public. */
const PUBLIC = new Set(['caFile', 'certFile'])
/** Keys that name a secret by itself; the schema refuses most of them, a file that it refused may hold them all the same. */
const SECRET_KEY = /pass(?:word|wd|phrase)?$|secret$|token$|community$/i
const FILE_MAX = 64 * 1024
const DEPTH_MAX = 20

/** The secrets, line by line; what cannot be read holds nothing that could be given away. Never throws. */
export function secretsOf(file: string): readonly string[] {
  const found = new Set<string>()
  const take = (text: string) => {
    for (const line of text.split(/\r?\n/)) if (line.trim() !== '') found.add(line.trim())
  }
  const walk = (value: unknown, key: string, depth: number): void => {
    if (depth > DEPTH_MAX) return
    if (Array.isArray(value)) for (const one of value) walk(one, key, depth + 1)
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) walk(one, name, depth + 1)
    else if (typeof value === 'string' && /File$/.test(key) && !PUBLIC.has(key))
      take(textOf(resolve(dirname(file), value)))
    else if (typeof value === 'string' && SECRET_KEY.test(key)) take(value)
  }
  try {
    walk(parse(textOf(file)), '', 0)
  } catch {
    // Not even YAML: nothing in it is pointed at.
  }
  return [...found]
}

function textOf(file: string): string {
  try {
    return statSync(file).size > FILE_MAX ? '' : readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
