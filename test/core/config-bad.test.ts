// Bad configs, one fault each: the fault is named with its path and a hint, nothing is thrown, no config comes out.
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../station-config/loader.ts'
import { tempDir, tempFile } from './config-files.ts'

const BAY = 'bays: [{bay: a, link: "nic:eth0"}]\n'
const bay = (more: string) => `bays: [{bay: a, ${more}}]\n`
const switches = (more: string) => `bays: [{bay: a, link: "nic:e"}]\nswitches: [{${more}}]\n`

/** Text, path of the fault, and what message or hint say of it. */
const CASES: readonly (readonly [text: string, path: string, says: RegExp])[] = [
  ['', '', /a block of keys/],
  ['- a', '', /a block of keys/],
  ['null', '', /a block of keys/],
  ['"text"', '', /a block of keys/],
  ['42', '', /a block of keys/],
  ['{}', 'bays', /missing/],
  ['bays: []', 'bays', /At least 1/],
  ['bays: {}', 'bays', /a list/],
  ['bays: [1]', 'bays[0]', /a block of keys/],
  ['bays: [null]', 'bays[0]', /a block of keys/],
  [`${BAY}bays: []`, '', /unique/],
  ['bays:\n\t- bay: a', '', /Indent with blanks/],
  ['bays: [{bay: a', '', /indentation, quotes/],
  ['a: 1\n---\nb: 1', '', /one document/],
  ['bays: &x [{bay: a, link: "nic:e"}]\nscanners: *x', '', /Write the value out/],
  [`${BAY}site: !!js/function x`, '', /Take the tag out/],
  ['['.repeat(100), '', /nested too deeply/],
  ['- '.repeat(100), '', /nested too deeply/],
  [
    Array.from({ length: 4_000 }, (_, depth) => `${' '.repeat(depth)}a:`)
      .join('\n')
      .slice(0, 900_000),
    '',
    /cannot be parsed|stack|nested/i,
  ],
  [`${BAY}__proto__: {site: x}`, '', /no key has this name/],
  [`${BAY}constructor: 1`, 'constructor', /not known/],
  [`${BAY}statoin: x`, 'statoin', /Did you mean station/],
  [`${BAY}zzzzzz: x`, 'zzzzzz', /Known here: site/],
  [`${BAY}site: ""`, 'site', /32 letters/],
  [`${BAY}site: a/b`, 'site', /32 letters/],
  [`${BAY}site: ${'x'.repeat(33)}`, 'site', /32 letters/],
  [`${BAY}site: "a+b"`, 'site', /32 letters/],
  [`${BAY}station: "#"`, 'station', /32 letters/],
  [`${BAY}station: -1`, 'station', /small|text|id/],
  [`${BAY}station: true`, 'station', /text/],
  [`${BAY}data: ""`, 'data', /At least 1/],
  [`${BAY}data: 7`, 'data', /a text/],
  [`${BAY}web: 8080`, 'web', /a block of keys/],
  [`${BAY}web: {port: 65536}`, 'web.port', /At most 65535/],
  [`${BAY}web: {port: -1}`, 'web.port', /At least 0/],
  [`${BAY}web: {port: 80.5}`, 'web.port', /whole number/],
  [`${BAY}web: {port: "8080"}`, 'web.port', /a number/],
  [`${BAY}web: {port: 0x50}`, 'web.port', /a number/],
  [`${BAY}web: {prot: 1}`, 'web.prot', /Did you mean port/],
  [`${BAY}web: {host: 10.0.0.5}`, 'web.tls', /others reach needs TLS/],
  [`${BAY}web: {host: 10.0.0.5, tls: self-signed}`, 'web.host', /needs accounts/],
  [`${BAY}web: {host: 0.0.0.0, tls: self-signed}`, 'web.host', /one-time|code on the console/],
  [`${BAY}web: {host: bench.example, tls: self-signed}`, 'web.host', /needs accounts/],
  [`${BAY}accounts: {}`, 'web.tls', /accounts need TLS/],
  [`${BAY}web: {tls: {certFile: a.pem}}`, 'web.tls', /./],
  [`${BAY}web: {names: ["a b"]}`, 'web.names[0]', /no host name/],
  [`${BAY}accounts: {idleMinutes: 0}`, 'accounts.idleMinutes', /At least 1/],
  [`${BAY}mqtt: {url: broker}`, 'mqtt.url', /no address of a broker/],
  [`${BAY}mqtt: {url: "http://h"}`, 'mqtt.url', /mqtts:/],
  [`${BAY}mqtt: {url: "mqtt://"}`, 'mqtt.url', /host|address/],
  [`${BAY}mqtt: {url: "mqtt://u:geheim@h"}`, 'mqtt.url', /passwordFile/],
  [`${BAY}mqtt: {password: geheim}`, 'mqtt.password', /passwordFile/],
  [`${BAY}mqtt: {token: geheim}`, 'mqtt.token', /passwordFile/],
  [`${BAY}mqtt: {host: h}`, 'mqtt.host', /url: mqtts/],
  [`${BAY}mqtt: {url: "mqtt://h", embedded: true}`, 'mqtt.embedded', /not both/],
  [`${BAY}mqtt: {embedded: false}`, 'mqtt.url', /missing/],
  [`${BAY}mqtt: {url: "mqtt://h", port: 1}`, 'mqtt.port', /into url/],
  [`${BAY}mqtt: {user: x}`, 'mqtt.user', /no sign-in/],
  [`${BAY}mqtt: {url: "mqtts://h", passwordFile: x}`, 'mqtt.user', /Add user/],
  [`${BAY}mqtt: {url: "mqtts://h", user: x, userFile: y}`, 'mqtt.userFile', /one of them/],
  [`${BAY}mqtt: {url: "mqtts://h", certFile: x}`, 'mqtt.certFile', /keyFile/],
  [`${BAY}mqtt: {url: "mqtt://h", caFile: x}`, 'mqtt.url', /mqtts:/],
  [`${BAY}rate: -1`, 'rate', /At least 0/],
  [`${BAY}rate: 1001`, 'rate', /At most 1000/],
  [`${BAY}rate: .nan`, 'rate', /a number/],
  [`${BAY}rate: .inf`, 'rate', /a number|At most/],
  [`${BAY}rate: 10`, 'rate', /real time/i],
  [`${BAY}orders: x.yaml`, 'orders', /a list/],
  [`${BAY}orders: [1]`, 'orders[0]', /a text/],
  [`${BAY}limits: {steadyMs: 1}`, 'limits.steadyMs', /At least 100/],
  [`${BAY}limits: {steadyMs: 3s}`, 'limits.steadyMs', /a number/],
  [`${BAY}limits: {steadyMs: 3000.5}`, 'limits.steadyMs', /whole number/],
  [`${BAY}limits: {steady: 3000}`, 'limits.steady', /Did you mean steadyMs/],
  [`${BAY}limits: {holdMs: 1e99}`, 'limits.holdMs', /a number/],
  [`${BAY}limits: {useBeforeMonths: 25}`, 'limits.useBeforeMonths', /At most 24/],
  [`${BAY}limits: {steadyMs: 90000}`, 'limits.steadyMs', /must be below settleMaxMs/],
  [`${BAY}limits: {summonMs: 1000}`, 'limits.summonMs', /summonEveryMs .* must be below/],
  [`${BAY}estimate: {p50Ms: 120000}`, 'estimate.p90Ms', /missing/],
  [`${BAY}estimate: {p50Ms: 180000, p90Ms: 120000}`, 'estimate.p90Ms', /larger/],
  ['bays: [{link: "nic:eth0"}]', 'bays[0].bay', /missing/],
  ['bays: [{bay: a}]', 'bays[0].link', /missing/],
  [bay('link: 7'), 'bays[0].link', /a text/],
  [bay('link: eth0'), 'bays[0].link', /no colon/],
  [bay('link: "nic:"'), 'bays[0].link', /name of a network interface/],
  [bay('link: "nic:../x"'), 'bays[0].link', /name of a network interface/],
  [bay('link: "nic:.."'), 'bays[0].link', /name of a network interface/],
  [bay('link: "nic:a b"'), 'bays[0].link', /name of a network interface/],
  [bay('link: "nic:sixteen-letters-"'), 'bays[0].link', /name of a network interface/],
  [bay('link: "nic:e?x=1"'), 'bays[0].link', /takes none/],
  [bay('link: "nick:eth0"'), 'bays[0].link', /Did you mean nic:/],
  [bay('link: "snmp://switch/1"'), 'bays[0].link', /there is no switch switch/],
  [bay('link: "snmp:switch/1"'), 'bays[0].link', /names no port of a switch/],
  [bay('link: "snmp://sw/1?x=1"'), 'bays[0].link', /takes none/],
  [switches('switch: a, host: a.test, user: x'), 'switches[0].host', /IPv4|Invalid/],
  [switches('switch: a, host: 10.0.0.2'), 'switches[0].communityFile', /no sign-in/],
  [switches('switch: a, host: 10.0.0.2, user: x, privFile: k'), 'switches[0].authFile', /signing/],
  [
    switches('switch: a, host: 10.0.0.2, communityFile: c, user: x'),
    'switches[0].user',
    /and a user/,
  ],
  [switches('switch: a, host: 10.0.0.2, community: c'), 'switches[0].community', /communityFile/],
  [bay('link: "virtual:x", keyboard: "virtual:"'), 'bays[0].link', /nothing after/],
  [bay('nic: eth0, link: "nic:e"'), 'bays[0].nic', /link: nic:/],
  [bay('link: "nic:e", keyboard: ch9329'), 'bays[0].keyboard', /no colon/],
  [bay('link: "nic:e", keyboard: "ch9329:"'), 'bays[0].keyboard', /path of the port is missing/],
  [bay('link: "nic:e", keyboard: "ch9329:ttyUSB0"'), 'bays[0].keyboard', /not absolute/],
  [bay('link: "nic:e", keyboard: "ch9329:/dev/../etc/x"'), 'bays[0].keyboard', /no path/],
  [
    bay('link: "nic:e", keyboard: "ch9329:/dev/x?baud=300"'),
    'bays[0].keyboard',
    /One of: auto, 9600/,
  ],
  [
    bay('link: "nic:e", keyboard: "ch9329:/dev/x?buad=9600"'),
    'bays[0].keyboard',
    /Did you mean baud/,
  ],
  [
    bay('link: "nic:e", keyboard: "ch9329:/dev/x?gui=right"'),
    'bays[0].keyboard',
    /modifier, usage/,
  ],
  [
    bay('link: "nic:e", keyboard: "ch9329:/dev/x?echo=shift"'),
    'bays[0].keyboard',
    /scroll, num, caps/,
  ],
  [bay('link: "nic:e", keyboard: "hidg:hidg0"'), 'bays[0].keyboard', /not absolute/],
  [bay('link: "nic:e", keyboard: "hidg:/dev/hidg0?mode=set"'), 'bays[0].keyboard', /not known/],
  [bay('link: "nic:e", keyboard: "pikvm-mcu:/dev/x?mode=off"'), 'bays[0].keyboard', /set, verify/],
  [bay('link: "virtual:", keyboard: "hidg:/dev/hidg0"'), 'bays[0].keyboard', /virtual:/],
  [bay('link: "nic:e", keyboard: "ch9239:/dev/x"'), 'bays[0].keyboard', /Did you mean ch9329/],
  [bay('link: "nic:e", keyboard: "virtual:"'), 'bays[0].keyboard', /all parts/],
  [bay('link: "nic:e", screen: "virtual:"'), 'bays[0].screen', /all parts/],
  [bay('link: "virtual:", keyboard: "ch9329:/dev/x"'), 'bays[0].keyboard', /virtual:/],
  [bay('link: "nic:e", lamp: "blink2:2000ABCD"'), 'bays[0].lamp', /Did you mean blink1/],
  [bay('link: "nic:e", lamp: "blink1:2000 ABCD"'), 'bays[0].lamp', /no serial number/],
  [bay('link: "nic:e", lamp: "blink1:2000ABCD?map=red"'), 'bays[0].lamp', /not known/],
  [bay('link: "nic:e", lamp: "tower:ttyUSB0"'), 'bays[0].lamp', /not absolute/],
  [bay('link: "nic:e", lamp: "tower:/dev/x?mute=yes"'), 'bays[0].lamp', /0, 1/],
  [bay('link: "nic:e", lamp: "relay:ABCDEF"'), 'bays[0].lamp', /five characters/],
  [bay('link: "nic:e", lamp: "relay:ABCDE?map=red,green"'), 'bays[0].lamp', /every signal/],
  [bay('link: "nic:e", lamp: "blinkstick:BS1?leds=3"'), 'bays[0].lamp', /8, 16, 32/],
  [bay('link: "nic:e", screen: "v4l2:/dev/video0"'), 'bays[0].screen', /planned/],
  [bay('link: "nic:e", screen: "opertor:"'), 'bays[0].screen', /Did you mean operator/],
  [bay('link: "nic:e", adapter: dock'), 'bays[0].adapter', /device, bench/],
  [bay('link: "nic:e", windows: 12'), 'bays[0].windows', /One of: 10, 11/],
  [bay('link: "nic:e", windows: "11"'), 'bays[0].windows', /without quotes/],
  [bay('link: "nic:e", echo: yes please'), 'bays[0].echo', /true or false/],
  [bay('link: "nic:e", keepAwake: true'), 'bays[0].keepAwake', /by hand/],
  [bay('link: "nic:e", summonPlace: desktop'), 'bays[0].summonPlace', /first-page, signin/],
  [bay('link: "nic:e", order: ""'), 'bays[0].order', /At least 1|text/],
  ['bays: [{bay: a, link: "nic:e"}, {bay: a, link: "nic:f"}]', 'bays[1].bay', /bays\[0\]\.bay too/],
  [
    'bays: [{bay: a, link: "nic:e"}, {bay: b, link: "nic:e"}]',
    'bays[1].link',
    /bays\[0\]\.link too/,
  ],
  [
    'bays: [{bay: a, link: "nic:e", keyboard: "ch9329:/dev/x"}, {bay: b, link: "nic:f", keyboard: "ch9329:/dev/x?baud=9600"}]',
    'bays[1].keyboard',
    /too/,
  ],
  [
    'bays: [{bay: a, link: "nic:e"}, {bay: b, link: "virtual:", keyboard: "virtual:"}]',
    'bays[1].link',
    /virtual and real/,
  ],
  [`${BAY}scanners: [{scanner: "serial:ttyACM0"}]`, 'scanners[0].scanner', /not absolute/],
  [
    `${BAY}scanners: [{scanner: "hid-pos:1?layout=round"}]`,
    'scanners[0].scanner',
    /layout cannot be round.*aim, plain/,
  ],
  [`${BAY}scanners: [{scanner: "serial:/dev/a", bay: b}]`, 'scanners[0].bay', /no such bay/],
  [
    `${BAY}scanners: [{scanner: "serial:/dev/a"}, {scanner: "serial:/dev/a"}]`,
    'scanners[1].scanner',
    /too/,
  ],
  [
    `bays:\n${Array.from({ length: 257 }, (_, n) => `- {bay: ${n}, link: "nic:e${n}"}`).join('\n')}`,
    'bays',
    /At most 256/,
  ],
]

