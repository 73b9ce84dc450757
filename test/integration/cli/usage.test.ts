// Wrong command lines and files: one line of the agreed form each, the right exit code, nothing on standard output.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configJsonSchema } from '../../../station-config/config-schema.ts'
import { Ch9329Double } from '../../fakes/ch9329-double.ts'
import { until } from '../../fakes/pty.ts'
import { ERROR_LINE, inProcess, onTerminal, reseal } from './reseal.ts'

const dir = mkdtempSync(join(tmpdir(), 'reseal-usage-'))
const home = process.cwd()
// File names on a command line are meant from where it is given.
beforeAll(() => process.chdir(dir))
afterAll(() => {
  process.chdir(home)
  rmSync(dir, { recursive: true, force: true })
})
const put = (name: string, text: string) => {
  writeFileSync(join(dir, name), text)
  return name
}

put('good.yaml', 'bays: [{bay: "01", link: "nic:lo"}]\n')
put('bad.yaml', 'site: a b\nbays: [{bay: x, link: "nick:lo", screeen: y}]\n')
put(
  'unsafe.yaml',
  'id: x\nversion: 1\nplace: success\nwindows: any\nverified: false\nsource: s\nbursts: [{name: b, guard: none, taps: [{key: ENTER}]}]\n',
)
put(
  'orders.csv',
  'order,customer,tenantDomain,profile,serial\nO,C,c.example,P,S1\nO,,,,S 2\nO,,,,s1\n',
)
put('not-a-ledger.txt', 'hello\n')
mkdirSync(join(dir, 'empty'))

/** Command line, exit code, what standard error says. */
const CASES: readonly (readonly [line: string, code: number, says: RegExp])[] = [
  ['', 2, /USAGE_COMMAND: no command/],
  ['statsu', 2, /Did you mean status/],
  ['status --jsno', 2, /Did you mean --json/],
  ['status A --bay 1', 2, /not both/],
  ['status --data empty', 2, /ask the station/],
  ['status A --data empty', 2, /FILE_UNREADABLE/],
  ['status A B', 2, /too many arguments/],
  ['status --url ftp://x', 2, /address of the board/],
  ['status --url http://127.0.0.1:9', 3, /STATION_NOT_RUNNING/],
  ['export', 2, /--format/],
  ['export --format xml', 2, /csv, json, ndjson/],
  ['export --format csv --since yesterday', 2, /date, or a time/],
  ['export --format csv --data empty', 2, /FILE_UNREADABLE/],
  ['verify --data empty', 2, /FILE_UNREADABLE/],
  ['verify --head abc', 2, /64 hexadecimal/],
  ['verify none.ndjson', 2, /FILE_UNREADABLE/],
  ['verify not-a-ledger.txt', 1, /STATION_CHAIN_BROKEN/],
  ['keys signin', 2, /--keyboard/],
  ['keys signin --keyboard virtual:', 2, /USAGE_NO_TERMINAL/],
  ['keys none --keyboard virtual: --dry-run', 2, /no script none/],
  ['keys unsafe.yaml --keyboard virtual: --dry-run', 2, /KEY_SCRIPT_UNSAFE.*without a guard/],
  ['keys ./none.yaml --keyboard virtual: --dry-run', 2, /FILE_UNREADABLE/],
  ['keys signin --keyboard ch9350:/dev/x --dry-run', 2, /STATION_DRIVER_UNKNOWN/],
  ['keys signin --keyboard hidg:hidg0 --dry-run', 2, /CONFIG_INVALID/],
  ['keys signin --keyboard ch9329:x --dry-run', 2, /CONFIG_INVALID/],
  ['gadget setup', 2, /--bay/],
  ['gadget setup --bay a/b', 2, /letters, digits/],
  ['gadget remove --bay 1 --udc x', 2, /unknown option/],
  ['lamp none: purple', 2, /no signal purple/],
  ['lamp blink2:1 you', 2, /STATION_DRIVER_UNKNOWN/],
  ['orders', 2, /USAGE_COMMAND/],
  ['orders import orders.csv --data d', 2, /orders.csv:3.*no blanks/],
  ['orders import none.yaml --data d', 2, /FILE_UNREADABLE/],
  ['orders list --config bad.yaml', 2, /CONFIG_INVALID/],
  ['config', 2, /USAGE_COMMAND/],
  ['config check', 2, /missing required argument/],
  ['config check none.yaml', 2, /CONFIG_UNREADABLE/],
  ['config check empty', 2, /no regular file/],
  ['config check bad.yaml', 2, /Did you mean screen/],
  ['run --config bad.yaml', 2, /CONFIG_INVALID/],
  ['run --config none.yaml', 2, /CONFIG_UNREADABLE/],
  ['demo --bays 0', 2, /whole number/],
  ['demo --speed fast', 2, /a number/],
  ['backup', 2, /missing required argument/],
  ['backup b.db --data empty', 2, /FILE_UNREADABLE/],
  ['restore none.db --data d', 2, /FILE_UNREADABLE/],
  ['restore not-a-ledger.txt --data d', 1, /STATION_LEDGER_CORRUPT/],
  ['doctor --config bad.yaml', 2, /CONFIG_INVALID/],
  ['doctor --config none.yaml', 2, /CONFIG_UNREADABLE/],
  ['network --config bad.yaml', 2, /CONFIG_INVALID/],
  ['network --config none.yaml', 2, /CONFIG_UNREADABLE/],
  ['network --bay 77', 2, /no bay 77/],
]

