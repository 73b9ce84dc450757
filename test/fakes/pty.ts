// A serial port without hardware: socat makes a pseudo terminal, the test holds its far end, and may pull the plug.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface PtyPair {
  /** The port as the agent opens it. */
  readonly path: string
  readonly isPlugged: boolean
  /** Bytes from the far end to the agent. */
  write(bytes: Uint8Array | string): void
  /** The adapter is pulled: the agent's end hangs up and its name is gone. */
  unplug(): Promise<void>
  /** It is plugged in again, under the same name. */
  plug(): Promise<void>
  close(): Promise<void>
}

const PLUG_MS = 5000

/** How much longer than on a real processor everything may take: the virtual hardware machine sets it. */
const PATIENCE = Number(process.env['RESEAL_TEST_PATIENCE'] ?? 1)

/** Waits for a condition, at most `ms`; the sentence names what did not come. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 5000,
): Promise<void> {
  const end = performance.now() + ms * PATIENCE
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${ms * PATIENCE} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** A plugged-in port; `onBytes` hears what the agent writes. `path` fixes its name, else it is a fresh one. */
export async function ptyPair(
  onBytes: (bytes: Uint8Array) => void,
  path?: string,
): Promise<PtyPair> {
  const folder = path === undefined ? await mkdtemp(join(tmpdir(), 'reseal-pty-')) : null
  const link = path ?? join(folder ?? '', 'port')
  let child: ChildProcess | null = null

  const plug = async (): Promise<void> => {
    if (child) return
    // socat keeps the agent's end open too, so that the agent may come and go.
    const born = spawn('socat', [`pty,raw,echo=0,link=${link}`, '-'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    child = born
    born.on('error', () => undefined)
    born.stdin.on('error', () => undefined)
    born.stdout.on('data', (bytes: Buffer) => onBytes(bytes))
    await until(`socat makes ${link} (Debian package socat)`, () => existsSync(link), PLUG_MS)
  }
  const unplug = async (): Promise<void> => {
    const dying = child
    if (!dying) return
    child = null
    const ended = new Promise((resolve) => dying.once('exit', resolve))
    dying.kill('SIGTERM')
    await ended
    await rm(link, { force: true })
  }
  await plug()
  return {
    path: link,
    get isPlugged() {
      return child !== null
    },
    write: (bytes) => void child?.stdin?.write(bytes),
    unplug,
    plug,
    close: async () => {
      await unplug()
      if (folder) await rm(folder, { recursive: true, force: true })
    },
  }
}
