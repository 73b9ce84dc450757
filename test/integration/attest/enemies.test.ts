// A relay that lies, a TPM that restarts, a peer that stalls, cuts or floods: each is told apart, none is believed.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { isStationError } from '../../../agent/fault.ts'
import { loadedHandles, OBJECT } from '../../../drivers/tpm2-ts/index.ts'
import { type Attested, attest, certify, handlesOf, withTpm } from '../../fakes/attest-bench.ts'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'
import { readCommand, writeCommand } from '../../fakes/tpm-commands.ts'
import { type Fate, type ProxyOptions, startProxy } from '../../fakes/tpm-proxy.ts'

const CODE = {
  create: 0x153,
  activate: 0x147,
  quote: 0x158,
  pcrRead: 0x17e,
  load: 0x157,
  getCapability: 0x17a,
  nvRead: 0x14e,
} as const

let swtpm: Swtpm
beforeAll(async () => {
  swtpm = await startSwtpm()
  await certify(swtpm, 'L-1')
})
afterAll(() => swtpm.stop())
beforeEach(async () => expect(await handlesOf(swtpm)).toEqual([]))

const QUICK = { quick: 400, crypto: 400, keyCreation: 5000 }

/** Attests through a proxy; the TPM must hold nothing of ours afterwards. */
async function through(options: Omit<ProxyOptions, 'port'>): Promise<Attested> {
  await using proxy = await startProxy({ port: swtpm.port, ...options })
  return await attest(proxy.url, { timeouts: QUICK })
}
const onAnswerOf = (code: number, change: (bytes: Buffer) => Promise<Fate> | Fate) => ({
  onAnswer: (own: number, bytes: Buffer) => (own === code ? change(bytes) : bytes),
})
const onCommandOf = (code: number, change: (bytes: Buffer) => Promise<Buffer> | Buffer) => ({
  onCommand: (own: number, bytes: Buffer) => (own === code ? change(bytes) : bytes),
})
/** One bit, counted from the start or from the end. */
const flip = (bytes: Buffer, at: number) => {
  const changed = Buffer.from(bytes)
  const index = at < 0 ? bytes.length + at : at
  changed[index] = (changed[index] as number) ^ 1
  return changed
}
const clean = async () => expect(await handlesOf(swtpm)).toEqual([])

test('an honest relay changes nothing', async () => {
  const { bad, sighting } = await through({})
  expect(bad).toEqual([])
  expect(sighting.trouble).toBe(null)
  await clean()
})

test('an attestation key without `restricted` is NO-GO, however well it signs', async () => {
  const { bad, row } = await through(
    onCommandOf(CODE.create, (bytes) => {
      const command = readCommand(bytes)
      const area = command.request['inPublic'] as { attributes: number }
      const inPublic = { ...area, attributes: area.attributes & ~OBJECT.RESTRICTED }
      return Buffer.from(writeCommand({ ...command, request: { ...command.request, inPublic } }))
    }),
  )
  expect(bad).toContain('ak-attributes=NO-GO')
  expect(row('ak-attributes').value).toBe('not restricted')
  await clean()
})

test('a quote for another nonce is NO-GO', async () => {
  const { bad, row } = await through(
    onCommandOf(CODE.quote, (bytes) => {
      const command = readCommand(bytes)
      const qualifyingData = new Uint8Array(32).fill(9)
      return Buffer.from(
        writeCommand({ ...command, request: { ...command.request, qualifyingData } }),
      )
    }),
  )
  expect(bad).toEqual(['quote=NO-GO'])
  expect(row('quote').value).toBe('an old quote (nonce)')
  await clean()
})

test('a changed bit anywhere in the quoted bytes is NO-GO', async () => {
  const reasons = new Set<string>()
  // From the magic through clock and PCR digest.
  for (const at of [16, 21, 60, 100, 110, 120]) {
    const { bad, row } = await through(onAnswerOf(CODE.quote, (bytes) => flip(bytes, at)))
    expect(bad.join()).toMatch(/quote=NO-GO|tpm-answers=HOLD/)
    reasons.add(row('quote').value)
    await clean()
  }
  expect(reasons).toContain('not made inside a TPM (magic)')
  expect(reasons).toContain('the signature does not hold')
})

