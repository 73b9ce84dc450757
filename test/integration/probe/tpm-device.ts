// A software TPM as a file that a device opens: whole commands through a terminal, as the kernel's device has them.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'

export class TpmDevice {
  readonly path: string
  readonly folder = mkdtempSync(join(tmpdir(), 'reseal-probe-'))
  #socat: ChildProcess | null = null
  #swtpm: Swtpm | null = null

  constructor() {
    this.path = join(this.folder, 'tpm')
  }

  /** `state`: a TPM made by swtpm_setup before. */
  async open(state?: string): Promise<void> {
    const socket = join(this.folder, 'swtpm.sock')
    this.#swtpm = await startSwtpm({ socket, ...(state === undefined ? {} : { state }) })
    this.#socat = spawn(
      'socat',
      [`PTY,raw,echo=0,link=${this.path},wait-slave`, `UNIX-CONNECT:${socket}`],
      { stdio: 'ignore' },
    )
    for (let tries = 0; tries < 500 && !existsSync(this.path); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10))
  }

  async close(): Promise<void> {
    this.#socat?.kill('SIGKILL')
    await this.#swtpm?.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