describe('a config with one fault', () => {
  it.each(CASES)('%#: is named at its place', (text, path, says) => {
    const { config, problems } = loadConfig(tempFile('bad.yaml', text))
    expect(config).toBeNull()
    const named = problems.filter((problem) => problem.path === path)
    expect(named.map(({ message, hint }) => `${message}. ${hint}`).join('\n')).toMatch(says)
    for (const { hint, message } of problems) {
      expect(message).not.toBe('')
      expect(hint).not.toBe('')
    }
  })
})

describe('a file that is no config', () => {
  const bad = (file: string) => loadConfig(file).problems
  it('is told apart: missing, a directory, too large, binary, not UTF-8', () => {
    const cases = [
      [`${tempDir()}/none.yaml`, /no such file/],
      [tempDir(), /no regular file/],
      [tempFile('big.yaml', ' '.repeat(1024 * 1024 + 1)), /limit/],
      [tempFile('zero.yaml', 'site: a\0b'), /zero bytes/],
      [tempFile('latin1.yaml', Uint8Array.of(0x73, 0x3a, 0x20, 0xe4)), /UTF-8/],
      [`${tempFile('file', 'x')}/below`, /nowhere/],
      ['/dev/zero', /no regular file/],
    ] as const
    for (const [file, says] of cases) {
      expect(bad(file)).toHaveLength(1)
      expect(bad(file)[0]).toMatchObject({ code: 'CONFIG_UNREADABLE', message: says, file })
    }
  })
})

