// Attestation against bare means: a question's round trip, a whole attestation, the same by tpm2-tools, and 24 at once.
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { TpmTransport } from '../../agent/ports.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { attestTpm, openTpm } from '../../drivers/tpm/index.ts'
import { QUOTED_PCRS } from '../../drivers/tpm/quote.ts'
import { CAP, GetCapability, PT, Tpm, tcpTransport } from '../../drivers/tpm2-ts/index.ts'
import { ROOT, store } from '../../test/fakes/attest-bench.ts'
import type { Swtpm } from '../../test/fakes/swtpm.ts'
import { type BareSocket, bareSocket, bootedTpms, bootLog } from './attest-tpm.ts'
import { inTurns, median, type Row, rowOf } from './row.ts'

const ROUNDS = 7
const QUESTIONS = 3000
const ATTESTATIONS = 15
const TOOL_ROUNDS = 3
const BAYS = 24
const BAY_ROUNDS = 5
const RESOLUTION_MS = 1

const log = bootLog()

/** All of what the station does for one TPM. @throws Error when anything is missing: it would be quicker than the truth */
async function attestation(transport: TpmTransport, where: string) {
  const sighting = await attestTpm(transport, {
    clock: systemClock(),
    roots: store(ROOT),
    signal: AbortSignal.timeout(60_000),
    where,
    eventLog: log,
  })
  const { activation, quote, ek, log: story } = sighting
  const isWhole =
    'seen' in activation &&
    activation.seen === 'returned' &&
    'seen' in quote &&
    quote.seen.failed === null &&
    'seen' in ek &&
    ek.seen.isPersistent &&
    ek.seen.certificate.state === 'matches' &&
    'seen' in story &&
    story.seen.differing.length === 0
  if (!isWhole) throw new Error(`the attestation is not whole: ${JSON.stringify(sighting)}`)
  return sighting
}

/** ms of one run each. */
async function timed(count: number, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  for (let n = 0; n < count; n += 1) await work()
  return (performance.now() - from) / count
}

/** One property: the way there and back, and little to read. */
async function questions({ port }: Swtpm): Promise<Row> {
  const request = { capability: CAP.TPM_PROPERTIES, property: PT.FIXED, propertyCount: 1 }
  const ours = async () => {
    await using transport = tcpTransport('127.0.0.1', port)
    const tpm = new Tpm(transport)
    await tpm.run(GetCapability, request)
    return (await timed(QUESTIONS, () => tpm.run(GetCapability, request))) * 1000
  }
  const command = Buffer.from('8001000000160000017a000000060000010000000001', 'hex')
  const bare = async () => {
    using socket = await bareSocket(port)
    await socket.ask(command)
    return (await timed(QUESTIONS, () => socket.ask(command))) * 1000
  }
  const times = await inTurns(ROUNDS, { bare, ours })
  return rowOf({
    name: 'TPM: GetCapability round trip',
    unit: 'µs',
    ours: times.ours,
    bare: times.bare,
    goal: { of: 'ratio', is: 'at most', value: 1.15 },
    note: `${QUESTIONS} of one property each to a software TPM, answers decoded and checked, a time limit for each; bare: the same bytes over a socket, the answer not looked at`,
  })
}

/** The commands of one attestation, byte for byte. */
async function recorded({ url }: Swtpm): Promise<readonly Uint8Array[]> {
  await using transport = openTpm(url)
  const commands: Uint8Array[] = []
  const recorder: TpmTransport = {
    send: (command, signal) => {
      commands.push(Uint8Array.from(command))
      return transport.send(command, signal)
    },
  }
  await attestation(recorder, url)
  return commands
}

/** @throws Error when the TPM refuses one of them: a refusal is quicker than an answer */
async function replayed(socket: BareSocket, commands: readonly Uint8Array[]): Promise<void> {
  for (const [n, command] of commands.entries()) {
    const code = (await socket.ask(command)).readUInt32BE(6)
    if (code !== 0) throw new Error(`command ${n} of the replay was answered ${code.toString(16)}`)
  }
}

async function wholes(swtpm: Swtpm): Promise<readonly Row[]> {
  const { port, url } = swtpm
  const commands = await recorded(swtpm)
  const ours = () =>
    timed(ATTESTATIONS, async () => {
      await using transport = openTpm(url)
      await attestation(transport, url)
    })
  const bare = async () => {
    using socket = await bareSocket(port)
    return await timed(ATTESTATIONS, () => replayed(socket, commands))
  }
  const times = await inTurns(ROUNDS, { bare, ours })
  const tools: number[] = []
  for (let round = 0; round < TOOL_ROUNDS; round += 1)
    tools.push(await timed(1, () => byTools(swtpm)))
  return [
    rowOf({
      name: 'TPM: whole attestation',
      unit: 'ms',
      ours: times.ours,
      bare: times.bare,
      goal: { of: 'ratio', is: 'at most', value: 1.5 },
      note: `${commands.length} round trips, connecting included; persistent RSA EK, new P-256 AK, certificate chain, ${log.length} bytes of boot log; bare: the same commands over a socket`,
    }),
    rowOf({
      name: 'TPM: the same by tpm2-tools',
      unit: 'ms',
      ours: tools,
      bare: tools.map(() => median(times.ours)),
      goal: { of: 'ratio', is: 'at least', value: 10 },
      note: 'ours: the tools; bare: our attestation above; the tools check neither certificate nor boot log',
    }),
  ]
}

