// The checkout as the machine sees it: a copy whose sources are plain JavaScript already.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

const PARTS = ['agent', 'drivers', 'station-config', 'systemd', 'test', 'package.json']
/** The board's browser code is not served in the machine. */
const NOT_TAKEN =
  /\/agent\/dashboard(\/|$)|\/test\/(browser|sim|integration|workshop)(\/|$)|\/node_modules(\/|$)/
const TYPED = /(?<!\.d)\.ts$/

/**
 * Copies what runs in the machine to `folder`. Types become blanks, as Node itself would make them, so that lines and
 * columns stay: the stripper is a WebAssembly program, which the emulated processor runs so slowly that a station took
 * minutes to start, and twice in 16 starts it crashed there (QEMU 7.2, two processors).
 */
export function copyCheckout(root: string, folder: string): void {
  for (const part of PARTS) {
    const filter = (path: string): boolean => !NOT_TAKEN.test(path.slice(root.length))
    cpSync(join(root, part), join(folder, part), { recursive: true, filter })
  }
  mkdirSync(join(folder, 'node_modules'))
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!TYPED.test(path)) continue
    const file = join(folder, path)
    writeFileSync(file, stripTypeScriptTypes(readFileSync(file, 'utf8')))
  }
}