test('a changed PCR value is NO-GO', async () => {
  const { bad, row } = await through(onAnswerOf(CODE.pcrRead, (bytes) => flip(bytes, -1)))
  expect(bad).toEqual(['quote=NO-GO'])
  expect(row('quote').value).toBe('the PCR values are not what was quoted')
  await clean()
})

test('a credential that was tampered with is NO-GO', async () => {
  for (const field of ['credentialBlob', 'secret'] as const) {
    const { bad, row } = await through(
      onCommandOf(CODE.activate, (bytes) => {
        const command = readCommand(bytes)
        const old = Buffer.from(command.request[field] as Uint8Array)
        const request = { ...command.request, [field]: flip(old, -1) }
        return Buffer.from(writeCommand({ ...command, request }))
      }),
    )
    expect(bad).toEqual(['activation=NO-GO'])
    expect(row('activation').value).toBe('the TPM does not hold the key of its certificate')
    await clean()
  }
})

test('another secret than was wrapped is NO-GO', async () => {
  const { bad } = await through(
    onAnswerOf(CODE.activate, (bytes) => {
      const changed = Buffer.from(bytes)
      // Header, size of the parameters, size of the secret.
      changed[16] = (changed[16] as number) ^ 1
      return changed
    }),
  )
  expect(bad).toEqual(['activation=NO-GO'])
  await clean()
})

test('a certificate that changed on its way is NO-GO or unreadable, never GO', async () => {
  for (const at of [40, 300, -30]) {
    const { fact } = await through(onAnswerOf(CODE.nvRead, (bytes) => flip(bytes, at)))
    expect(fact.station).not.toBe('GO')
    await clean()
  }
})

test('a TPM that restarts in the middle is a hold that says so', async () => {
  for (const code of [CODE.load, CODE.activate, CODE.quote]) {
    let isDone = false
    const { fact, row } = await through(
      onCommandOf(code, async (bytes) => {
        if (!isDone) await swtpm.restart()
        isDone = true
        return bytes
      }),
    )
    expect(fact.station).toBe('HOLD')
    expect(row('tpm-answers').value).toMatch(
      /^(?:making|activating|taking) .*(?:not loaded|nothing is there|handle)/,
    )
    expect(row('tpm-answers').hint).toContain('restarted meanwhile')
    await clean()
  }
})

test('a peer that stops answering is a hold, at whatever step', async () => {
  for (const code of [CODE.nvRead, CODE.activate, CODE.quote]) {
    let isSilent = true
    const { fact, row } = await through(
      onAnswerOf(code, (bytes) => {
        const fate = isSilent ? 'silence' : bytes
        isSilent = false
        return fate
      }),
    )
    expect(fact.station).toBe('HOLD')
    expect(row('tpm-answers').hint).toContain('takes too long')
    if (code === CODE.activate) expect(row('activation').value).toBe('no answer in time')
    await clean()
  }
})

test('a peer that falls silent for good costs one short flush, not one for every key', async () => {
  let isDead = false
  let asked = 0
  let silentAt = 0
  await using proxy = await startProxy({
    port: swtpm.port,
    // Nothing reaches the TPM any more: what it holds is taken away by hand below.
    onAnswer: (code, bytes) => {
      if (isDead) asked += 1
      else if (code === CODE.activate) silentAt = performance.now()
      isDead ||= code === CODE.activate
      return isDead ? 'silence' : bytes
    },
  })
  const { fact } = await attest(proxy.url, { timeouts: { crypto: 300 } })
  expect(fact.station).toBe('HOLD')
  expect(asked).toBe(1)
  // 300 ms for the command and 2 s for the flush; a key, an attestation key and a session are owed.
  expect(performance.now() - silentAt).toBeLessThan(4000)
  await withTpm(swtpm.url, async (tpm) => {
    for (const handle of await loadedHandles(tpm)) await tpm.flush(handle)
  })
  await clean()
})

