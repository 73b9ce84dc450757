// Keeps the event stream open and says honestly when it is not.
import type { BayView } from '../core/view.ts'
import { signInAgain } from './shared/session.ts'
import type { Station } from './station.ts'
import { store } from './store.ts'

/** The station speaks at least every 4 s; twice that without a word is a dead connection. */
const SILENCE_MS = 9_000
/** A blink of the network is not worth a banner. */
const GRACE_MS = 1_500
const AGAIN_MS = 1_500
const WATCH_MS = 500

let source: EventSource | null = null
let heardAt = performance.now()
let brokenAt: number | null = null
let againAt: number | null = null

function heard(): void {
  heardAt = performance.now()
  brokenAt = null
  store.setLost(null)
}

function listen<T>(stream: EventSource, event: string, take: (data: T) => void): void {
  stream.addEventListener(event, (message) => {
    heard()
    take(JSON.parse((message as MessageEvent<string>).data) as T)
  })
}

function open(): void {
  source?.close()
  heardAt = performance.now()
  againAt = null
  const stream = new EventSource('/api/v1/events?want=bays')
  source = stream
  listen<Station>(stream, 'station', (station) => store.takeStation(station))
  listen<readonly BayView[]>(stream, 'bays', (views) => store.takeAll(views))
  listen<BayView>(stream, 'bay', (view) => store.take(view))
  stream.onerror = () => {
    brokenAt ??= performance.now()
    // The browser tries again by itself unless the station refused.
    if (stream.readyState !== EventSource.CLOSED) return
    againAt ??= performance.now() + AGAIN_MS
    void signInAgain()
  }
}

function look(): void {
  const now = performance.now()
  if (now - heardAt > SILENCE_MS) {
    brokenAt ??= now - GRACE_MS
    open()
  } else if (againAt !== null && now >= againAt) open()
  if (brokenAt !== null && now - brokenAt >= GRACE_MS) store.setLost(brokenAt)
}

export function startStream(): void {
  open()
  window.setInterval(look, WATCH_MS)
}
