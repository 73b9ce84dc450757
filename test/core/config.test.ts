// The config as a newcomer meets it: examples that load, defaults that are told, documents that agree with the schema.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { configJsonSchema } from '../../station-config/config-schema.ts'
import { DEFAULT_ESTIMATE, DEFAULT_LIMITS, LIMIT_TABLE } from '../../station-config/defaults.ts'
import { loadConfig, type StationConfig, virtualConfig } from '../../station-config/loader.ts'
import { distance, nearest } from '../../station-config/near.ts'
import { loadOrders } from '../../station-config/orders.ts'
import { tempFile } from './config-files.ts'

const HOME = fileURLToPath(new URL('../../station-config', import.meta.url))
const EXAMPLES = join(HOME, 'examples')
const isOrders = (name: string) => name.startsWith('orders.')
const examples = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((one) => one.isFile())
  .map(({ name }) => name)

const loaded = (name: string): StationConfig => {
  const { config, problems } = loadConfig(join(EXAMPLES, name))
  expect(problems).toEqual([])
  return config as StationConfig
}

interface Shape {
  properties?: Record<string, Shape>
  required?: string[]
  items?: Shape
  default?: unknown
  description?: string
}
const paths = (shape: Shape, at = ''): string[] =>
  Object.entries(shape.properties ?? {}).flatMap(([key, one]) => {
    const path = at === '' ? key : `${at}.${key}`
    if (path === 'limits') return [path]
    if (one.items?.properties) return [`${path}[]`, ...paths(one.items, `${path}[]`)]
    return one.properties ? paths(one, path) : [path]
  })

describe('every example', () => {
  for (const name of examples.filter((one) => !isOrders(one)))
    it(`${name} loads`, () => {
      expect(loaded(name).bays.length).toBeGreaterThan(0)
    })
  it('of work orders loads, each alone and all together', () => {
    const files = examples.filter(isOrders).map((name) => join(EXAMPLES, name))
    expect(files.length).toBeGreaterThan(1)
    for (const file of [...files.map((one) => [one]), files])
      expect(loadOrders(file).problems).toEqual([])
  })
  it('with every key shows every key', () => {
    const text = readFileSync(join(EXAMPLES, 'full-bench.yaml'), 'utf8')
    const shape = JSON.parse(configJsonSchema()) as Shape
    const other = [
      'rate',
      'mqtt.embedded',
      'mqtt.port',
      'mqtt.userFile',
      'mqtt.certFile',
      'mqtt.keyFile',
    ]
    const missing = paths(shape)
      .filter((path) => !other.includes(path))
      .filter((path) => !text.includes(`${path.replace(/\[\]$/, '').split('.').at(-1)}:`))
    expect(missing).toEqual([])
  })
})

describe('the assisted bay of five lines', () => {
  it('has a driver for link and keyboard and a person for the rest', () => {
    const [bay] = loaded('assisted-bay.yaml').bays
    expect(bay?.link).toEqual({ driver: 'nic', text: 'nic:enp3s0', interface: 'enp3s0' })
    expect(bay?.keyboard).toMatchObject({
      driver: 'ch9329',
      path: '/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0',
      baud: null,
      gui: 'modifier',
      echo: 'scroll',
      mode: 'set',
    })
    expect(bay).toMatchObject({ windows: 11, adapter: 'device', echo: true, keepAwake: false })
    expect(bay?.screen.driver).toBe('operator')
  })
  it('has the default limits, board and broker', () => {
    const config = loaded('assisted-bay.yaml')
    expect(config.limits).toEqual(DEFAULT_LIMITS)
    expect(config.estimate).toEqual(DEFAULT_ESTIMATE)
    expect(config.web).toEqual({ host: '127.0.0.1', port: 8080, names: [], tls: null })
    expect(config.mqtt.url).toBe('embedded:')
    expect(config.isVirtual).toBe(false)
  })
  it('asks for no echo where a person presses', () => {
    expect(loaded('hand-bay.yaml').bays[0]?.echo).toBe(false)
  })
})

describe('a config', () => {
  it('lays its limits over the defaults', () => {
    const { limits } = loaded('full-bench.yaml')
    expect(limits.holdMs).toBe(43_200_000)
    expect(limits.steadyMs).toBe(DEFAULT_LIMITS.steadyMs)
  })
  it('counts paths from its own directory', () => {
    const config = loaded('full-bench.yaml')
    expect(config.orders[0]).toBe(join(EXAMPLES, 'orders.example.yaml'))
    expect(config.mqtt.passwordFile).toBe('/etc/reseal/mqtt-password')
  })
  it('keeps ids as they are written', () => {
    const file = tempFile(
      'bay.yaml',
      'bays: [{bay: 01, link: "nic:a"}, {bay: 1e3, link: "nic:b"}, {bay: 7, link: "nic:c"}]',
    )
    expect(loadConfig(file).config?.bays.map(({ bay }) => bay)).toEqual(['01', '1e3', '7'])
  })
  it('of a virtual bench is whole for 1 to 256 bays', () => {
    for (const bays of [1, 24, 256]) {
      const config = virtualConfig(bays)
      expect(new Set(config.bays.map(({ bay }) => bay)).size).toBe(bays)
      expect(config.isVirtual).toBe(true)
      expect(config.bays[0]?.echo).toBe(true)
    }
    expect(() => virtualConfig(0)).toThrow(RangeError)
    expect(() => virtualConfig(257)).toThrow(RangeError)
  })
})

describe('the documents', () => {
  const readme = readFileSync(join(HOME, 'README.md'), 'utf8')
  const schema = JSON.parse(configJsonSchema()) as Shape
  it('hold the generated schema: `reseal config schema > station-config/config.schema.json`', () => {
    const kept: unknown = JSON.parse(readFileSync(join(HOME, 'config.schema.json'), 'utf8'))
    expect(kept).toEqual(JSON.parse(configJsonSchema()))
  })
  it('name every key and no other', () => {
    const table = readme.slice(readme.indexOf('## Keys'), readme.indexOf('## Limits'))
    const named = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map((hit) => hit[1])
    expect(named).toEqual(paths(schema))
  })
  it('name every limit with its value and reason', () => {
    const rows = Object.entries(LIMIT_TABLE).map(
      ([name, { value, unit, reason }]) => `| \`${name}\` | ${value} ${unit} | ${reason} |`,
    )
    const table = readme.slice(readme.indexOf('## Limits'), readme.indexOf('## Work orders'))
    expect(table.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows)
  })
  it('link only to files that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map((hit) => hit[1] ?? '')
    expect(links.length).toBeGreaterThan(4)
    for (const link of links) expect(readFileSync(join(HOME, link), 'utf8')).not.toBe('')
  })
  it('give every key a sentence', () => {
    for (const [key, one] of Object.entries(schema.properties?.['bays']?.items?.properties ?? {}))
      expect(one.description, key).toMatch(/\w/)
  })
})

describe('the limits', () => {
  it('have defaults inside their own range', () => {
    for (const [name, { value, min, max }] of Object.entries(LIMIT_TABLE))
      expect(value >= min && value <= max, name).toBe(true)
  })
})

describe('the word that was meant', () => {
  it('is found over one slip, not over another word', () => {
    expect(distance('statoin', 'station')).toBe(1)
    expect(nearest('screeen', ['screen', 'scanner'])).toBe('screen')
    expect(nearest('LINK', ['link'])).toBe('link')
    expect(nearest('zzz', ['link', 'keyboard'])).toBeNull()
    expect(nearest('k'.repeat(5_000), ['keyboard'])).toBeNull()
  })
})
