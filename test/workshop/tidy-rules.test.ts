// Each tidy rule must fail on a sample that breaks it, or a green tidy test would prove nothing.
import { describe, expect, test } from 'vitest'
import { BANS, bannedComplaints } from '../tidy/banned.ts'
import { deadComplaints, pageScripts } from '../tidy/dead.ts'
import { openingComplaints } from '../tidy/opening.ts'
import { importComplaints, packageComplaints } from '../tidy/rooms.ts'
import { longFunctions, sizeComplaints } from '../tidy/sizes.ts'
import { sourceFile } from '../tidy/source.ts'

const imports = (path: string, to: string) => [sourceFile(path, `import { a } from '${to}'\n`)]
const types = (path: string, to: string) => [sourceFile(path, `import type { A } from '${to}'\n`)]

describe('the import table', () => {
  test.each([
    ['agent/core/flow.ts', '../ports.ts'],
    ['agent/core/flow.ts', 'node:fs'],
    ['agent/core/flow.ts', 'net'],
    ['agent/core/flow.ts', 'pino'],
    ['agent/ports.ts', './core/flow.ts'],
    ['agent/bench/bay.ts', '../ledger/writer.ts'],
    ['agent/web/routes.ts', '../station.ts'],
    ['agent/bench/bay.ts', '../../drivers/link/nic.ts'],
    ['agent/bench/bay.ts', '../../station-config/schema.ts'],
    ['drivers/link/nic.ts', '../lamp/index.ts'],
    ['drivers/link/nic.ts', '../../agent/ports.ts'],
    ['drivers/link/nic.ts', '../../agent/core/flow.ts'],
    ['drivers/tpm/tpm.ts', '../tpm2-ts/index.ts'],
    ['drivers/tpm2-ts/index.ts', '../io/serial.ts'],
    ['drivers/tpm2-ts/index.ts', 'zod'],
    ['station-config/schema.ts', '../agent/core/flow.ts'],
    ['agent/dashboard/tile.tsx', '../wire/bay.ts'],
    ['agent/dashboard/tile.tsx', 'zod'],
    ['agent/dashboard/tile.tsx', 'node:path'],
    ['agent/cli/run.ts', '../../scripts/bench.ts'],
    ['agent/station.ts', '../test/fakes/clock.ts'],
  ])('refuses %s importing %s', (path, to) => {
    expect(importComplaints(imports(path, to))).toHaveLength(1)
  })

  test.each([
    ['agent/core/flow.ts', './record.ts'],
    ['agent/bench/bay.ts', '../core/flow.ts'],
    ['agent/bench/bay.ts', '../ports.ts'],
    ['agent/web/routes.ts', '../wire/bay.ts'],
    ['agent/station.ts', '../drivers/link/nic.ts'],
    ['agent/cli/run.ts', '../../station-config/loader.ts'],
    ['drivers/link/nic.ts', '../io/serial.ts'],
    ['drivers/link/nic.ts', '../../agent/fault.ts'],
    ['drivers/tpm/tpm.ts', 'tpm2-ts'],
    ['agent/dashboard/tile.tsx', 'preact/hooks'],
    ['scripts/bench.ts', '../agent/core/flow.ts'],
    ['test/core/flow.test.ts', '../../agent/core/flow.ts'],
  ])('lets %s import %s', (path, to) => {
    expect(importComplaints(imports(path, to))).toEqual([])
  })

  test('lets types through where only types may pass', () => {
    expect(importComplaints(types('drivers/link/nic.ts', '../../agent/ports.ts'))).toEqual([])
    expect(importComplaints(types('station-config/schema.ts', '../agent/core/flow.ts'))).toEqual([])
    const mixed = `import { type A, b } from '../../agent/ports.ts'\n`
    expect(importComplaints([sourceFile('drivers/link/nic.ts', mixed)])).toHaveLength(1)
  })

  test.each([
    `export * from '../ledger/writer.ts'`,
    `const writer = await import('../ledger/writer.ts')`,
    `import '../ledger/writer.ts'`,
    `import {\n  a,\n  b,\n} from '../ledger/writer.ts'`,
    `new Worker(new URL('../ledger/writer.ts', import.meta.url))`,
  ])('sees %s', (text) => {
    expect(importComplaints([sourceFile('agent/bench/bay.ts', text)])).toHaveLength(1)
  })

  test.each([
    `// import { a } from '../ledger/writer.ts'`,
    `const text = "import { a } from '../ledger/writer.ts'"`,
    `export const a = 'x'\nconst from = '../ledger/writer.ts'`,
    `export type A = { from: 'here' } | '../ledger/writer.ts'`,
    `new URL('../..', import.meta.url)`,
  ])('is not fooled by %s', (text) => {
    expect(importComplaints([sourceFile('agent/bench/bay.ts', text)])).toEqual([])
  })
})

describe('one home per package', () => {
  test('refuses a package in two rooms', () => {
    const files = [...imports('agent/web/a.ts', 'mqtt'), ...imports('drivers/broker/b.ts', 'mqtt')]
    expect(packageComplaints(files)).toHaveLength(1)
  })

  test('knows the two homes of zod and refuses a third', () => {
    const homes = [...imports('station-config/a.ts', 'zod'), ...imports('agent/wire/b.ts', 'zod')]
    expect(packageComplaints(homes)).toEqual([])
    expect(packageComplaints([...homes, ...imports('agent/web/c.ts', 'zod')])).toHaveLength(1)
  })

  test('leaves tests and scripts free', () => {
    const files = [
      ...imports('drivers/broker/b.ts', 'mqtt'),
      ...imports('test/sim/a.test.ts', 'mqtt'),
    ]
    expect(packageComplaints(files)).toEqual([])
  })
})

