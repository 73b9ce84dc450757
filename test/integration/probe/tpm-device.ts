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

  /** `state`: a TPM made by swtpm_setup before. `boot` is what its firmware does with it first, by tpm2-tools. */
  async open(state?: string, boot: (swtpm: Swtpm) => Promise<void> = async () => undefined) {
    // By its port: tpm2-tools cannot reach a socket.
    this.#swtpm = await startSwtpm(state === undefined ? {} : { state })
    await boot(this.#swtpm)
    this.#socat = spawn(
      'socat',
      [
        `PTY,raw,echo=0,link=${this.path},wait-slave`,
        `TCP:127.0.0.1:${this.#swtpm.port},retry=50,interval=0.1`,
      ],
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