test('a late answer within the time limit is no matter', async () => {
  const { bad } = await through(
    onAnswerOf(CODE.quote, async (bytes) => {
      await new Promise((resolve) => setTimeout(resolve, 150))
      return bytes
    }),
  )
  expect(bad).toEqual([])
  await clean()
})

test('an answer that comes after the time limit is not believed: a hold, and nothing of it is kept', async () => {
  let late: Promise<unknown> = Promise.resolve()
  const { fact, row, sighting } = await through(
    onAnswerOf(CODE.quote, (bytes) => {
      const answer = new Promise<Buffer>((resolve) => setTimeout(() => resolve(bytes), 900))
      late = answer
      return answer
    }),
  )
  expect(fact.station).toBe('HOLD')
  expect(row('tpm-answers').value).toMatch(/^taking a quote: .*no answer within 400 ms/)
  expect(row('quote').value).toBe('the attestation broke off')
  expect(sighting.quote).not.toHaveProperty('seen')
  await late
  await clean()
})

test('an RSA-3072 key of a maker whose such keys fail is a known issue, and named so', async () => {
  await using other = await startSwtpm()
  await certify(other, 'H-6')
  await using proxy = await startProxy({
    port: other.port,
    // A TPM that calls itself Nuvoton's, as those of the known issue do.
    ...onAnswerOf(CODE.getCapability, (bytes) => {
      const changed = Buffer.from(bytes)
      for (const [property, text] of [
        [0x105, 'NTC\0'],
        [0x106, 'NPCT'],
        [0x107, '75x '],
      ] as const) {
        const tag = Buffer.alloc(4)
        tag.writeUInt32BE(property)
        const at = changed.indexOf(tag)
        if (at > 0) changed.write(text, at + 4, 'latin1')
      }
      return changed
    }),
  })
  const { bad, row } = await attest(proxy.url)
  expect(row('ek-strength').value).toBe('rsa3072')
  expect(row('known-issues')).toMatchObject({ verdict: 'HOLD' })
  expect(row('known-issues').value).toContain('[rsa3072-stm-ntc]')
  expect(bad).toContain('known-issues=HOLD')
  expect(await handlesOf(other)).toEqual([])
})

test.each([
  ['cut', 'stopped|ended|away|closed'],
  ['flood', ''],
  ['garbage', ''],
] as const)('a peer that answers with a %s is a hold with its own words', async (fate, words) => {
  const { fact, row } = await through(onAnswerOf(CODE.quote, () => fate))
  expect(fact.station).toBe('HOLD')
  expect(row('tpm-answers').value).toMatch(new RegExp(`^taking a quote: .*(?:${words})`))
  await clean()
})

test('a peer that never says anything sensible is no TPM', async () => {
  for (const fate of ['cut', 'flood', 'garbage', 'silence'] as const) {
    const error = await through({ onAnswer: () => fate }).catch((caught: unknown) => caught)
    expect(isStationError(error) && error.code).toBe('DEVICE_TPM_SILENT')
  }
})

test('a TPM that leaves its permanent properties out is a hold, not a row of zeros', async () => {
  const permanent = Buffer.from('00000200', 'hex')
  const { fact, row } = await through(
    onAnswerOf(CODE.getCapability, (bytes) => {
      const at = bytes.indexOf(permanent)
      if (at < 0) return bytes
      const changed = Buffer.from(bytes)
      changed.writeUInt32BE(0x1ff, at)
      return changed
    }),
  )
  expect(fact.station).toBe('HOLD')
  expect(row('tpm-answers').value).toContain('property 0x200 is not told')
  expect(row('lockout').verdict).toBe('HOLD')
})