describe('a wrong command line', () => {
  it.each(CASES)('reseal %s: exit %i', async (line, code, says) => {
    const ended = await inProcess(line.split(' ').filter((word) => word !== ''))
    expect(ended.err).toMatch(says)
    expect(ended.code).toBe(code)
    expect(ended.out).toBe('')
    for (const one of ended.err.trimEnd().split('\n')) expect(one).toMatch(ERROR_LINE)
  })
})

describe('the program itself', () => {
  it('ends with the code and the line of its command', async () => {
    const ended = await reseal(['status', '--jsno'], dir)
    expect([ended.code, ended.out]).toEqual([2, ''])
    expect(ended.err.trimEnd()).toMatch(ERROR_LINE)
  })
})

describe('help and version', () => {
  it('go to standard output and are fine', async () => {
    const help = await reseal(['--help'], dir)
    expect([help.code, help.err]).toEqual([0, ''])
    for (const command of [
      'run',
      'demo',
      'status',
      'export',
      'verify',
      'keys',
      'lamp',
      'network',
      'orders',
      'config',
      'backup',
      'restore',
      'doctor',
    ])
      expect(help.out).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    expect((await reseal(['--version'], dir)).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('config', () => {
  it('check is fine for a good file and prints one JSON document for a bad one', async () => {
    const good = await reseal(['config', 'check', 'good.yaml'], dir)
    expect([good.code, good.out, good.err]).toEqual([0, 'ok: good.yaml: 1 bay\n', ''])
    const bad = await reseal(['config', 'check', 'bad.yaml', '--json'], dir)
    expect([bad.code, bad.err]).toEqual([2, ''])
    const { ok, problems } = JSON.parse(bad.out)
    expect(ok).toBe(false)
    expect(problems.map(({ path }: { path: string }) => path).sort()).toEqual([
      'bays[0].link',
      'bays[0].screeen',
      'site',
    ])
  })
  it('schema prints the schema', async () => {
    expect((await reseal(['config', 'schema'], dir)).out).toBe(configJsonSchema())
  })
})

describe('orders', () => {
  it('import takes a good file whole, a bad one not at all; list shows what is there', async () => {
    put('good.csv', 'order,customer,tenantDomain,profile,serial\nG,C,g.example,P,S1\nG,,,,S2\n')
    const data = ['--data', 'orders-data']
    expect((await reseal(['orders', 'import', 'good.csv', ...data], dir)).out).toBe('imported G\n')
    expect((await reseal(['orders', 'import', 'orders.csv', ...data], dir)).code).toBe(2)
    const list = await reseal(['orders', 'list', '--json', ...data], dir)
    expect(JSON.parse(list.out).orders).toMatchObject([
      { order: 'G', devices: 2, listed: true, active: true },
    ])
  })
})

describe('keys', () => {
  it('--dry-run prints every report with its time and guard', async () => {
    const { code, out } = await reseal(
      ['keys', 'options-11', '--keyboard', 'virtual:', '--dry-run'],
      dir,
    )
    expect(code).toBe(0)
    expect(out).toContain(
      'burst enter  guard entry-selected-next-focused\n     0 ms  00 00 28 00 00 00 00 00\n    50 ms  00 00 00 00 00 00 00 00\n',
    )
  })
  it('asks each guard on the terminal, and Enter alone is no yes', async () => {
    const run = onTerminal(['keys', 'success', '--keyboard', 'virtual:'], dir)
    await until(
      'the question',
      () => run.said().includes('Type yes') || run.child.exitCode !== null,
      20_000,
    )
    expect(run.said()).toContain('Is the page green and the focus on Reseal?')
    run.type('\r')
    const { code, out } = await run.ended
    expect(code).toBe(4)
    expect(out).toContain('enter was not played whole')
  })
  it('plays on a real serial line what the chip takes, and ends with all keys up', async () => {
    const chip = await Ch9329Double.start()
    try {
      const run = onTerminal(
        ['keys', 'first-page', '--keyboard', `ch9329:${chip.path}`, '--data', dir],
        dir,
      )
      await until(
        'the question',
        () => run.said().includes('Type yes') || run.child.exitCode !== null,
        30_000,
      )
      const before = chip.reports.length
      run.type('yes\r')
      const { code, out } = await run.ended
      expect([code, out.includes('windows-x5: accepted')]).toEqual([0, true])
      const landed = chip.reports.slice(before).filter((report) => report.landed)
      expect(landed.filter(({ bytes }) => bytes[0] === 0x08)).toHaveLength(5)
      expect(landed.at(-1)?.bytes).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    } finally {
      await chip.close()
    }
  })
})

describe('lamp', () => {
  it('shows a signal on the terminal', async () => {
    const { code, out } = await reseal(['lamp', 'terminal:', 'you'], dir)
    expect([code, /^You: you, #[0-9A-F]{6}/.test(out)]).toEqual([0, true])
  })
})

describe('doctor', () => {
  it('finds nothing wrong with a virtual bench on a free port', async () => {
    put(
      'virtual.yaml',
      'web: {port: 0}\nbays: [{bay: a, link: "virtual:", keyboard: "virtual:", screen: "virtual:"}]\n',
    )
    const { code, out } = await reseal(
      ['doctor', '--config', 'virtual.yaml', '--data', 'fresh'],
      dir,
    )
    const lines = out.split('\n').filter((line) => line !== '')
    // The PC that tests run on may have no time server and no way out; that is said, and is no reason to fail.
    const ofTheBench = lines.filter((line) => !/^warn +(?:clock|uplink|mqtt port):/.test(line))
    expect(ofTheBench.filter((line) => !line.startsWith('ok '))).toEqual([])
    expect(code).toBe(0)
    expect(lines.some((line) => /^ok +bay a keyboard: virtual/.test(line))).toBe(true)
  })
  it('says of each missing part what to do', async () => {
    put(
      'missing.yaml',
      'web: {port: 0}\nmqtt: {url: "mqtt://127.0.0.1:9"}\nbays: [{bay: a, link: "nic:nope0", keyboard: "ch9329:/dev/nope"}]\nscanners: [{scanner: "serial:/dev/nope2"}]\n',
    )
    const { code, out, err } = await reseal(
      ['doctor', '--config', 'missing.yaml', '--json', '--data', 'fresh'],
      dir,
    )
    expect([code, err]).toEqual([3, ''])
    const parts: { part: string; grade: string; code?: string; hint?: string }[] =
      JSON.parse(out).parts
    const of = (part: string) => parts.find((one) => one.part === part)
    expect(of('bay a link')).toMatchObject({ grade: 'bad', code: 'STATION_LINK_MISSING' })
    expect(of('bay a keyboard')).toMatchObject({ grade: 'bad', code: 'STATION_PORT_GONE' })
    expect(of('scanner 1')).toMatchObject({ grade: 'bad', code: 'STATION_PORT_GONE' })
    expect(of('broker')).toMatchObject({ grade: 'warn', code: 'BACKEND_BROKER_DOWN' })
    for (const { grade, hint } of parts) expect(grade === 'ok' || (hint ?? '') !== '').toBe(true)
  })
  it('hears a chip and writes nothing into it', async () => {
    const chip = await Ch9329Double.start()
    try {
      const before = Uint8Array.from(chip.config)
      put(
        'chip.yaml',
        `web: {port: 0}\nbays: [{bay: a, link: "nic:lo", keyboard: "ch9329:${chip.path}"}]\n`,
      )
      const { out } = await reseal(
        ['doctor', '--config', 'chip.yaml', '--json', '--data', 'fresh'],
        dir,
      )
      const part = JSON.parse(out).parts.find(
        (one: { part: string }) => one.part === 'bay a keyboard',
      )
      expect(part?.detail).toMatch(/the chip answers|keyboard/)
      expect(chip.config).toEqual(before)
      expect(chip.reports.filter(({ bytes }) => bytes.some((byte) => byte !== 0))).toEqual([])
    } finally {
      await chip.close()
    }
  })
})
