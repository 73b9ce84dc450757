// Bad work orders, one fault each: named with line and reason, and nothing of the file is taken.
import { describe, expect, it } from 'vitest'
import { loadOrders } from '../../station-config/orders.ts'
import { tempDir, tempFile } from './config-files.ts'

const BASE = 'order: o, customer: C, tenantDomain: c.example, profile: P'
const yaml = (more: string, base = BASE) => `orders:\n  - {${base}, ${more}}\n`
const without = (key: string) =>
  yaml(
    'count: 1',
    BASE.split(', ')
      .filter((one) => !one.startsWith(key))
      .join(', '),
  )
const HEAD = 'order,customer,tenantDomain,profile,serial,ztdId'
const csv = (...rows: string[]) => [HEAD, ...rows].join('\n')

type Case = readonly [name: string, text: string, line: number | null, says: RegExp]
const YAML: readonly Case[] = [
  ['empty', '', null, /a block of keys/],
  ['no orders', 'orders: []', 1, /At least 1/],
  ['a text', 'orders: x', 1, /a list/],
  ['another key', 'order: []', 1, /Did you mean orders|missing/],
  ['broken', 'orders: [', 1, /indentation/],
  ['a number as order', 'orders: [1]', 1, /a block of keys/],
  ['no id', without('order'), 2, /missing/],
  ['no customer', without('customer'), 2, /missing/],
  ['no domain', without('tenantDomain'), 2, /missing/],
  ['no profile', without('profile'), 2, /missing/],
  ['neither list nor count', yaml('user: any'), 2, /Add count/],
  ['count and list that differ', yaml('count: 3, serials: [A]'), 2, /count is 3, the list has 1/],
  ['count of none', yaml('count: 0'), 2, /At least 1/],
  ['count of a half', yaml('count: 1.5'), 2, /whole number/],
  ['count of too many', yaml('count: 100001'), 2, /At most 100000/],
  ['an empty id', yaml('count: 1').replace('order: o', 'order: ""'), 2, /At least 1|text/],
  ['an empty customer', yaml('count: 1').replace('customer: C', 'customer: " "'), 2, /At least 1/],
  ['a domain with a blank', yaml('count: 1').replace('c.example', 'c example'), 2, /no domain/],
  ['a domain without a dot', yaml('count: 1').replace('c.example', 'contoso'), 2, /no domain/],
  [
    'an address as domain',
    yaml('count: 1').replace('c.example', '"https://c.example"'),
    2,
    /no domain/,
  ],
  ['a user that is none', yaml('count: 1, user: ann'), 2, /any, none/],
  ['a user without a domain', yaml('count: 1, user: "ann@"'), 2, /any, none/],
  ['a Windows of the past', yaml('count: 1, windows: 7'), 2, /One of: 10, 11/],
  ['a join that is none', yaml('count: 1, join: domain'), 2, /entra, hybrid/],
  ['a short time-out', yaml('count: 1, pageTimeoutMinutes: 1'), 2, /At least 5/],
  [
    'a time-out without its unit',
    yaml('count: 1, pageTimeout: 60'),
    2,
    /Did you mean pageTimeoutMinutes/,
  ],
  ['a key with a slip', yaml('count: 1, tenantDomian: x'), 2, /Did you mean tenantDomain/],
  ['models that are no list', yaml('count: 1, models: M'), 2, /a list/],
  ['an empty model', yaml('count: 1, models: [""]'), 2, /At least 1/],
  ['an empty serial', yaml('serials: [""]'), 2, /serial|At least 1|text/],
  ['a serial with a blank', yaml('serials: ["A 1"]'), 2, /no blanks/],
  ['a serial with a control character', yaml('serials: ["A\\u0007"]'), 2, /no blanks/],
  ['a serial of another script', yaml('serials: ["АВС"]'), 2, /plain characters/],
  ['a serial without end', yaml(`serials: [${'A'.repeat(65)}]`), 2, /At most 64/],
  ['a serial that is true', yaml('serials: [true]'), 2, /text|serial/],
  ['a serial twice', yaml('serials: [A1, B1, a1]'), 2, /twice/],
  ['a ZtdId that is none', yaml('serials: [{serial: A, ztdId: x}]'), 2, /GUID/],
  [
    'a ZtdId alone',
    yaml('serials: [{ztdId: 6f9619ff-8b86-d011-b42d-00c04fc964ff}]'),
    2,
    /missing|text/,
  ],
  [
    'an order twice',
    yaml('count: 1') + yaml('count: 1').replace('orders:\n', ''),
    3,
    /stands in .* too/,
  ],
  [
    'a serial on two lists',
    yaml('serials: [A]') +
      yaml('serials: [a]').replace('orders:\n', '').replace('order: o', 'order: p'),
    3,
    /on the list of o already/,
  ],
  [
    'a ZtdId on two lists',
    ['o', 'p']
      .map(
        (id, n) =>
          `${n === 0 ? 'orders:\n' : ''}  - {${BASE.replace('order: o', `order: ${id}`)}, serials: [{serial: S${n}, ztdId: 6f9619ff-8b86-d011-b42d-00c04fc964ff}]}\n`,
      )
      .join(''),
    3,
    /ZtdId stands on the list of o/,
  ],
  ['an alias', 'orders: [&a {order: o}, *a]', 1, /Write the value out/],
]

