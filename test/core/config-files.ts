// Temporary files for tests of loaders; the folder goes when the test process ends.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

let home: string | null = null
let count = 0

/** A fresh empty directory. */
export function tempDir(): string {
  if (home === null) {
    home = mkdtempSync(join(tmpdir(), 'reseal-config-'))
    process.on('exit', () => rmSync(home ?? '', { recursive: true, force: true }))
  }
  const dir = join(home, String(count++))
  mkdirSync(dir)
  return dir
}

/** A file of this name in a directory of its own. */
export function tempFile(name: string, content: string | Uint8Array): string {
  const file = join(tempDir(), name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}
