// Real TPMs in the other states of the verdict table: each has its own reason, and nothing stays loaded.
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isStationError } from '../../../agent/fault.ts'
import { HANDLES, listHandles } from '../../../drivers/tpm2-ts/index.ts'
import { attest, certify, handlesOf, withTpm } from '../../fakes/attest-bench.ts'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'

let swtpm: Swtpm
beforeEach(async () => {
  swtpm = await startSwtpm()
})
afterEach(() => swtpm.stop())

/** Attests, and proves that the TPM holds afterwards what it held before. */
async function checked(
  ...args: Parameters<typeof attest> extends [string, ...infer R] ? R : never
) {
  const before = await handlesOf(swtpm)
  const attested = await attest(swtpm.url, ...args)
  expect(await handlesOf(swtpm)).toEqual(before)
  return attested
}

test('a test TPM is refused by name unless it is allowed', async () => {
  await certify(swtpm, 'L-1')
  const { fact, bad, row } = await checked({ allowTestTpm: false })
  expect(fact.station).toBe('NO-GO')
  expect(bad).toEqual(['tpm-physical=NO-GO', 'ek-manufacturer=NO-GO'])
  expect(row('tpm-physical').value).toContain('a software TPM')
})

test('SHA-1 as the only bank is NO-GO, and there is nothing to quote', async () => {
  await certify(swtpm, 'L-1')
  await swtpm.tool('tpm2_pcrallocate', 'sha1:all+sha256:none+sha384:none+sha512:none')
  await swtpm.restart()
  const { bad, row } = await checked()
  expect(bad).toEqual(['pcr-bank=NO-GO', 'quote=HOLD'])
  expect(row('pcr-bank').value).toBe('sha1')
})

test('SHA-384 alone is enough', async () => {
  await certify(swtpm, 'L-1')
  await swtpm.tool('tpm2_pcrallocate', 'sha1:none+sha256:none+sha384:all+sha512:none')
  await swtpm.restart()
  const { bad, sighting } = await checked()
  expect(bad).toEqual([])
  expect(sighting.quote).toMatchObject({ seen: { bank: 'sha384' } })
})

test('lockout is NO-GO, a counter above zero a hold', async () => {
  await certify(swtpm, 'L-1')
  await swtpm.tool('tpm2_dictionarylockout', '-s', '-n', '2', '-t', '1000', '-l', '1000')
  await swtpm.tool(
    'tpm2_createprimary',
    '-C',
    'o',
    '-p',
    'right',
    '-c',
    'key.ctx',
    '-a',
    'restricted|decrypt|fixedtpm|fixedparent|sensitivedataorigin|userwithauth',
  )
  await swtpm.tool('tpm2_flushcontext', '-t')
  const guess = async () => {
    await swtpm.tool('tpm2_create', '-C', 'key.ctx', '-P', 'wrong').catch(() => {})
    await swtpm.tool('tpm2_flushcontext', '-t').catch(() => {})
  }
  await guess()
  const counting = await checked()
  expect(counting.bad).toEqual(['lockout=HOLD'])
  expect(counting.row('lockout').value).toBe('counter 1 of 2')
  await guess()
  const locked = await checked()
  expect(locked.bad).toContain('lockout=NO-GO')
  expect(locked.row('lockout').value).toContain('locked out')
})

test('endorsement authorisation is NO-GO, with and without a kept key', async () => {
  await certify(swtpm, 'L-1')
  await swtpm.tool('tpm2_createek', '-G', 'rsa', '-c', '0x81010001')
  await swtpm.tool('tpm2_changeauth', '-c', 'e', 'secret')
  const kept = await checked()
  expect(kept.bad).toEqual(['endorsement-auth=NO-GO', 'activation=HOLD'])
  expect(kept.row('ek-chain').verdict).toBe('GO')
  await swtpm.tool('tpm2_evictcontrol', '-c', '0x81010001')
  const bare = await checked()
  expect(bare.bad).toContain('endorsement-auth=NO-GO')
  expect(bare.row('ek-certificate').value).toBe('it needs the endorsement authorisation')
})

