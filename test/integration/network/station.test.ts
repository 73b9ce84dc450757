// A whole station on real parts whose bay network is bad: no key goes out, the tile says why, mended it starts by itself.
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadAddresses } from '../../../station-config/network/addresses.ts'
import { testId } from '../../fakes/netns.ts'
import { ip } from '../link/veth.ts'
import { RealBay, SERIAL, until } from '../station/real-bay.ts'
import { addressOf, DNS, SmallInternet } from './parts/small-internet.ts'

/** The doubles have no certificate of a public root: what they show is accepted, all else counts. */
const accept = (loadAddresses().value?.addresses ?? [])
  .filter(({ check }) => check === 'tls')
  .map(({ host }) => host)
/** Every name of the real list leads to the one server. */
const EVERYWHERE = [`--address=/#/${addressOf(0)}`]

let net: SmallInternet
let bay: RealBay | null = null
const network = () => ({ netns: net.bay, dns: [DNS], accept })

beforeAll(async () => {
  net = await SmallInternet.open(['www.msftconnecttest.com'])
  await net.names({}, EVERYWHERE)
})
afterAll(() => net?.close())
afterEach(async () => {
  await bay?.close()
  bay = null
  await net.behave()
})

describe('a station with a bay network of its own', () => {
  test('holds the start with the reason on the tile, and goes on by itself when it is mended', async () => {
    await net.behave({ http: 'portal' })
    bay = await RealBay.open({ network: network() })
    const b = bay
    await b.start()
    b.plugIn()
    await b.state(['identify', 'present'])
    b.scan(SERIAL)
    await b.state(['precheck'])
    await until('the tile says why', async () => /sign-in page/.test((await b.view()).line))
    expect((await b.view()).line).toContain('www.msftconnecttest.com:80')
    // Asked again meanwhile, it stays held: not one key has reached the device.
    await until('it was asked again', async () => /sign-in page/.test((await b.view()).line))
    expect(b.windowsTaps).toBe(0)

    // The sign-in page is gone, but the clock is five minutes off: another reason, still no key.
    await net.behave({ ntpMs: 300_000, dateMs: 300_000 })
    await until(
      'the clock is the reason',
      async () => /300 s ahead/.test((await b.view()).line),
      30_000,
    )
    expect(b.windowsTaps).toBe(0)
    expect((await b.view()).state).toBe('precheck')

    await net.behave()
    await b.state(['echo', 'summon', 'locate'], 30_000)
    const { out } = await b.cli('export', '--format', 'ndjson', '--data', b.dataDir)
    // Held for its network, a device is never closed as failed.
    expect(out).not.toContain('"verdict"')
  })
})

describe('reseal network', () => {
  async function ask(...more: readonly string[]) {
    bay ??= await RealBay.open({ network: network() })
    return bay.cli('network', '--config', 'bench.yaml', ...more)
  }

  test('prints a line each, exit 0 when nothing holds', async () => {
    const { code, out } = await ask()
    expect(out).toMatch(/^bay 01 from namespace /)
    expect(out).toContain('\nok    network.uplink: up0\n')
    expect(out).toMatch(/\nok {4}network\.clock: NTP /)
    // A line for each address, with who shows a certificate for it.
    expect(out).toContain('\nok    network.at.www.msftconnecttest.com: answers over http\n')
    expect(out).toMatch(
      /\nwarn {2}network\.dns-wrong\.login\.live\.com: .* answers for www\.msftconnecttest\.com/,
    )
    expect(code).toBe(0)
  })

  test('exits 4 with what holds, as one JSON document too', async () => {
    await net.behave({ http: 'portal' })
    const { code, out } = await ask('--bay', '01', '--json')
    expect(code).toBe(4)
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      networks: [
        {
          bays: ['01'],
          findings: expect.arrayContaining([
            expect.objectContaining({
              id: 'network.portal.www.msftconnecttest.com',
              grade: 'hold',
            }),
          ]),
        },
      ],
    })
  })

  test('exits 3 without an uplink, 2 for a bay that is none', async () => {
    net.pull()
    try {
      const { code, out } = await ask()
      expect(out.match(/^hold .*$/gm)).toEqual([
        expect.stringMatching(/^hold {2}network\.uplink: no link on up0/),
      ])
      expect(code).toBe(3)
    } finally {
      net.plug()
    }
    expect((await ask('--bay', '77')).code).toBe(2)
    expect((await ask('--config', 'none.yaml')).code).toBe(2)
    const folder = bay?.folder ?? ''
    writeFileSync(
      join(folder, 'bad.yaml'),
      '{ bays: [{ bay: a, link: nic:x, network: { interface: a, netns: b } }] }',
    )
    const bad = await ask('--config', 'bad.yaml')
    expect(bad.code).toBe(2)
    expect(bad.out).toContain('not both')
  })
})

describe('without any uplink', () => {
  test('a virtual bench says so once and runs', async () => {
    const alone = `rsl${testId()}`
    ip(`netns add ${alone}`)
    try {
      ip(`-n ${alone} link set lo up`)
      const main = join(import.meta.dirname, '../../../agent/main.ts')
      const inside = ['netns', 'exec', alone, process.execPath, main]
      const demo = await ended(
        spawn('ip', [...inside, 'demo', '--devices', '3', '--exit-when-done']),
      )
      expect(demo.code).toBe(0)
      const station = spawn('ip', [...inside, 'run'])
      let said = ''
      const take = (bytes: Buffer) => {
        said += bytes.toString()
      }
      station.stdout.on('data', take)
      station.stderr.on('data', take)
      await until('a key script runs', () => said.includes('summon'), 60_000)
      station.kill('SIGTERM')
      await ended(station)
      expect(said.match(/no uplink/g)).toHaveLength(1)
    } finally {
      ip(`netns del ${alone}`)
    }
  })
})

function ended(child: ChildProcess): Promise<{ readonly code: number | null }> {
  child.stdout?.resume()
  child.stderr?.resume()
  return new Promise((resolve) => child.once('close', (code) => resolve({ code })))
}
