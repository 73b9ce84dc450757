// Label printers against the contract of their port: a raw TCP port, and a kernel node that a pipe stands in for.
import { execFileSync } from 'node:child_process'
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { createServer, type Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isStationError } from '../../agent/fault.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { openPrinter } from '../../drivers/printer/index.ts'
import { type PrinterBench, printerContract } from './printer.contract.ts'

const clock = systemClock()

/** Collects what comes, and can stop reading. */
class Paper {
  readonly #chunks: Buffer[] = []
  readonly #open = new Set<Socket>()
  #isHeld = false

  feed(socket: Socket): void {
    this.#open.add(socket)
    socket.on('close', () => this.#open.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
    if (this.#isHeld) socket.pause()
  }
  text = () => Buffer.concat(this.#chunks).toString()
  hold(): void {
    this.#isHeld = true
    for (const socket of this.#open) socket.pause()
  }
  goOn(): void {
    this.#isHeld = false
    for (const socket of this.#open) socket.resume()
  }
  tear(): void {
    for (const socket of this.#open) socket.destroy()
  }
}

async function tcpBench(): Promise<PrinterBench> {
  const paper = new Paper()
  let server: Server | null = null
  let port = 0
  const plug = () =>
    new Promise<void>((resolve) => {
      server = createServer((socket) => paper.feed(socket))
      server.listen(port, '127.0.0.1', () => {
        const address = server?.address()
        port = typeof address === 'object' && address !== null ? address.port : 0
        resolve()
      })
    })
  const unplug = () =>
    new Promise<void>((resolve) => {
      paper.tear()
      if (server === null) resolve()
      else server.close(() => resolve())
      server = null
    })
  await plug()
  return {
    printer: openPrinter(`tcp:127.0.0.1:${port}?size=2x1`, clock),
    taken: paper.text,
    hold: () => paper.hold(),
    goOn: () => paper.goOn(),
    plug,
    unplug,
    close: unplug,
  }
}

/** A named pipe answers as usblp does: no reader is no printer (ENXIO), a full one is EAGAIN. */
async function pipeBench(): Promise<PrinterBench> {
  const folder = mkdtempSync(join(tmpdir(), 'reseal-printer-'))
  const path = join(folder, 'lp0')
  execFileSync('mkfifo', [path])
  const paper = new Paper()
  let keep: number | null = null
  const plug = async () => {
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
    keep = fd
    paper.feed(new Socket({ fd, readable: true, writable: false }))
  }
  const unplug = async () => {
    if (keep !== null) paper.tear()
    keep = null
    await clock.sleep(5)
  }
  await plug()
  return {
    printer: openPrinter(`file:${path}`, clock),
    taken: paper.text,
    hold: () => paper.hold(),
    goOn: () => paper.goOn(),
    plug,
    unplug,
    close: async () => {
      await unplug()
      rmSync(folder, { recursive: true })
    },
  }
}

printerContract('tcp:', tcpBench)
printerContract('file:', pipeBench)

it('a file that is not there is not made', async () => {
  const path = join(tmpdir(), 'reseal-no-printer', 'lp0')
  const error = await openPrinter(`file:${path}`, clock)
    .print('^XA^XZ', new AbortController().signal)
    .catch((thrown: unknown) => thrown)
  expect(isStationError(error) && error.code).toBe('STATION_PRINTER_GONE')
})

it('an address that names no printer is refused', () => {
  for (const url of ['tcp:', 'tcp:host:0', 'tcp:host:99999', 'tcp:[zz]:9100', 'file:lp0', 'usb:1'])
    expect(() => openPrinter(url, clock), url).toThrow(/CONFIG_INVALID|STATION_DRIVER_UNKNOWN/)
})
