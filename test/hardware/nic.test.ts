// Network cards whose cable is pulled at the machine's monitor: the link driver on two drivers of the kernel.
import { describe, expect, test } from 'vitest'
import { bayId } from '../../agent/core/ids.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { openNic, openNicFamily } from '../../drivers/link/index.ts'
import { linkContract, Watched } from '../contracts/link.contract.ts'
import { Card } from './guest/card.ts'
import { proved } from './guest/runner.ts'

for (const number of [0, 1]) {
  linkContract(`nic: (card ${number} of the virtual machine)`, async () => {
    const card = new Card(number)
    card.wake()
    await card.cable(false)
    const family = openNicFamily({ clock: systemClock() })
    return {
      source: openNic({
        family,
        iface: card.iface,
        bay: bayId('1'),
        reportHealth: () => undefined,
      }),
      up: () => card.cable(true),
      down: () => card.cable(false),
      flap: async () => {
        await card.cable(false)
        await card.cable(true)
      },
      port: { remove: () => card.remove(), restore: () => card.restore() },
      close: () => card.cable(false),
    }
  })
}

describe('nic: on two drivers of the kernel', () => {
  test('counts every pull of a cable, with and without the monitor', async () => {
    const cards = [0, 1].map((number) => new Card(number))
    for (const card of cards) {
      card.wake()
      await card.cable(true)
    }
    const families = [openNicFamily({ clock: systemClock() })]
    families.push(openNicFamily({ clock: systemClock(), ipCommand: null }))
    const watches = families.flatMap((family) =>
      cards.map(
        ({ iface }) =>
          new Watched(openNic({ family, iface, bay: bayId('1'), reportHealth: () => undefined })),
      ),
    )
    for (const watched of watches)
      await watched.until('up', () => watched.words.at(-1) === 'up', 120_000)
    const before = cards.map(({ downs }) => downs)
    const pulls = 5
    for (let n = 0; n < pulls; n++) {
      await Promise.all(cards.map((card) => card.cable(false)))
      await Promise.all(cards.map((card) => card.cable(true)))
    }
    expect(cards.map(({ downs }, i) => downs - (before[i] ?? 0))).toEqual([pulls, pulls])
    for (const watched of watches) {
      const told = () => watched.words.filter((word) => word === 'down').length
      await watched.until(`${pulls} pulls`, () => told() >= pulls, 120_000)
      await watched.stop()
      const counted = watched.downs.filter((count) => count !== undefined)
      expect((counted.at(-1) ?? 0) - (counted[0] ?? 0)).toBe(pulls)
    }
    for (const card of cards) await card.cable(false)
    const kinds = cards.map(({ driver }) => driver).join(', ')
    proved(
      `cables pulled at ${kinds}: each edge told, ${pulls} pulls counted, with and without the monitor`,
    )
  })
})
