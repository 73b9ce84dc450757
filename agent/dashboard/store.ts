// What the page knows, split into topics, so that only what shows a changed thing is painted again.
import { useEffect, useState } from 'preact/hooks'
import type { BayView } from '../core/view.ts'
import type { Station } from './station.ts'
import { setClock } from './time.ts'

export type Topic =
  | 'bays'
  | 'strip'
  | 'station'
  | 'layout'
  | 'link'
  | 'panel'
  | 'notice'
  | 'rights'
  | `bay:${string}`

export interface Notice {
  readonly text: string
  readonly isGood: boolean
}

/** What a tile or panel shows; a commit that changes none of it repaints nothing. */
const lookOf = ({ at: _at, input: _input, ...shown }: BayView): string => JSON.stringify(shown)

const NOTICE_MS = 8_000

class Store {
  readonly #views = new Map<string, BayView>()
  readonly #looks = new Map<string, string>()
  readonly #lastPrompts = new Map<string, string>()
  readonly #listeners = new Map<Topic, Set<() => void>>()
  readonly #revisions = new Map<Topic, number>()
  readonly #watchers = new Set<(now: BayView, before: BayView | null) => void>()
  #noticeTimer: number | undefined
  station: Station | null = null
  /** When the stream was lost, page ms; null while it is there. */
  lostAt: number | null = null
  hasPicture = false
  /** The bay whose panel is open, or `settings`. */
  open: { readonly bay: string } | 'settings' | null = null
  notice: Notice | null = null

  bays(): readonly string[] {
    return [...this.#views.keys()]
  }

  views(): readonly BayView[] {
    return [...this.#views.values()]
  }

  view(bay: string): BayView | undefined {
    return this.#views.get(bay)
  }

  /** The question that was asked last, for taking its answer back; a page opened since has not seen it. */
  lastPrompt(bay: string): string {
    return this.#lastPrompts.get(bay) ?? 'unseen'
  }

  takeAll(views: readonly BayView[]): void {
    const isSame = views.map(({ bay }) => bay).join() === this.bays().join()
    if (!isSame) this.#views.clear()
    for (const view of views) this.take(view)
    this.hasPicture = true
    if (!isSame) this.tell('bays')
    this.tell('strip')
  }

  take(view: BayView): void {
    const before = this.#views.get(view.bay) ?? null
    this.#views.set(view.bay, view)
    if (view.prompt !== null) this.#lastPrompts.set(view.bay, view.prompt.id)
    const look = lookOf(view)
    if (this.#looks.get(view.bay) === look) return
    this.#looks.set(view.bay, look)
    for (const watcher of this.#watchers) watcher(view, before)
    this.tell(`bay:${view.bay}`)
    this.tell('strip')
  }

  takeStation(station: Station): void {
    setClock(station.clock.now, station.clock.rate)
    const before = JSON.stringify(this.station?.layout)
    this.station = station
    this.tell('station')
    if (JSON.stringify(station.layout) !== before) this.tell('layout')
  }

  setLost(at: number | null): void {
    if (this.lostAt === at) return
    this.lostAt = at
    this.tell('link')
  }

  openPanel(open: Store['open']): void {
    this.open = open
    this.tell('panel')
  }

  say(notice: Notice): void {
    this.notice = notice
    this.tell('notice')
    window.clearTimeout(this.#noticeTimer)
    this.#noticeTimer = window.setTimeout(() => {
      this.notice = null
      this.tell('notice')
    }, NOTICE_MS)
  }

  /** Called for each bay whose look changed; for sounds. */
  watch(fn: (now: BayView, before: BayView | null) => void): void {
    this.#watchers.add(fn)
  }

  on(topic: Topic, fn: () => void): () => void {
    const all = this.#listeners.get(topic) ?? new Set()
    this.#listeners.set(topic, all.add(fn))
    return () => all.delete(fn)
  }

  /** How often a topic was told. */
  revision(topic: Topic): number {
    return this.#revisions.get(topic) ?? 0
  }

  tell(topic: Topic): void {
    this.#revisions.set(topic, this.revision(topic) + 1)
    for (const fn of this.#listeners.get(topic) ?? []) fn()
  }
}

export const store = new Store()

/** Paints the component again when the topic changes. */
export function useTopic(topic: Topic): void {
  const [, repaint] = useState(0)
  const painted = store.revision(topic)
  useEffect(() => {
    const paint = () => repaint((count) => count + 1)
    const leave = store.on(topic, paint)
    // Effects run after the paint: what was told in between would stay unseen, for ever on a quiet bench.
    if (store.revision(topic) !== painted) paint()
    return leave
  }, [topic])
}
