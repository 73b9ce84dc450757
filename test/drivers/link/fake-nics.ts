// Network cards as sysfs shows them, in memory, with the kernel's own rules for counters and errors.
import type { ReadText } from '../../../drivers/link/sysfs.ts'

interface Card {
  ifindex: number
  carrier: boolean
  admin: boolean
  ups: number
  downs: number
  speed: number
}

export class FakeNics {
  readonly #cards = new Map<string, Card>()
  /** Texts or error codes that stand in for what the card would say, by `<iface>/<file>`. */
  readonly spoilt = new Map<string, string | { readonly code: string }>()
  reads = 0
  #lastIndex = 1

  add(iface: string, carrier = false): void {
    this.#lastIndex += 1
    const ifindex = this.#lastIndex
    this.#cards.set(iface, { ifindex, carrier, admin: true, ups: 0, downs: 1, speed: 1000 })
  }

  remove(iface: string): void {
    this.#cards.delete(iface)
  }

  set(iface: string, carrier: boolean, speed = 1000): void {
    const card = this.#card(iface)
    if (card.carrier && !carrier) card.downs += 1
    if (!card.carrier && carrier) card.ups += 1
    card.carrier = carrier
    card.speed = speed
  }

  admin(iface: string, on: boolean): void {
    const card = this.#card(iface)
    if (!on) this.set(iface, false)
    card.admin = on
  }

  #card(iface: string): Card {
    const card = this.#cards.get(iface)
    if (card === undefined) throw new Error(`no card ${iface}`)
    return card
  }

  readonly read: ReadText = async (path) => {
    this.reads += 1
    const [iface = '', file = ''] = path.split('/').slice(-2)
    const card = this.#cards.get(iface)
    const spoilt = this.spoilt.get(`${iface}/${file}`)
    if (typeof spoilt === 'string') return spoilt
    if (spoilt !== undefined) throw Object.assign(new Error(spoilt.code), { code: spoilt.code })
    if (card === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
    const isDead = !card.admin && (file === 'carrier' || file === 'speed')
    if (isDead) throw Object.assign(new Error('EINVAL'), { code: 'EINVAL' })
    const texts: Record<string, string> = {
      carrier: card.carrier ? '1' : '0',
      carrier_down_count: String(card.downs),
      ifindex: String(card.ifindex),
      speed: String(card.carrier ? card.speed : -1),
      address: '02:00:00:00:00:01',
    }
    return `${texts[file]}\n`
  }
}