/** The chain of an attestation by tpm2-tools, one process a command as they are made. */
async function byTools(swtpm: Swtpm): Promise<void> {
  const tool = (name: string, ...args: string[]) => swtpm.tool(name, ...args)
  const pcrs = `sha256:${QUOTED_PCRS.join(',')}`
  const secret = randomBytes(32)
  writeFileSync(join(swtpm.state, 'secret'), secret)
  await tool('tpm2_getcap', 'properties-fixed')
  await tool('tpm2_getcap', 'properties-variable')
  await tool('tpm2_getcap', 'pcrs')
  await tool('tpm2_getcap', 'handles-nv-index')
  await tool('tpm2_getcap', 'handles-persistent')
  await tool('tpm2_nvread', '0x01c00002', '-C', '0x01c00002', '-o', 'ek.der')
  await tool('tpm2_readpublic', '-c', '0x81010001', '-f', 'pem', '-o', 'ek.pem', '-Q')
  await tool('tpm2_createprimary', '-C', 'o', '-G', 'ecc256', '-c', 'srk.ctx', '-Q')
  const attributes = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign|noda'
  const ak = ['-u', 'ak.pub', '-r', 'ak.priv', '-a', attributes, '-Q']
  await tool('tpm2_create', '-C', 'srk.ctx', '-G', 'ecc256:ecdsa-sha256:null', ...ak)
  // Without a resource manager a TPM has three places, and the tools leave what they loaded.
  await tool('tpm2_flushcontext', '-t')
  const loaded = ['-c', 'ak.ctx', '-n', 'ak.name', '-Q']
  await tool('tpm2_load', '-C', 'srk.ctx', '-u', 'ak.pub', '-r', 'ak.priv', ...loaded)
  await tool('tpm2_flushcontext', '-t')
  const name = readFileSync(join(swtpm.state, 'ak.name')).toString('hex')
  const credential = ['-s', 'secret', '-n', name, '-G', 'rsa', '-o', 'credential']
  await tool('tpm2_makecredential', '-T', 'none', '-u', 'ek.pem', ...credential, '-Q')
  await tool('tpm2_startauthsession', '--policy-session', '-S', 'session.ctx', '-Q')
  await tool('tpm2_policysecret', '-S', 'session.ctx', '-c', 'e', '-Q')
  const activate = ['-i', 'credential', '-o', 'returned', '-P', 'session:session.ctx', '-Q']
  await tool('tpm2_activatecredential', '-c', 'ak.ctx', '-C', '0x81010001', ...activate)
  await tool('tpm2_flushcontext', 'session.ctx')
  await tool('tpm2_flushcontext', '-t')
  const nonce = randomBytes(32).toString('hex')
  const files = ['-m', 'quote.msg', '-s', 'quote.sig', '-o', 'quote.pcrs']
  await tool('tpm2_quote', '-c', 'ak.ctx', '-l', pcrs, '-q', nonce, ...files, '-Q')
  await tool('tpm2_flushcontext', '-t')
  const check = ['-m', 'quote.msg', '-s', 'quote.sig', '-f', 'quote.pcrs', '-q', nonce, '-Q']
  await tool('tpm2_readpublic', '-c', 'ak.ctx', '-f', 'pem', '-o', 'ak.pem', '-Q')
  await tool('tpm2_checkquote', '-u', 'ak.pem', ...check)
  await tool('tpm2_flushcontext', '-t')
}

/** As many as a bench has bays, all at once in one process. */
async function together(tpms: readonly Swtpm[]): Promise<Row> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const p99: number[] = []
  const took: number[] = []
  for (let round = 0; round <= BAY_ROUNDS; round += 1) {
    delays.reset()
    delays.enable()
    const ms = await timed(1, () =>
      Promise.all(
        tpms.map(async ({ url }) => {
          await using transport = openTpm(url)
          await attestation(transport, url)
        }),
      ),
    )
    delays.disable()
    if (round === 0) continue
    p99.push(Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS))
    took.push(ms)
  }
  return rowOf({
    name: `TPM: event-loop delay of ${tpms.length} attestations, p99`,
    unit: 'ms',
    ours: p99,
    goal: { of: 'figure', is: 'below', value: 10 },
    note: `median of ${BAY_ROUNDS} rounds, all at once in ${median(took).toFixed(0)} ms, the software TPMs on the same cores`,
  })
}

export async function attest(): Promise<readonly Row[]> {
  await using made = await bootedTpms(BAYS)
  const [first] = made.tpms
  if (first === undefined) throw new Error('no TPM was made')
  const question = await questions(first)
  return [question, ...(await wholes(first)), await together(made.tpms)]
}
