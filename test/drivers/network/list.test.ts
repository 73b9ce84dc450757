// The data of the network check: the list of addresses, and the kernel's routing tables.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultRoutes4, defaultRoutes6 } from '../../../drivers/network/uplink.ts'
import { ADDRESSES_FILE, loadAddresses } from '../../../station-config/network/addresses.ts'

const HEAD = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT'
const ROUTE = `${HEAD}\nup0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`
const SUBNET = `${HEAD}\nup0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reseal-list-'))
})
afterAll(() => rm(root, { recursive: true }))

describe('routes of the kernel', () => {
  it('are read for IPv4', () => {
    expect(defaultRoutes4(ROUTE)).toEqual(['up0'])
    expect(defaultRoutes4(SUBNET)).toEqual([])
    expect(defaultRoutes4(ROUTE.replace('0003', '0202'))).toEqual([])
  })

  it("are read for IPv6, without the kernel's own dead end", () => {
    const zero = '0'.repeat(32)
    const line = (flags: string, iface: string, length = '00') =>
      `${zero} ${length} ${zero} 00 fd${'0'.repeat(30)} 00000400 00000002 00000000 ${flags}     ${iface}`
    expect(defaultRoutes6(line('00000003', 'up0'))).toEqual(['up0'])
    expect(defaultRoutes6(line('00200200', 'lo'))).toEqual([])
    expect(defaultRoutes6(line('00000003', 'up0', '40'))).toEqual([])
    for (const text of ['', '\n', 'nonsense', `${zero} 00`])
      expect(defaultRoutes6(text)).toEqual([])
  })
})

describe('the list of addresses', () => {
  it('is data with a source and a date, each address once, and what must be asked can be asked', () => {
    const { value, problems } = loadAddresses()
    expect(problems).toEqual([])
    expect(value?.date).toMatch(/^20\d\d-/)
    const keys = value?.addresses.map(({ host, port }) => `${host}:${port}`) ?? []
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).toContain('ztd.dds.microsoft.com:443')
    // The wrong name that blogs give for it (autopilot page 6).
    expect(keys.join()).not.toContain('ztd.ssd')
    const checks = new Set(value?.addresses.map(({ check }) => check))
    expect(checks).toEqual(new Set(['tls', 'http', 'ntp', 'none']))
  })

  it('asks each vendor of §5.2 for its own hosts, and has Microsoft certificates of documented issuers', () => {
    const { value } = loadAddresses()
    const of = (vendor: string, need: string) =>
      value?.addresses
        .filter((one) => one.tpm?.includes(vendor) === true && one.need === need)
        .map(({ host }) => host)
    expect(of('INTC', 'required')).toEqual(['ekop.intel.com'])
    expect(of('AMD', 'required')).toEqual(['ftpm.amd.com'])
    expect(of('QCOM', 'required')).toEqual(['ekcert.spserv.microsoft.com'])
    for (const vendor of ['IFX', 'STM', 'NTC', 'NSG', 'NTZ', 'MSFT']) {
      expect(of(vendor, 'required')).toEqual([])
      expect(of(vendor, 'optional')?.length).toBeGreaterThan(0)
    }
    const manage = value?.addresses.find(({ host }) => host === 'manage.microsoft.com')
    expect(manage).toMatchObject({ issuers: ['Microsoft Corporation', 'DigiCert Inc'] })
  })

  it.each<[string, string]>([
    [
      'a wildcard that is asked',
      "{ host: '*.a.test', port: 443, check: tcp, need: required, for: x }",
    ],
    ['an address in capitals', '{ host: A.test, port: 443, check: tcp, need: required, for: x }'],
    ['a port that is none', '{ host: a.test, port: 0, check: tcp, need: required, for: x }'],
    ['a page without its text', '{ host: a.test, port: 80, check: http, need: required, for: x }'],
    ['a word too many', '{ host: a.test, port: 80, check: tcp, need: required, for: x, why: y }'],
    [
      'issuers that stand nowhere',
      '{ host: a.test, port: 443, check: tls, issuers: nobody, need: required, for: x }',
    ],
    [
      'a vendor that is none',
      '{ host: a.test, port: 443, check: tls, tpm: [Intel], need: required, for: x }',
    ],
    ['an unknown need', '{ host: a.test, port: 80, check: tcp, need: maybe, for: x }'],
  ])('refuses %s by line', async (_, bad) => {
    const file = join(root, 'bad.yaml')
    await writeFile(file, `source: x\ndate: 2026-09-30\naddresses:\n  - ${bad}\n`)
    const { value, problems } = loadAddresses(file)
    expect(value).toBeNull()
    expect(problems[0]).toMatchObject({ code: 'CONFIG_INVALID', file, line: 4 })
    expect(loadAddresses(join(root, 'none.yaml')).problems[0]?.code).toBe('FILE_UNREADABLE')
    expect(ADDRESSES_FILE).toMatch(/addresses\.yaml$/)
  })
})
