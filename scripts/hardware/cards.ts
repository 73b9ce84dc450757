// The network cards of the machine: two kinds, because each driver of the kernel tells of its cable in its own way.
import type { Line, Machine } from './machine.ts'

/** A card that tells at once and one whose driver looks every 2 s. QEMU's e1000e never told of a pulled cable (7.2). */
const CARDS = ['virtio-net-pci', 'e1000'] as const

/** Arguments of QEMU: each card hangs alone on its own hub, with nothing to talk to. */
export const cardDevices: readonly string[] = CARDS.flatMap((model, i) => [
  ...['-netdev', `hubport,id=net${i},hubid=${i}`],
  ...['-device', `${model},netdev=net${i},id=card${i},mac=52:54:00:00:00:0${i}`],
])

/** What the tests of the machine may ask of the host: moving the cable of a card. */
export const cableHands =
  (machine: Machine) =>
  async (line: Line): Promise<Readonly<Record<string, unknown>>> => {
    if (line['what'] !== 'cable') return { refused: `nobody can do ${String(line['what'])}` }
    machine.setLink(String(line['card']), line['isIn'] === true)
    return {}
  }