test('owner authorisation is a hold, unless a storage key of the TPM can be used', async () => {
  await certify(swtpm, 'L-1')
  await swtpm.tool(
    'tpm2_createprimary',
    '-C',
    'o',
    '-c',
    'srk.ctx',
    '-a',
    'restricted|decrypt|fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda',
  )
  await swtpm.tool('tpm2_evictcontrol', '-c', 'srk.ctx', '0x81000001')
  await swtpm.tool('tpm2_flushcontext', '-t')
  await swtpm.tool('tpm2_changeauth', '-c', 'o', 'secret')
  const kept = await checked()
  expect(kept.bad).toEqual([])
  expect(kept.row('owner-auth').value).toBe('set, with a usable storage key')
  await swtpm.tool('tpm2_evictcontrol', '-C', 'o', '-P', 'secret', '-c', '0x81000001')
  const bare = await checked()
  expect(bare.bad).toEqual([
    'owner-auth=HOLD',
    'ak-attributes=HOLD',
    'activation=HOLD',
    'quote=HOLD',
  ])
})

test('a storage key with a password, or under lockout rules, is not guessed at', async () => {
  await certify(swtpm, 'L-1')
  await swtpm.tool(
    'tpm2_createprimary',
    '-C',
    'o',
    '-p',
    'secret',
    '-c',
    'srk.ctx',
    '-a',
    'restricted|decrypt|fixedtpm|fixedparent|sensitivedataorigin|userwithauth',
  )
  await swtpm.tool('tpm2_evictcontrol', '-c', 'srk.ctx', '0x81000001')
  await swtpm.tool('tpm2_flushcontext', '-t')
  await swtpm.tool('tpm2_changeauth', '-c', 'o', 'secret')
  const { row } = await checked()
  expect(row('owner-auth').verdict).toBe('HOLD')
  // A guess would stand in the counter that the next attestation reads.
  expect((await checked()).row('lockout').value).toBe('clear')
  expect(row('lockout').value).toBe('clear')
})

test('a TPM without a free slot is a hold with its reason, and what others loaded stays', async () => {
  await certify(swtpm, 'L-1')
  for (const name of ['a', 'b', 'c'])
    await swtpm.tool('tpm2_createprimary', '-C', 'o', '-G', 'ecc', '-c', `${name}.ctx`)
  const before = await withTpm(swtpm.url, (tpm) => listHandles(tpm, HANDLES.TRANSIENT))
  expect(before).toHaveLength(3)
  const { bad, row } = await checked()
  expect(bad).toContain('tpm-answers=HOLD')
  expect(row('tpm-answers').value).toMatch(/^making an attestation key: .*no slot for objects/)
})

test('two free slots are enough', async () => {
  await certify(swtpm, 'L-1')
  await swtpm.tool('tpm2_createprimary', '-C', 'o', '-G', 'ecc', '-c', 'a.ctx')
  expect((await checked()).bad).toEqual([])
})

test('a TPM that nobody started is started', async () => {
  await using bare = await startSwtpm({ isStarted: false })
  const { row, sighting } = await attest(bare.url)
  expect(sighting.trouble).toBe(null)
  expect(row('activation').verdict).toBe('GO')
})

test('nobody at the address is an error of its own, and so is a peer that is no TPM', async () => {
  const { port } = swtpm
  await swtpm.stop()
  const silent = await attest(`tcp://127.0.0.1:${port}`).catch((error: unknown) => error)
  expect(isStationError(silent) && silent.code).toBe('DEVICE_TPM_SILENT')
  swtpm = await startSwtpm()
})

test('an attestation that its caller ends says so, and leaves nothing behind', async () => {
  await certify(swtpm, 'L-1')
  const stop = new AbortController()
  const { fact, row } = await checked({
    signal: stop.signal,
    onStep: (step) => {
      if (step === 'activating a credential') stop.abort()
    },
  })
  expect(fact.station).toBe('HOLD')
  expect(row('tpm-answers').value).toMatch(/^activating a credential: .*ended/)
})

test('a TPM 1.2 is named as such, and nothing else is said of it', async () => {
  const server = createServer((socket) => {
    // TPM_TAG_RSP_COMMAND, TPM_BADTAG: what a TPM 1.2 says to a command of 2.0.
    socket.on('data', () => socket.write(Buffer.from('00c40000000a0000001e', 'hex')))
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { fact, row } = await attest(`tcp://127.0.0.1:${port}`)
  expect(fact.station).toBe('NO-GO')
  expect(row('tpm-family')).toMatchObject({ verdict: 'NO-GO', value: '1.2' })
  expect(row('lockout').verdict).toBe('HOLD')
  await new Promise((resolve) => server.close(resolve))
})