const CSV: readonly Case[] = [
  ['empty', '', null, /empty/],
  ['a heading alone', HEAD, null, /At least 1/],
  ['no column of orders', 'customer,serial\nC,S', 1, /column order is missing/],
  ['an unknown column', `${HEAD},seriall\n`, 1, /Did you mean serial/],
  ['a column twice', 'order,order\nO,O', 1, /twice/],
  ['a line without its order', csv('O,C,c.example,P,S1,', ',,,,S2,'), 3, /every line/],
  ['more cells than columns', csv('O,C,c.example,P,S1,,x,y'), 2, /more cells/],
  ['a customer that changes', csv('O,C,c.example,P,S1,', 'O,D,,,S2,'), 3, /Line 2 says C/],
  ['a serial with a blank', csv('O,C,c.example,P,S1,', 'O,,,,S 2,'), 3, /no blanks/],
  ['a serial twice', csv('O,C,c.example,P,S1,', 'O,,,,S2,', 'O,,,,s1,'), 4, /twice/],
  [
    'a ZtdId without a serial',
    csv('O,C,c.example,P,,6f9619ff-8b86-d011-b42d-00c04fc964ff'),
    2,
    /without a serial/,
  ],
  ['a ZtdId that is none', csv('O,C,c.example,P,S1,', 'O,,,,S2,zzz'), 3, /GUID/],
  ['a quote never closed', csv('O,"C,c.example,P,S1,'), 2, /never closed/],
  ['a quote inside of a cell', csv('O,C "x",c.example,P,S1,'), 2, /inside of a cell/],
  ['text after a quote', csv('O,"C"x,c.example,P,S1,'), 2, /after a closing quote/],
  [
    'a count that is no number',
    'order,customer,tenantDomain,profile,count\nO,C,c.example,P,many',
    2,
    /a number/,
  ],
  [
    'a truth that is none',
    'order,customer,tenantDomain,profile,count,active\nO,C,c.example,P,1,maybe',
    2,
    /true or false/,
  ],
  ['no devices', csv('O,C,c.example,P,,'), 2, /Add count/],
]

const run = (ending: string, text: string, line: number | null, says: RegExp) => {
  const file = tempFile(`bad.${ending}`, text)
  const { book, problems } = loadOrders([file])
  expect(book).toBeNull()
  const fitting = problems.filter(({ message, hint }) => says.test(`${message}. ${hint}`))
  expect(fitting.length, JSON.stringify(problems)).toBeGreaterThan(0)
  expect(fitting[0]).toMatchObject({ line, file, code: 'ORDERS_INVALID' })
  for (const { hint } of problems) expect(hint).not.toBe('')
}

describe('orders in YAML', () => {
  it.each(YAML)('with %s are refused', (_name, text, line, says) => run('yaml', text, line, says))
})
describe('orders in CSV', () => {
  it.each(CSV)('with %s are refused', (_name, text, line, says) => run('csv', text, line, says))
})

describe('a file of orders', () => {
  it('is refused when it is missing, a directory, or of another kind', () => {
    const code = (file: string) => loadOrders([file]).problems[0]?.code
    expect(code(`${tempDir()}/none.yaml`)).toBe('FILE_UNREADABLE')
    expect(code('/tmp/.yaml/..')).toBe('ORDERS_INVALID')
    expect(code(tempFile('orders.xlsx', 'PK'))).toBe('ORDERS_INVALID')
    expect(code(tempFile('zero.csv', 'order\0'))).toBe('FILE_UNREADABLE')
  })
  it('names every bad line at once', () => {
    const rows = Array.from({ length: 50 }, (_, n) => `O,,,,bad serial ${n},`)
    const { problems } = loadOrders([tempFile('many.csv', csv('O,C,c.example,P,S1,', ...rows))])
    expect(problems.map(({ line }) => line)).toEqual(rows.map((_, n) => n + 3))
  })
})
