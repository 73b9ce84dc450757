// The intake's address in the config: one of the device network, with a port, and only on a real bench.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadConfig } from '../../station-config/loader.ts'

function load(probe: object | undefined, link = 'nic:enp3s0') {
  const folder = mkdtempSync(join(tmpdir(), 'reseal-config-'))
  const file = join(folder, 'bench.yaml')
  const bay = link === 'virtual:' ? { link, keyboard: link, lamp: link, screen: link } : { link }
  writeFileSync(file, JSON.stringify({ bays: [{ bay: '01', ...bay }], probe }))
  const loaded = loadConfig(file)
  rmSync(folder, { recursive: true })
  return {
    probe: loaded.config?.probe,
    says: loaded.problems.map(({ message }) => message),
    folder,
  }
}

it('is off without a word', () => {
  expect(load(undefined).probe).toBeNull()
})

it('takes an IPv4 or IPv6 address with a port', () => {
  const { probe, folder } = load({ listen: '10.20.0.1:8443', roots: 'roots' })
  expect(probe).toEqual({
    host: '10.20.0.1',
    port: 8443,
    roots: join(folder, 'roots'),
    allowTestTpm: false,
    bayAddress: false,
  })
  expect(load({ listen: '[fd00::1]:0' }).probe).toMatchObject({
    host: 'fd00::1',
    port: 0,
    roots: null,
  })
})

it.each([
  ['0.0.0.0:8443', 'this listens everywhere'],
  ['[::]:8443', 'this listens everywhere'],
  ['10.20.0.1', 'this is no address with a port'],
  ['10.20.0.1:70000', 'this is no address with a port'],
  ['bench.example:8443', 'this is no address with a port'],
  ['10.20.0.999:1', 'this is no address with a port'],
])('refuses %s: %s', (listen, message) => {
  expect(load({ listen }).says).toEqual([message])
})

it('has no place on a virtual bench', () => {
  expect(load({ listen: '10.20.0.1:8443' }, 'virtual:').says).toEqual([
    'virtual devices have no probe',
  ])
})
