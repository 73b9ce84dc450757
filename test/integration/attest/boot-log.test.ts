// Boot logs against a real TPM: measured, altered, missing, of the old format, and with a start locality.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EVENT } from '../../../drivers/tpm/event-log/log.ts'
import { Startup, SU } from '../../../drivers/tpm2-ts/index.ts'
import {
  attest as attestAlone,
  certify,
  handlesOf,
  measure,
  withTpm,
} from '../../fakes/attest-bench.ts'
import { type MadeEvent, makeLog, makeVariable } from '../../fakes/event-log.ts'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'

const run = promisify(execFile)
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c'
const secureBoot = (isOn: boolean): MadeEvent => ({
  pcr: 7,
  type: EVENT.efiVariableDriverConfig,
  data: makeVariable(GLOBAL, 'SecureBoot', Buffer.from([isOn ? 1 : 0])),
})
const separator = (pcr: number): MadeEvent => ({
  pcr,
  type: EVENT.separator,
  data: Buffer.alloc(4),
})
const BOOT = [
  { pcr: 0, type: 8, data: Buffer.from('version') },
  secureBoot(true),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map(separator),
  { pcr: 0xffffffff, type: EVENT.tag, data: Buffer.from('of no PCR') },
  { pcr: 4, type: 0xd, data: Buffer.from('a boot manager'), measured: Buffer.from('its hash') },
]
const LOG = makeLog(BOOT, ['sha256'])

let swtpm: Swtpm
beforeEach(async () => {
  swtpm = await startSwtpm()
  await certify(swtpm, 'L-1')
})
afterEach(() => swtpm.stop())

/** Attests, and proves that the TPM holds afterwards what it held before. */
async function attest(url: string, options: Parameters<typeof attestAlone>[1]) {
  const attested = await attestAlone(url, options)
  if (url === swtpm.url) expect(await handlesOf(swtpm)).toEqual([])
  return attested
}

test('a log that is what the TPM measured is GO, with Secure Boot on', async () => {
  await measure(swtpm, BOOT)
  const { bad, row } = await attest(swtpm.url, { eventLog: LOG })
  expect(bad).toEqual([])
  expect(row('event-log').value).toMatch(/^12 events, sha256; 1 events of no PCR/)
  expect(row('secure-boot').value).toBe('Secure Boot on')
})

test('a log that was altered, shortened or is of another boot is NO-GO', async () => {
  await measure(swtpm, BOOT)
  const lies = [
    makeLog([{ pcr: 0, type: 8, data: Buffer.from('another') }, ...BOOT.slice(1)], ['sha256']),
    makeLog(BOOT.slice(0, -1), ['sha256']),
    makeLog([...BOOT, separator(5)], ['sha256']),
    makeLog([], ['sha256']),
  ]
  for (const eventLog of lies) {
    const { fact, row } = await attest(swtpm.url, { eventLog })
    expect(fact.station).toBe('NO-GO')
    expect(row('event-log').verdict).toBe('NO-GO')
    expect(row('secure-boot').verdict).toBe('HOLD')
  }
})

test('a log that claims Secure Boot over a measurement that it was off is NO-GO', async () => {
  await measure(swtpm, BOOT.with(1, secureBoot(false)))
  const off = await attest(swtpm.url, {
    eventLog: makeLog(BOOT.with(1, secureBoot(false)), ['sha256']),
  })
  expect(off.bad).toEqual(['secure-boot=HOLD'])
  const lie = { ...secureBoot(true), measured: secureBoot(false).data }
  const claimed = await attest(swtpm.url, { eventLog: makeLog(BOOT.with(1, lie), ['sha256']) })
  // The digests replay, but the data is not what was measured: it says nothing.
  expect(claimed.row('event-log').verdict).toBe('GO')
  expect(claimed.bad).toEqual(['secure-boot=HOLD'])
  expect(claimed.row('secure-boot').value).toBe('the log does not say')
})

test('a missing, unreadable or old log is a hold with its reason', async () => {
  const old = Buffer.from(LOG)
  old.write('Spec ID Event00\0', 32, 'latin1')
  for (const [eventLog, words] of [
    [null, 'the boot log is missing'],
    [Buffer.alloc(10), 'event log: '],
    [old, 'older format with SHA-1 alone'],
  ] as const) {
    const { fact, row } = await attest(swtpm.url, { eventLog })
    expect(fact.station).toBe('HOLD')
    expect(row('event-log').value).toContain(words)
  }
})

test('a TPM that was started from locality 3 has it in PCR 0, and the log says so', async () => {
  await using bare = await startSwtpm({ isStarted: false })
  await certifyStarted(bare)
  const eventLog = makeLog(
    [{ pcr: 0, type: EVENT.noAction, data: Buffer.from('StartupLocality\0\u0003') }],
    ['sha256'],
  )
  // Nothing but the locality was measured, so nothing is told of Secure Boot.
  expect((await attest(bare.url, { eventLog })).bad).toEqual(['secure-boot=HOLD'])
  const silent = await attest(bare.url, { eventLog: makeLog([], ['sha256']) })
  expect(silent.row('event-log').value).toMatch(/^PCR 0/)
})

/** Starts the TPM from locality 3, as a machine with a hardware root of trust would, then goes back to 0. */
async function certifyStarted(bare: Swtpm): Promise<void> {
  const locality = (level: number) =>
    run('swtpm_ioctl', ['--tcp', `127.0.0.1:${bare.port + 1}`, '-l', String(level)])
  await locality(3)
  await withTpm(bare.url, (tpm) => tpm.run(Startup, { startupType: SU.CLEAR }))
  await locality(0)
  await certify(bare, 'L-1')
}
