// The driver of drivers/README.md, as it stands there: 40 lines, right types, and through the contract on a real socket.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import type { Clock, Scanner } from '../../agent/ports.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { FAMILIES } from '../../station-config/driver-url.ts'
import { until } from '../fakes/pty.ts'
import { scannerContract } from './scanner.ts'

/** The parts of a bay, and the drivers of nothing. */
const KINDS = ['link', 'keyboard', 'lamp', 'scanner', 'buttons', 'screen'] as const
const NOWHERE: readonly string[] = ['virtual', 'none']
const ROOT = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(ROOT, 'drivers/README.md'), 'utf8')
const [, code = ''] = /^## A driver in 40 lines\n[\s\S]*?```ts\n([\s\S]*?)```/m.exec(page) ?? []

// The example stands where a scanner's driver stands, beside the files that it imports.
const folder = mkdtempSync(join(tmpdir(), 'reseal-example-'))
mkdirSync(join(folder, 'drivers/scanner'), { recursive: true })
for (const path of ['agent', 'drivers/io', 'drivers/scanner/scan-framer.ts', 'node_modules'])
  symlinkSync(join(ROOT, path), join(folder, path))
writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
const file = join(folder, 'drivers/scanner/tcp.ts')
writeFileSync(file, code)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the parts table has every driver that a config may name', () => {
  const [, table = ''] = /^## What to buy\n([\s\S]*?)\n## /m.exec(page) ?? []
  const schemes = KINDS.flatMap((kind) =>
    FAMILIES[kind].known
      .filter((scheme) => !NOWHERE.includes(scheme))
      .map((scheme) => `\`${kind}: ${scheme}:`),
  )
  expect(schemes.length).toBeGreaterThan(20)
  expect(schemes.filter((line) => !table.includes(`| ${line}`))).toEqual([])
})

type ExampleScanner = Scanner & { close(): Promise<void> }
interface Example {
  readonly TcpScanner: new (host: string, port: number, clock: Clock) => ExampleScanner
}
const example = (): Promise<Example> => import(pathToFileURL(file).href)

test('has 40 lines at most', () => {
  const lines = code.split('\n').filter((line) => line.trim() !== '')
  expect(lines.length).toBeGreaterThan(20)
  expect(lines.length).toBeLessThanOrEqual(40)
})

test('has the types of a driver', async () => {
  const project = join(folder, 'tsconfig.json')
  const compilerOptions = { noEmit: true, preserveSymlinks: false }
  const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: [file] }
  writeFileSync(project, JSON.stringify(config))
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const command = [tsc, '-p', project, '--listFiles']
  const { stdout } = await promisify(execFile)(process.execPath, command).catch(
    ({ stdout }: { stdout: string }) => ({ stdout }),
  )
  // Types of other files are held elsewhere.
  const lines = stdout.split('\n').filter((line) => line.includes('scanner/tcp.ts'))
  expect(lines).toEqual([file])
})

/** A scanner with a cable to the network. */
class LineScanner {
  #server: Server | null = null
  readonly #sockets = new Set<Socket>()
  port = 0

  async plug(): Promise<void> {
    this.#server = createServer((socket) => this.#sockets.add(socket.on('error', () => undefined)))
    await once(this.#server.listen(this.port, '127.0.0.1'), 'listening')
    const address = this.#server.address()
    if (address !== null && typeof address === 'object') this.port = address.port
  }

  async unplug(): Promise<void> {
    const server = this.#server
    if (server === null) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.#sockets) socket.resetAndDestroy()
    this.#sockets.clear()
    await closed
  }

  scan(text: string): void {
    for (const socket of this.#sockets) socket.write(`${text}\r\n`)
  }
}

/** Its health, as somebody hears who asks now. */
async function healthOf(scanner: Scanner): Promise<string> {
  for await (const fact of scanner.watch(new AbortController().signal))
    return 'health' in fact ? fact.health : ''
  return ''
}

scannerContract('tcp: (the example of drivers/README.md)', async () => {
  const { TcpScanner } = await example()
  const device = new LineScanner()
  await device.plug()
  const scanner = new TcpScanner('127.0.0.1', device.port, systemClock())
  await until('it is connected', async () => (await healthOf(scanner)) === 'ok')
  return {
    scanner,
    scan: (text) => device.scan(text),
    lose: () => device.unplug(),
    regain: () => device.plug(),
    close: async () => {
      await scanner.close()
      await device.unplug()
    },
  }
})
