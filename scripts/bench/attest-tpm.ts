// What the benchmarks of attestation stand on: software TPMs that were booted by a real log, and a bare socket to them.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EVENT, readLog } from '../../drivers/tpm/event-log/log.ts'
import { certify, withTpm } from '../../test/fakes/attest-bench.ts'
import { type Swtpm, startSwtpm } from '../../test/fakes/swtpm.ts'

const LOG_FILE = new URL('../../test/vectors/event-log/ovmf-secure-boot.bin', import.meta.url)

/** The log of a measured boot of OVMF with Secure Boot. */
export const bootLog = (): Uint8Array => new Uint8Array(readFileSync(LOG_FILE))

/** One command after another on a socket of its own, with nothing around it; waits for a whole response. */
export interface BareSocket extends Disposable {
  ask(command: Uint8Array): Promise<Buffer>
}

export async function bareSocket(port: number): Promise<BareSocket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  let done: (response: Buffer) => void = () => undefined
  let held: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    if (held.length < 6 || held.length < held.readUInt32BE(2)) return
    const response = held
    held = Buffer.alloc(0)
    done(response)
  })
  return {
    ask: (command) =>
      new Promise((resolve) => {
        done = resolve
        socket.write(command)
      }),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

/** TPM2_PCR_Extend with the empty password, which the package leaves out on purpose. */
function extendCommand(pcr: number, digest: Uint8Array): Buffer {
  const head = Buffer.from(
    [
      '8002',
      '00000041',
      '00000182',
      '00000000',
      '00000009',
      '400000090000000000',
      '00000001',
      '000b',
    ].join(''),
    'hex',
  )
  head.writeUInt32BE(pcr, 10)
  return Buffer.concat([head, digest])
}

/** Measures the log into the TPM's SHA-256 bank, as firmware did. */
async function boot(swtpm: Swtpm, log: Uint8Array): Promise<void> {
  using socket = await bareSocket(swtpm.port)
  for (const { pcr, type, digests } of readLog(log).events) {
    const digest = digests.get('sha256')
    if (type === EVENT.noAction || digest === undefined) continue
    const answer = await socket.ask(extendCommand(pcr, digest))
    if (answer.readUInt32BE(6) !== 0) throw new Error(`PCR ${pcr} was not extended`)
  }
}

export interface BootedTpms extends AsyncDisposable {
  readonly tpms: readonly Swtpm[]
}

/** So many TPMs with the same persistent EK (RSA-2048, Windows' place) and its certificate, all booted by the log. */
export async function bootedTpms(count: number): Promise<BootedTpms> {
  const folder = mkdtempSync(join(tmpdir(), 'reseal-bench-tpm-'))
  const tpms: Swtpm[] = []
  const end = async () => {
    await Promise.all(tpms.map((one) => one.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const mould = join(folder, 'mould')
    await using first = await startSwtpm()
    await certify(first, 'L-1')
    await first.tool('tpm2_createek', '-G', 'rsa', '-c', '0x81010001')
    await withTpm(first.url, async () => undefined)
    cpSync(first.state, mould, { recursive: true })
    for (let n = 0; n < count; n += 1) {
      const state = join(folder, `tpm-${n}`)
      cpSync(mould, state, { recursive: true })
      const swtpm = await startSwtpm({ state })
      tpms.push(swtpm)
      await boot(swtpm, bootLog())
    }
    return { tpms, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}
