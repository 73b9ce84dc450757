// One virtual machine: QEMU without a graphics card and without KVM, bounded in time, and never outliving who started it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface MachineParts {
  /** Folder for sockets, console log and first files; the caller removes it. */
  readonly folder: string
  readonly kernel: string
  readonly initramfs: string
  /** Folders that the machine reads, by name. */
  readonly shares: Readonly<Record<string, string>>
  /** The program of the checkout that runs in the machine, and its arguments. */
  readonly program: readonly string[]
  /** More devices, as arguments of QEMU. */
  readonly devices?: readonly string[]
  /** After so long it is ended, whatever it does. */
  readonly lifeMs: number
}

/** A line that the program in the machine sent; `say` names its kind. */
export type Line = Readonly<Record<string, unknown>> & { readonly say: string }

const SOCKET_MS = 20_000
const MEMORY_MB = 2048
const CONSOLE_LINES = 40
/**
 * The kernel measures the processor's own counter against time at its start. A host that stalls in that moment made the
 * machine's clock run 8 times too fast; the HPET has its frequency written on it.
 */
const CLOCK = 'clocksource=hpet tsc=unstable nolapic_timer no_timer_check'

export class Machine {
  readonly #parts: MachineParts
  readonly #qemu: ChildProcess
  readonly #limit: NodeJS.Timeout
  readonly #ended: Promise<unknown>
  #control: Socket | null = null
  #monitor: Socket | null = null
  #complaint = ''
  /** Length of the console that was shown already. */
  #shown = 0
  /** True when it was still at work at the end of its life. */
  #isLate = false

  private constructor(parts: MachineParts) {
    this.#parts = parts
    // The kernel ends QEMU when this process ends, also after kill -9.
    this.#qemu = spawn('setpriv', ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...argsOf(parts)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#ended = once(this.#qemu, 'exit').catch(() => undefined)
    this.#qemu.on('error', (error) => {
      this.#complaint += error.message
    })
    this.#qemu.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // A card that hangs alone on its hub is meant so.
      const told = text.replace(/^.*warning: hub \d+ is not connected.*\n?/gm, '')
      this.#complaint = (this.#complaint + told).slice(-4000)
    })
    this.#limit = setTimeout(() => {
      this.#isLate = true
      this.cut()
    }, parts.lifeMs)
  }

  /** Starts it; returns when QEMU runs and the ways to it are open. The kernel boots meanwhile. */
  static async start(parts: MachineParts): Promise<Machine> {
    const machine = new Machine(parts)
    try {
      machine.#control = await machine.#socket('control')
      machine.#monitor = await machine.#socket('monitor')
      machine.#monitor.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('"error"')) machine.#complaint += text
      })
      machine.#monitor.write('{"execute":"qmp_capabilities"}\n')
    } catch (error) {
      await machine.close()
      throw error
    }
    return machine
  }

  async #socket(name: string): Promise<Socket> {
    const path = join(this.#parts.folder, `${name}.sock`)
    const end = performance.now() + SOCKET_MS
    for (;;) {
      if (this.hasEnded) throw new Error(`QEMU did not start: ${this.#complaint.trim()}`)
      // The name is there a moment before QEMU listens on it.
      const socket = existsSync(path) ? await connected(path) : null
      if (socket !== null) return socket
      if (performance.now() > end) throw new Error(`QEMU made no ${name} socket`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  get hasEnded(): boolean {
    return this.#qemu.exitCode !== null || this.#qemu.signalCode !== null
  }

  get isLate(): boolean {
    return this.#isLate
  }

  /** What the program in the machine says, until the machine ends. Lines that are no JSON are left out. */
  async *lines(): AsyncGenerator<Line> {
    if (this.#control === null) return
    for await (const text of createInterface({ input: this.#control })) {
      const line = lineOf(text)
      if (line !== null) yield line
    }
  }

  /** Sends a line to the program in the machine. */
  tell(line: Readonly<Record<string, unknown>>): void {
    this.#control?.write(`${JSON.stringify(line)}\n`)
  }

  /** Pulls the cable of a network card, or plugs it in. */
  setLink(card: string, isUp: boolean): void {
    const command = { execute: 'set_link', arguments: { name: card, up: isUp } }
    this.#monitor?.write(`${JSON.stringify(command)}\n`)
  }

  /** The power goes: nothing that the machine still held in memory is written. */
  cut(): void {
    this.#qemu.kill('SIGKILL')
  }

  /** Waits for the machine's own end. */
  async ended(): Promise<void> {
    await this.#ended
  }

  /** The kernel's console since the last call, its end at most, and what QEMU itself complained of. */
  console(): string {
    const path = join(this.#parts.folder, 'console.log')
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const news = text.slice(this.#shown).replaceAll('\r', '').trim()
    this.#shown = text.length
    const lines = news === '' ? [] : news.split('\n').slice(-CONSOLE_LINES)
    return [...lines, ...(this.#complaint === '' ? [] : [`QEMU: ${this.#complaint}`])].join('\n')
  }

  async close(): Promise<void> {
    clearTimeout(this.#limit)
    if (!this.hasEnded) this.cut()
    await this.#ended
    this.#control?.destroy()
    this.#monitor?.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

async function connected(path: string): Promise<Socket | null> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
  } catch {
    return null
  }
  socket.on('error', () => undefined)
  return socket
}

function lineOf(text: string): Line | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function argsOf(parts: MachineParts): string[] {
  const { folder, kernel, initramfs, shares, program, devices = [] } = parts
  writeFileSync(join(folder, 'console.log'), '')
  const line = `console=ttyS0 loglevel=4 panic=-1 ${CLOCK} -- ${program.join(' ')}`
  const socket = (name: string): string =>
    `socket,id=${name},path=${join(folder, `${name}.sock`)},server=on,wait=off`
  return [
    ...['-accel', 'tcg', '-M', 'q35', '-cpu', 'max', '-smp', '1', '-m', `${MEMORY_MB}`],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', line],
    ...['-serial', `file:${join(folder, 'console.log')}`],
    ...['-chardev', socket('control'), '-device', 'virtio-serial-pci'],
    ...['-device', 'virtserialport,chardev=control,name=reseal.control'],
    ...['-qmp', `unix:${join(folder, 'monitor.sock')},server=on,wait=off`],
    ...Object.entries(shares).flatMap(([tag, path]) => [
      '-virtfs',
      `local,path=${path},mount_tag=${tag},security_model=none,readonly=on,multidevs=remap`,
    ]),
    ...devices,
  ]
}
