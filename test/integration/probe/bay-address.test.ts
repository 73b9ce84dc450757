// Probes without a code, from namespaces behind cards of this PC: let in at the bay whose own wire they come by, nowhere else.
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BayCard, bayAtAddress } from '../../../drivers/probe/index.ts'
import { ip } from '../link/veth.ts'
import { BAY, type OpenDesk, OTHER, openDesk } from './desk.ts'
import type { Answer, Deed } from './hostile-device.ts'
import { DeviceNetwork } from './namespace.ts'

const DEVICE = join(import.meta.dirname, 'hostile-device.ts')
const PROBE = join(import.meta.dirname, '../../../drivers/probe/probe.sh')
const WORD: Deed = { path: '/device/v1/hello', body: Buffer.from('bay').toString('hex') }

let one: DeviceNetwork
let two: DeviceNetwork
let open: OpenDesk
let cards: BayCard[]

beforeEach(async () => {
  one = new DeviceNetwork()
  two = new DeviceNetwork()
  // The intake has one address, of the first bay's network; the other device reaches it through its own card.
  two.inside(`route add ${one.host}/32 via ${two.host}`)
  open = await openDesk(one.host)
  cards = [
    { bay: BAY, card: one.card, isOpen: true },
    { bay: OTHER, card: two.card, isOpen: true },
  ]
  open.desk.bayAt = (address) => bayAtAddress(address, cards)
})
afterEach(async () => {
  await open?.[Symbol.asyncDispose]()
  one?.close()
  two?.close()
})

async function ask(at: DeviceNetwork, ...deeds: readonly Deed[]): Promise<readonly Answer[]> {
  const input = deeds.map((deed) => `${JSON.stringify(deed)}\n`).join('')
  const { out } = await at.run([process.execPath, DEVICE, open.intake.url], input)
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer)
}
const statuses = async (at: DeviceNetwork, ...deeds: readonly Deed[]) =>
  (await ask(at, ...deeds)).map(({ status }) => status)
const report = (token: string): Deed => ({
  path: '/device/v1/report',
  headers: { authorization: `Bearer ${token}`, 'reseal-number': '1' },
  body: Buffer.from('reseal-probe 1\n').toString('hex'),
})
const tokenOf = ({ body = '' }: Partial<Answer> = {}) => Buffer.from(body, 'hex').toString().trim()

describe('a probe without a code', () => {
  it('is bound to the bay whose card it comes by, each to its own', async () => {
    const ran = await one.run(['sh', PROBE, open.intake.url, open.intake.pin, 'bay', '--no-relay'])
    expect(ran).toMatchObject({ status: 0, err: expect.stringContaining('reported') })
    const [hello] = await ask(two, WORD)
    expect(hello?.status).toBe(200)
    expect(await statuses(two, report(tokenOf(hello)))).toEqual([204])
    expect(open.desk.reports.map(({ bay, run }) => [bay, run])).toEqual([
      ['01', 'run-1'],
      ['02', 'run-2'],
    ])
    expect(open.desk.notes.filter(({ sentence }) => sentence.includes('let in'))).toHaveLength(2)
  })

  it('is refused where the config does not say so, and where no bay has the card', async () => {
    cards = cards.map((card) => ({ ...card, isOpen: card.bay === OTHER }))
    expect(await statuses(one, WORD)).toEqual([401])
    cards = cards.filter(({ bay }) => bay === OTHER)
    expect(await statuses(one, WORD)).toEqual([401])
    delete open.desk.bayAt
    expect(await statuses(two, WORD)).toEqual([401])
    const said = open.desk.refused.join('\n')
    expect(said).toContain('bay 01 wants a code')
    // A code still opens the door.
    const { code } = open.intake.issue(BAY)
    const typed = { ...WORD, body: Buffer.from(code).toString('hex') }
    expect(await statuses(one, typed)).toEqual([200])
  })

  it('is refused on a card that two bays share, on a bridge with other ports, and behind a router', async () => {
    cards = [...cards, { bay: OTHER, card: one.card, isOpen: false }]
    expect(await bayAtAddress(one.guest, cards)).toEqual({
      refused: `bays 01, 02 share ${one.card}`,
    })
    // The device of the second bay as a router, with another network behind it.
    const behind = two.host.replace(/^198\.19\.\d+/, '198.18.77')
    ip(`route add ${behind}/32 via ${two.guest}`)
    expect(await bayAtAddress(behind, cards)).toEqual({ refused: `${behind} is behind a router` })
    expect(await bayAtAddress(one.host, cards)).toMatchObject({
      refused: expect.stringContaining("is no device's address"),
    })
    const bridge = `rsr${one.card.slice(3)}`
    const spare = `rss${one.card.slice(3)}`
    try {
      ip(`link add ${bridge} type bridge`)
      ip(`link add ${spare} type veth peer name ${spare}x`)
      ip(`link set ${one.card} master ${bridge}`)
      ip(`addr del ${one.host}/24 dev ${one.card}`)
      ip(`addr add ${one.host}/24 dev ${bridge}`)
      ip(`link set ${bridge} up`)
      const own = [{ bay: BAY, card: one.card, isOpen: true }]
      cards = own
      expect(await statuses(one, WORD)).toEqual([200])
      expect(await bayAtAddress(one.guest, own)).toEqual({ bay: BAY })
      ip(`link set ${spare} master ${bridge}`)
      expect(await bayAtAddress(one.guest, own)).toEqual({ refused: `${bridge} has other ports` })
    } finally {
      ip(`link del ${bridge}`)
      ip(`link del ${spare}`)
    }
  })

  it('cannot borrow the address of another bay: no handshake comes back to it', async () => {
    // The device of the second bay gives itself the first one's address and asks from there.
    two.inside(`addr add ${one.guest}/32 dev ${two.cardInside}`)
    const before = open.desk.notes.length
    const [answer] = await ask(two, { ...WORD, from: one.guest, patienceMs: 3000 })
    expect(answer).toMatchObject({ status: 0 })
    expect(open.desk.notes.slice(before)).toEqual([])
    // Under its own address it is what it is.
    expect(await statuses(two, WORD)).toEqual([200])
    const [entry] = open.desk.notes.filter(({ sentence }) => sentence.includes('let in'))
    expect(entry).toMatchObject({ bay: '02' })
  })

  it('does not put out a probe whose code was typed, nor ask more often than codes are tried', async () => {
    const { code } = open.intake.issue(BAY)
    const [typed] = await ask(one, { ...WORD, body: Buffer.from(code).toString('hex') })
    expect(await statuses(one, { ...WORD, from: one.stranger })).toEqual([401])
    expect(await statuses(one, report(tokenOf(typed)))).toEqual([204])
    expect(await statuses(two, ...Array.from({ length: 12 }, () => WORD))).toEqual([
      ...Array(10).fill(200),
      429,
      429,
    ])
  })
})
