// `doctor` on managed switches: each is asked once for all its bays, and one that does not answer says what to do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookAtSwitches } from '../../../agent/cli/doctor-switches.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { loadConfig } from '../../../station-config/loader.ts'
import { FakeSwitch } from '../../fakes/fake-switch.ts'
import { inProcess } from './reseal.ts'

let fake: FakeSwitch
const folder = mkdtempSync(join(tmpdir(), 'reseal-doctor-'))
beforeAll(async () => {
  fake = await FakeSwitch.start()
})
afterAll(async () => {
  await fake.close()
  rmSync(folder, { recursive: true, force: true })
})

function secret(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}

/** The config of a bench whose bays hang at one switch that is signed in at like this. */
function bench(login: object, ports: readonly string[]): string {
  const switches = [
    { switch: 'sw1', host: '127.0.0.1', port: fake.port, timeoutMs: 300, retries: 1, ...login },
  ]
  const bays = ports.map((port, n) => ({
    bay: `0${n + 1}`,
    link: `snmp://sw1/${port}`,
    keyboard: 'manual:',
    networkCheck: false,
  }))
  const web = { port: 0 }
  return secret('bench.yaml', JSON.stringify({ site: 's', station: 't', web, switches, bays }))
}

async function seen(login: object, ports: readonly string[] = ['Gi1-0-3']) {
  const { config, problems } = loadConfig(bench(login, ports))
  if (config === null) throw new Error(JSON.stringify(problems))
  const switches = await lookAtSwitches(config, systemClock())
  const bays = config.bays.map(({ bay, link }) => {
    if (link.driver !== 'snmp') throw new Error(`${bay} hangs at no switch`)
    return switches.of(`bay ${bay} link`, link)
  })
  return { lines: switches.lines, bays }
}

const V2C = () => ({ communityFile: secret('community', 'bench\n') })
const asked = async () => (await fake.order({ do: 'look' })).asked

describe('a switch that answers', () => {
  test('is one line, and a line for each bay says how its port stands', async () => {
    await fake.order({ do: 'link', port: 3, up: true })
    const { lines, bays } = await seen(V2C(), ['Gi1-0-3', 'Gi1-0-4', 'Gi9-0-9'])
    expect(lines).toEqual([
      // 48 ports, an uplink and a VLAN.
      { part: 'switch sw1', grade: 'ok', detail: '127.0.0.1 answers and names 50 interfaces' },
    ])
    expect(bays).toMatchObject([
      { part: 'bay 01 link', grade: 'ok', detail: 'Gi1-0-3 of switch sw1: link up' },
      { part: 'bay 02 link', grade: 'ok', detail: 'Gi1-0-4 of switch sw1: no link' },
      { grade: 'bad', code: 'STATION_LINK_MISSING', detail: 'sw1 has no port Gi9-0-9' },
    ])
  })

  test('is asked no oftener for twenty bays than for one', async () => {
    const ports = Array.from({ length: 20 }, (_, n) => `Gi1-0-${n + 1}`)
    const start = await asked()
    await seen(V2C(), ['Gi1-0-20', 'Gi1-0-1'])
    const two = (await asked()) - start
    await seen(V2C(), ports)
    expect((await asked()) - start - two).toBe(two)
  })

  test('by v3 with both keys is the same', async () => {
    const login = {
      user: 'reseal',
      authFile: secret('auth', 'a-long-auth-key'),
      privFile: secret('priv', 'a-long-priv-key'),
    }
    expect((await seen(login)).bays[0]?.grade).toBe('ok')
  })

  test('stands in what `reseal doctor` prints', async () => {
    const file = bench(V2C(), ['Gi1-0-3', 'Gi9-0-9'])
    const { out, code } = await inProcess(['doctor', '--config', file, '--data', folder, '--json'])
    const { parts } = JSON.parse(out) as { parts: { part: string; grade: string }[] }
    const grade = (part: string) => parts.find((one) => one.part === part)?.grade
    expect(grade('switch sw1')).toBe('ok')
    expect(grade('bay 01 link')).toBe('ok')
    expect(grade('bay 02 link')).toBe('bad')
    expect(code).toBe(3)
  })
})

describe('a switch that does not answer this station', () => {
  test.each([
    ['another community', () => ({ communityFile: secret('other', 'public') }), 'SILENT'],
    [
      'a wrong key',
      () => ({
        user: 'reseal',
        authFile: secret('wrong', 'another-auth-key'),
        privFile: secret('priv', 'a-long-priv-key'),
      }),
      // This agent keeps silent, others say so.
      'SILENT|REFUSED',
    ],
    [
      'an unknown user',
      () => ({ user: 'nobody', authFile: secret('auth', 'k'.repeat(12)) }),
      'REFUSED',
    ],
  ])(
    'for %s is told with a hint and without the secret, in bounded time',
    async (_, login, code) => {
      const from = performance.now()
      const { lines, bays } = await seen(login())
      expect(performance.now() - from).toBeLessThan(4000)
      expect(lines).toHaveLength(1)
      expect(lines[0]?.code).toMatch(new RegExp(`^STATION_SWITCH_(${code})$`))
      expect(lines[0]?.hint).toMatch(/community|keys/)
      expect(JSON.stringify(lines)).not.toMatch(/another-auth|public|kkkk/)
      expect(bays[0]).toMatchObject({ grade: 'bad', code: lines[0]?.code })
    },
  )

  test('for nothing at all is left after its time-outs', async () => {
    await fake.order({ do: 'mode', mode: { silent: true } })
    const { lines } = await seen(V2C())
    await fake.order({ do: 'mode', mode: { silent: false } })
    expect(lines[0]).toMatchObject({
      code: 'STATION_SWITCH_SILENT',
      detail: 'switch 127.0.0.1: no answer',
    })
  })
})
