// The bounds of the network check: connections at once, networks at once, ages; and whose certificate is whose.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DetailedPeerCertificate } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import type { NetworkAddress, Round, RoundPlan } from '../../../drivers/network/address.ts'
import { openNetworkCheck } from '../../../drivers/network/index.ts'
import { runRound } from '../../../drivers/network/round.ts'
import { Rounds } from '../../../drivers/network/rounds.ts'
import { judgeCertificate } from '../../../drivers/network/secure.ts'

const clock = systemClock()
const never = new AbortController().signal
const empty: Round = { obstacle: null, uplinks: ['up0'], asked: [], wpad: [] }
const host = { from: 'host', dns: null } as const

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** Takes connections and says nothing; counts how many are open. */
async function mute() {
  const open = new Set<Socket>()
  const seen = { most: 0, all: 0 }
  const server = createServer((socket) => {
    open.add(socket)
    socket.resume()
    seen.all += 1
    seen.most = Math.max(seen.most, open.size)
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  const address = server.address()
  return { seen, port: typeof address === 'object' ? (address?.port ?? 0) : 0 }
}

describe('a round', () => {
  it('has eight connections at a time, and ends in its time whoever keeps it waiting', async () => {
    const { seen, port } = await mute()
    const row = { host: '127.0.0.1', port, need: 'required', for: 'x', check: 'tls' } as const
    const plan: RoundPlan = {
      place: host,
      addresses: Array.from({ length: 60 }, () => ({ ...row })),
      roots: [],
      oneMs: 100,
      allMs: 500,
      parallel: 8,
      procRoot: '/proc',
      sysRoot: '/sys',
      resolvConf: '/nowhere',
    }
    const from = performance.now()
    const { asked, obstacle } = await runRound(plan, clock, never)
    expect(obstacle).toBeNull()
    expect(performance.now() - from).toBeLessThan(2000)
    // Beside each of the eight the server may still see the last one going.
    expect(seen.most).toBeGreaterThanOrEqual(8)
    expect(seen.most).toBeLessThanOrEqual(16)
    expect(seen.all).toBeLessThan(60)
    for (const { reached } of asked) expect(reached.is).toBe('slow')
  })
})

describe("a bay's own card", () => {
  it('is bound to only where the way out leads through it', async () => {
    const root = mkdtempSync(join(tmpdir(), 'reseal-card-'))
    closers.push(() => rmSync(root, { recursive: true }))
    mkdirSync(join(root, 'net'))
    writeFileSync(
      join(root, 'net/route'),
      'Iface\nup0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\n',
    )
    const check = openNetworkCheck({
      clock,
      addresses: [],
      bays: new Map(
        (['up0', 'bay7'] as const).map(
          (name) =>
            [bayId(name), { place: { from: 'link', name, dns: null }, accept: [] }] as const,
        ),
      ),
      helper: null,
      signal: never,
      procRoot: root,
      sysRoot: root,
    })
    const first = async (name: string) => (await check.check(bayId(name), never))[0]
    expect(await first('bay7')).toMatchObject({ id: 'network.uplink', grade: 'ok', value: 'up0' })
    // This machine has no such card: the check was bound to it.
    expect(await first('up0')).toMatchObject({ id: 'network.interface', grade: 'hold' })
  })
})

describe('rounds', () => {
  it('run for four networks at once, one for each, and the others wait', async () => {
    let [busy, most, all] = [0, 0, 0]
    const rounds = new Rounds(clock, async () => {
      busy += 1
      all += 1
      most = Math.max(most, busy)
      await clock.sleep(5)
      busy -= 1
      return { round: empty, isBad: false }
    })
    const keys = Array.from({ length: 40 }, (_, i) => `n${i % 20}`)
    await Promise.all(keys.map((key) => rounds.next(key, host)))
    expect([most, all, busy]).toEqual([4, 20, 0])
    // All places are free again.
    await Promise.all(keys.slice(0, 6).map((key) => rounds.next(key, host)))
    expect([most, all]).toEqual([4, 26])
  })

  it('are kept a minute when good and ten seconds when bad', async () => {
    let ahead = 0
    let isBad = false
    const later = { ...clock, mono: () => clock.mono() + ahead }
    const rounds = new Rounds(later, async () => ({ round: empty, isBad }))
    await rounds.next('a', host)
    ahead = 59_000
    expect(rounds.young('a')?.ageMs).toBeGreaterThanOrEqual(59_000)
    ahead = 60_100
    expect(rounds.young('a')).toBeNull()
    isBad = true
    await rounds.next('a', host)
    ahead += 9000
    expect(rounds.young('a')).not.toBeNull()
    ahead += 1100
    expect(rounds.young('a')).toBeNull()
    expect(rounds.young('b')).toBeNull()
  })
})

describe('a certificate', () => {
  const address: NetworkAddress = {
    host: 'login.live.com',
    port: 443,
    check: 'tls',
    need: 'required',
    for: 'x',
    issuers: ['DigiCert Inc', 'Microsoft Corporation'],
  }
  const shown = (names: string, O: string, CN = 'Some CA') =>
    ({
      subject: { CN: 'x' },
      subjectaltname: names,
      issuer: { O, CN },
    }) as unknown as DetailedPeerCertificate
  const own = 'DNS:login.live.com, DNS:*.live.com'
  it.each<[string, DetailedPeerCertificate, string | null, string, string?]>([
    ['of the documented issuer', shown(own, 'DigiCert Inc'), null, 'reached'],
    ['whose issuer is spelt a little otherwise', shown(own, 'DigiCert, Inc.'), null, 'reached'],
    [
      'of another public issuer',
      shown(own, 'Other Trust'),
      null,
      'issuer',
      'Some CA of Other Trust',
    ],
    [
      'of nobody public',
      shown(own, 'Corp'),
      'SELF_SIGNED_CERT_IN_CHAIN',
      'intercepted',
      'by Some CA',
    ],
    [
      'that bears the documented name without a public root',
      shown(own, 'Microsoft Corporation'),
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'issuer',
      'Some CA leads to no public root (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)',
    ],
    [
      'that is too old',
      shown(own, 'DigiCert Inc'),
      'CERT_HAS_EXPIRED',
      'expired',
      'expired, by Some CA',
    ],
    [
      'of the future',
      shown(own, 'DigiCert Inc'),
      'CERT_NOT_YET_VALID',
      'expired',
      'not valid yet, by Some CA',
    ],
    [
      'for another name',
      shown('DNS:portal.hotel', 'Hotel'),
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'dns-wrong',
      '20.1.2.3 answers for portal.hotel',
    ],
    ['with bytes for a screen', shown(own, 'Corp', '\u001b[2Jx\n'), 'X', 'intercepted', 'by [2Jx'],
    ['without any name', shown('', '', ''), null, 'dns-wrong', '20.1.2.3 answers for x'],
  ])('%s', (_, certificate, trouble, is, why) => {
    const reached = judgeCertificate(address, '20.1.2.3', certificate, trouble)
    expect(reached).toMatchObject(why === undefined ? { is } : { is, why })
  })
})
