// From drivers to bays: what a source says becomes an input, with what it last said kept for asking again.
import type { Fact } from '../core/facts.ts'
import type { BayParts, KeyboardReport, LinkReport, ReportHealth } from '../ports.ts'
import type { Bay } from './bay.ts'

export class Pump {
  readonly #parts: BayParts
  readonly #bay: Bay
  readonly #report: ReportHealth
  #link: Fact | null = null
  #keyboard: Fact | null = null

  constructor(parts: BayParts, bay: Bay, report: ReportHealth) {
    this.#parts = parts
    this.#bay = bay
    this.#report = report
  }

  /** Runs until the signal aborts. */
  run(signal: AbortSignal): void {
    void this.#links(signal)
    if (this.#parts.keyboard !== null) void this.#keyboards(this.#parts.keyboard.watch(signal))
  }

  /** The last word of wire and keyboard. */
  last(): readonly Fact[] {
    return [this.#link, this.#keyboard].filter((fact) => fact !== null)
  }

  async #links(signal: AbortSignal): Promise<void> {
    for await (const report of this.#parts.link.watch(signal)) this.#onLink(report)
  }

  #onLink(report: LinkReport): void {
    if (report.kind === 'mac') {
      this.#bay.put({ kind: 'mac', mac: report.mac }, null)
      return
    }
    const fact: Fact = {
      kind: 'link',
      link: report.link,
      ...(report.speed === undefined ? {} : { speed: report.speed }),
      ...(report.downs === undefined ? {} : { downs: report.downs }),
    }
    this.#link = fact
    if (report.link === 'gone' || report.link === 'back') {
      const gone = report.link === 'gone'
      this.#report({
        part: 'link',
        bay: this.#parts.bay,
        ok: !gone,
        code: gone ? 'STATION_LINK_MISSING' : null,
        detail: '',
      })
    }
    // Each edge counts: a fall between two ups is what the off-proof rests on.
    this.#bay.put(fact, null)
  }

  async #keyboards(reports: AsyncIterable<KeyboardReport>): Promise<void> {
    let before = ''
    let reason = ''
    for await (const { enumerated, health, code } of reports) {
      const now = `${enumerated} ${health}`
      const isSame = now === before
      if (isSame && reason === (code ?? '')) continue
      before = now
      reason = code ?? ''
      this.#report({
        part: 'keyboard',
        bay: this.#parts.bay,
        ok: health !== 'gone',
        code: health === 'gone' ? (code ?? 'STATION_KEYBOARD_GONE') : null,
        detail: health,
      })
      // Another reason for the same silence changes nothing for the bay.
      if (isSame) continue
      this.#keyboard = { kind: 'keyboard', enumerated, health }
      this.#bay.put(this.#keyboard, null)
    }
  }
}
