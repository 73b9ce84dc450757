// A file that nothing starts and nothing imports is dead, and imports must lead somewhere.
import type { SourceFile } from './source.ts'

/** What is started by name: by Node, by npm, by Vitest or Vite, or by a page. */
function isEntry(path: string): boolean {
  return (
    path === 'agent/main.ts' ||
    /^[^/]+$/.test(path) ||
    /^scripts\/[^/]+$/.test(path) ||
    /\.(?:test|config)\.(?:ts|tsx)$/.test(path) ||
    // The library is lifted out as it is: its index is what others see.
    path === 'drivers/tpm2-ts/index.ts'
  )
}

/** Scripts that a page in `folder` loads, as paths from the root. */
export function pageScripts(html: string, folder = 'agent/dashboard'): string[] {
  return [...html.matchAll(/<script\b[^>]*\bsrc="\.?\/?([^"]+)"/g)].map(
    (match) => `${folder}/${match[1]}`,
  )
}

export function deadComplaints(
  files: readonly SourceFile[],
  pageEntries: readonly string[],
): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const reached = new Set<string>()
  const queue = [...byPath.keys()].filter((path) => isEntry(path) || pageEntries.includes(path))
  const complaints: string[] = []
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    for (const { to, isRelative } of byPath.get(path)?.imports ?? []) {
      if (isRelative && byPath.has(to)) queue.push(to)
    }
  }
  for (const path of byPath.keys()) {
    if (!reached.has(path))
      complaints.push(`${path} is dead: nothing starts it and nothing imports it`)
  }
  return complaints
}
