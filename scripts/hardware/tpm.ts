// A software TPM for the machine, made by its tools as a maker would: with an endorsement certificate and an authority.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programPath } from './bed.ts'

const run = promisify(execFile)
const SOCKET_MS = 20_000

export interface MachineTpm {
  /** Arguments of QEMU. */
  readonly devices: readonly string[]
  close(): Promise<void>
}

/** Makes the TPM in `folder` and puts the certificates of its authority into `roots`. */
export async function machineTpm(folder: string, roots: string): Promise<MachineTpm> {
  const at = (...path: string[]): string => join(folder, ...path)
  for (const path of [at('state'), at('ca'), roots]) mkdirSync(path, { recursive: true })
  const ca = {
    statedir: at('ca'),
    signingkey: at('ca', 'signkey.pem'),
    issuercert: at('ca', 'issuercert.pem'),
    certserial: at('ca', 'certserial'),
  }
  settings(at('localca.conf'), ca)
  writeFileSync(
    at('localca.options'),
    '--platform-manufacturer Test\n--platform-version 1\n--platform-model Test\n',
  )
  settings(at('setup.conf'), {
    create_certs_tool: programPath('swtpm_localca'),
    create_certs_tool_config: at('localca.conf'),
    create_certs_tool_options: at('localca.options'),
    active_pcr_banks: 'sha256',
  })
  const how = ['--tpm2', '--create-ek-cert', '--create-platform-cert']
  const files = ['--config', at('setup.conf'), '--tpmstate', at('state')]
  await run(programPath('swtpm_setup'), [...how, ...files], { timeout: 60_000 })
  for (const name of readdirSync(at('ca')).filter((file) => file.endsWith('cert.pem')))
    copyFileSync(at('ca', name), join(roots, name))
  const socket = at('tpm.sock')
  const swtpm = await start(at('state'), socket)
  return {
    devices: [
      ...['-chardev', `socket,id=tpm,path=${socket}`, '-tpmdev', 'emulator,id=tpm0,chardev=tpm'],
      ...['-device', 'tpm-tis,tpmdev=tpm0'],
      // A firmware that measures nothing: SeaBIOS would fill the registers, and its log says nothing of Secure Boot.
      ...['-bios', 'qboot.rom'],
    ],
    close: () => end(swtpm),
  }
}

const settings = (path: string, values: Readonly<Record<string, string>>): void =>
  writeFileSync(
    path,
    Object.entries(values)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(''),
  )

async function start(state: string, socket: string): Promise<ChildProcess> {
  const how = ['socket', '--tpm2', '--tpmstate', `dir=${state}`, '--terminate']
  // The kernel ends it when this process ends, also after kill -9.
  const args = ['--pdeathsig', 'KILL', 'swtpm', ...how, '--ctrl', `type=unixio,path=${socket}`]
  const swtpm = spawn('setpriv', args, { stdio: 'ignore' })
  const limit = performance.now() + SOCKET_MS
  while (!existsSync(socket)) {
    if (swtpm.exitCode !== null || performance.now() > limit) {
      await end(swtpm)
      throw new Error('swtpm did not start')
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return swtpm
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
