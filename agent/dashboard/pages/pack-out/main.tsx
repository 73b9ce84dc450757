// The packing table: the whole screen is one answer, and the scanner is all that one needs.
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PackOut } from '../../../core/pack-out.ts'
import { ask, send } from '../../shared/api.ts'
import { clockText, soonText } from '../../shared/format.ts'
import { applyTheme } from '../../shared/theme.ts'
import { fill, language, words } from '../../words/words.ts'
import { play, wakeSound } from './sound.ts'
import { Wedge } from './wedge.ts'

const w = words.desk.pack

type Scanned = Omit<PackOut, 'answer'>
type Show =
  | { readonly is: 'scan' }
  | { readonly is: 'reading' }
  | { readonly is: 'no-answer' }
  | { readonly is: 'done'; readonly scanned: Scanned; readonly at: number }

const ORDER_KEY = 'reseal.pack-order'
/** Scans that wait for their answers; more are a cat on the keyboard. */
const QUEUE_MAX = 8
/** Afterwards nobody knows any more which device the answer was for. */
const STALE_MS = 30_000
const LAST_MAX = 6

function reasonOf({ why, order, from }: Scanned): string {
  switch (why) {
    case null:
      return ''
    case 'unreadable':
      return w.unreadable
    case 'not-seen':
      return w.notSeen
    case 'open':
      return w.open
    case 'not-resealed':
      return w.notResealed
    case 'alarm':
      return w.alarm
    case 'other-order':
      return order === null ? w.noOrder : fill(w.otherOrder, { order })
    case 'past-use':
      return w.pastUse
    case 'too-early':
      return fill(w.tooEarly, { time: from === null ? '?' : soonText(from, Date.now()) })
  }
}

const Glyph = ({ path }: { readonly path: string }) => (
  <svg viewBox="0 0 100 100" aria-hidden="true">
    <path d={path} fill="none" stroke="currentColor" stroke-width="14" stroke-linecap="round" />
  </svg>
)
const CHECK = 'M14 54l24 24 48-54'
const CROSS = 'M20 20l60 60M80 20L20 80'
const BARS = 'M20 15v70M34 15v70M50 15v70M62 15v70M80 15v70'

function Screen({ show }: { readonly show: Show }) {
  if (show.is === 'done') {
    const { scanned } = show
    const { go, serial, grade, before } = scanned
    const proof = grade === null ? '' : words.desk.lookup[grade as 'stated'].split(':', 1)[0]
    return (
      <>
        <Glyph path={go ? CHECK : CROSS} />
        <p class="word">{go ? w.go : w.stop}</p>
        <p class="why">{go ? proof : reasonOf(scanned)}</p>
        <p class="serial">{serial}</p>
        <p class="small">
          {go && before !== null ? fill(w.before, { time: soonText(before, show.at) }) : ''}
        </p>
      </>
    )
  }
  const [path, word, why] = {
    scan: [BARS, w.scan, ''],
    reading: [BARS, w.reading, ''],
    'no-answer': [CROSS, w.noAnswer, w.noAnswerHint],
  }[show.is] as [string, string, string]
  return (
    <>
      <Glyph path={path} />
      <p class="word">{word}</p>
      <p class="why">{why}</p>
    </>
  )
}

/** Scans are answered in their order, each before the next is asked. */
class Table {
  readonly #queue: string[] = []
  #isAsking = false
  order: string | null = localStorage.getItem(ORDER_KEY)
  shown: (show: Show) => void = () => {}

  take(text: string): void {
    if (this.#queue.length < QUEUE_MAX) this.#queue.push(text)
    if (!this.#isAsking) void this.#work()
  }

  async #work(): Promise<void> {
    this.#isAsking = true
    for (let text = this.#queue.shift(); text !== undefined; text = this.#queue.shift()) {
      this.shown({ is: 'reading' })
      try {
        const scanned = await send<Scanned>('/api/v1/pack-out', { text, order: this.order })
        const shown = scanned.serial === '' ? { ...scanned, serial: text.slice(0, 40) } : scanned
        this.shown({ is: 'done', scanned: shown, at: Date.now() })
        play(scanned.go ? 'go' : 'stop')
      } catch {
        this.shown({ is: 'no-answer' })
        play('stop')
      }
    }
    this.#isAsking = false
  }
}

const table = new Table()

function useHeard(): boolean {
  const [isHeard, setHeard] = useState(document.hasFocus())
  useEffect(() => {
    const look = () => setHeard(document.hasFocus())
    window.addEventListener('focus', look)
    window.addEventListener('blur', look)
    return () => {
      window.removeEventListener('focus', look)
      window.removeEventListener('blur', look)
    }
  }, [])
  return isHeard
}

function Orders() {
  const [orders, setOrders] = useState<readonly string[]>([])
  const [chosen, setChosen] = useState(table.order ?? '')
  useEffect(() => {
    ask<{ orders: readonly { order: string }[] }>('/api/v1/work-orders').then(
      (found) => setOrders(found.orders.map(({ order }) => order)),
      () => {},
    )
  }, [])
  const choose = (order: string) => {
    table.order = order === '' ? null : order
    localStorage.setItem(ORDER_KEY, order)
    if (order === '') localStorage.removeItem(ORDER_KEY)
    setChosen(order)
  }
  const all = chosen === '' || orders.includes(chosen) ? orders : [chosen, ...orders]
  return (
    <label>
      <span>{w.order}</span>
      <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{w.anyOrder}</option>
        {all.map((order) => (
          <option key={order} value={order}>
            {order}
          </option>
        ))}
      </select>
    </label>
  )
}

const lookOf = (show: Show): string => {
  if (show.is === 'done') return show.scanned.go ? 'go' : 'stop'
  return show.is === 'no-answer' ? 'stop' : 'idle'
}

function Page() {
  const [show, setShow] = useState<Show>({ is: 'scan' })
  const [last, setLast] = useState<readonly (Show & { is: 'done' })[]>([])
  const isHeard = useHeard()
  useEffect(() => {
    table.shown = (next) => {
      setShow(next)
      if (next.is === 'done') setLast((before) => [next, ...before].slice(0, LAST_MAX))
    }
    const began = () => {
      wakeSound()
      setShow({ is: 'reading' })
    }
    new Wedge(began, (text) => table.take(text)).listen()
  }, [])
  useEffect(() => {
    if (show.is === 'scan') return
    const timer = window.setTimeout(() => setShow({ is: 'scan' }), STALE_MS)
    return () => window.clearTimeout(timer)
  }, [show])
  return (
    <div class={`pack ${lookOf(show)}`}>
      <header>
        <a href="/">{w.back}</a>
        <Orders />
      </header>
      <main>
        <h1 class="hidden">{words.shell.packOut}</h1>
        <div class="screen" role="status" aria-live="assertive">
          <Screen show={show} />
        </div>
      </main>
      {isHeard ? null : (
        <button type="button" class="unheard" onClick={() => window.focus()}>
          {w.unheard}
        </button>
      )}
      <footer>
        <h2>{last.length === 0 ? w.sound : w.last}</h2>
        <ol>
          {last.map(({ scanned, at }) => (
            <li key={`${at} ${scanned.serial}`}>
              <span aria-hidden="true">{scanned.go ? '✔' : '✖'}</span> {scanned.serial} ·{' '}
              {scanned.go ? w.go : reasonOf(scanned)} · {clockText(at)}
            </li>
          ))}
        </ol>
      </footer>
    </div>
  )
}

applyTheme()
document.documentElement.lang = language()
document.title = `Reseal: ${words.shell.packOut}`
const root = document.getElementById('page')
if (root !== null) render(<Page />, root)