describe('banned text', () => {
  const samples: Readonly<Record<string, string>> = {
    'Date.now(': 'const at = Date.now()',
    'new Date()': 'const at = new Date()',
    'Temporal.Now': 'Temporal.Now.instant()',
    'performance.now(': 'performance.now()',
    'setTimeout( or setInterval(': 'setInterval(beat, 5)',
    'Math.random(': 'Math.random()',
    'randomUUID(': 'randomUUID()',
    'console.': 'console.log(1)',
    'process.env': 'process.env.HOME',
    'as any': 'const a = b as any',
    enum: 'enum Colour { Red }',
    'export default': 'export default 1',
    'vi.mock( or fake timers': `vi.mock('mqtt')`,
    'an EventEmitter': 'class A extends EventEmitter {}',
    '.skip(': `it.skip('a', () => {})`,
    '.only(': `describe.only('a', () => {})`,
    'it.todo': `it.todo('a')`,
    'FIXME or TODO': '// TODO: later',
  }

  test.each(BANS.map((ban) => ban.name))('refuses %s and says what to write instead', (name) => {
    const ban = BANS.find((one) => one.name === name)
    const complaints = bannedComplaints([sourceFile('agent/bench/bay.ts', samples[name] ?? '')])
    expect(complaints).toEqual([`agent/bench/bay.ts:1 has ${name}: ${ban?.instead}`])
  })

  test('lets the owner write it', () => {
    expect(bannedComplaints([sourceFile('drivers/host/clock.ts', 'Date.now()')])).toEqual([])
  })

  test.each([
    '// Date.now() is read by the Clock only.',
    `const text = 'Math.random()'`,
    'const text = `a ${b} console.log`',
    String.raw`const pattern = /Date\.now\(|'/`,
    `const todo = 'TODO'`,
  ])('is not fooled by %s', (text) => {
    expect(bannedComplaints([sourceFile('agent/bench/bay.ts', text)])).toEqual([])
  })

  test('sees code in the hole of a template and after a regular expression', () => {
    const hole = 'const text = `a ${console.log({ a: 1 })} b`'
    expect(bannedComplaints([sourceFile('agent/bench/bay.ts', hole)])).toHaveLength(1)
    const after = String.raw`const ok = /["'\/]/.test(a); console.log(ok)`
    expect(bannedComplaints([sourceFile('agent/bench/bay.ts', after)])).toHaveLength(1)
  })
})

describe('openings', () => {
  test.each([
    'export const a = 1\n',
    '// flow\n',
    '// no capital in front of this sentence.\n',
    '// This sentence never ends in a full stop\n',
    'import a from "a"\n// This sentence comes too late to be one.\n',
  ])('refuses %j', (text) => {
    expect(openingComplaints([sourceFile('agent/core/flow.ts', text)])).toHaveLength(1)
  })

  test.each([
    '// Facts come in and one of them opens a run.\n',
    '#!/usr/bin/env node\n// Facts come in and one of them opens a run.\n',
    '/** Facts come in and one of them\n * opens a run. */\n',
  ])('takes %j', (text) => {
    expect(openingComplaints([sourceFile('agent/core/flow.ts', text)])).toEqual([])
  })
})

describe('dead files', () => {
  const main = sourceFile('agent/main.ts', `import { a } from './station.ts'\n`)
  const station = sourceFile('agent/station.ts', `new URL('./ledger/worker.ts', import.meta.url)\n`)
  const worker = sourceFile('agent/ledger/worker.ts', '')

  test('follows imports and workers from the program', () => {
    expect(deadComplaints([main, station, worker], [])).toEqual([])
  })

  test('names a file that nothing reaches', () => {
    expect(deadComplaints([main, worker], [])).toHaveLength(1)
  })

  test('knows the scripts of the page', () => {
    const entries = pageScripts('<script type="module" src="./main.tsx"></script>')
    expect(entries).toEqual(['agent/dashboard/main.tsx'])
    expect(deadComplaints([sourceFile('agent/dashboard/main.tsx', '')], entries)).toEqual([])
  })
})

describe('sizes', () => {
  const long = (lines: number) => sourceFile('agent/core/flow.ts', 'a\n'.repeat(lines))
  const named = (lines: number) => ({ 'agent/core/flow.ts': { lines, why: 'a reason' } })

  test('refuses more than 300 lines without a name and more than 500 with one', () => {
    expect(sizeComplaints([long(300)], {})).toEqual([])
    expect(sizeComplaints([long(301)], {})).toHaveLength(1)
    expect(sizeComplaints([long(501)], named(600))).toHaveLength(1)
  })

  test('lets a named file shrink and never grow', () => {
    expect(sizeComplaints([long(350)], named(350))).toEqual([])
    expect(sizeComplaints([long(351)], named(350))).toHaveLength(1)
    expect(sizeComplaints([long(200)], named(350))).toHaveLength(1)
    expect(sizeComplaints([], named(350))).toHaveLength(1)
  })

  test('mentions a long function', () => {
    const text = `export function run() {\n${'  a()\n'.repeat(120)}}\n`
    expect(longFunctions([sourceFile('agent/core/flow.ts', text)])).toHaveLength(1)
  })
})