describe('many faults', () => {
  const text = `site: "a b"
mqtt: {url: "mqtt://u:geheim@h", password: geheim, secretKey: geheim}
limits: {steadyMs: 90000}
bays:
  - {bay: a, link: "nic:e", windows: 12}
  - {bay: b, link: "nic:f"}
  - {bay: b, link: "nik:f"}
  - {bay: b, link: "nic:f"}
`
  const { problems } = loadConfig(tempFile('many.yaml', text))
  it('are all named at once, in the order of the lines', () => {
    const paths = problems.map(({ path }) => path)
    for (const path of [
      'site',
      'mqtt.url',
      'mqtt.password',
      'limits.steadyMs',
      'bays[0].windows',
      'bays[2].link',
      'bays[3].link',
    ])
      expect(paths).toContain(path)
    const lines = problems.map(({ line }) => line)
    expect(lines).toEqual(lines.toSorted((a, b) => (a ?? 0) - (b ?? 0)))
    expect(problems.find(({ path }) => path === 'bays[2].link')?.line).toBe(7)
  })
  it('never show a secret', () => {
    expect(JSON.stringify(problems)).not.toContain('geheim')
  })
  it('have a code of their own for a driver that is not there', () => {
    expect(problems.find(({ path }) => path === 'bays[2].link')?.code).toBe(
      'STATION_DRIVER_UNKNOWN',
    )
  })
  it('stop at 200 with a count of the rest', () => {
    const bays = Array.from({ length: 250 }, () => '- {}').join('\n')
    const many = loadConfig(tempFile('very-many.yaml', `bays:\n${bays}`)).problems
    expect(many).toHaveLength(201)
    expect(many.at(-1)?.message).toMatch(/^\d+ more problems/)
  })
})
