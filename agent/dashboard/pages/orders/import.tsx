// Takes a file of work orders: whole, or every bad line is named and nothing changes.
import { useRef, useState } from 'preact/hooks'
import { changeHeaders } from '../../shared/session.ts'
import { fill, words } from '../../words/words.ts'

const w = words.desk.orders
/** The station gives a file up after 60 s; its own word says more than none. */
const LIMIT_MS = 90_000

interface Said {
  readonly text: string
  readonly lines: readonly string[]
  readonly bad: boolean
}

interface Refused {
  readonly title?: string
  readonly detail?: string
  readonly fields?: readonly { readonly path: string; readonly message: string }[]
}

async function take(file: File): Promise<Said> {
  const response = await fetch('/api/v1/work-orders/import', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...changeHeaders() },
    body: JSON.stringify({ name: file.name, text: await file.text() }),
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  if (response.ok) {
    const { orders } = (await response.json()) as { orders: readonly string[] }
    return { text: fill(w.imported, { orders: orders.join(', ') }), lines: [], bad: false }
  }
  const { title, detail, fields = [] } = (await response.json()) as Refused
  const lines = fields.map(({ path, message }) => `${path}: ${message}`)
  return {
    text: w.refused,
    lines: lines.length > 0 ? lines : [`${title} ${detail ?? ''}`],
    bad: true,
  }
}

export function Import({ taken }: { readonly taken: () => void }) {
  const [said, setSaid] = useState<Said | null>(null)
  const file = useRef<HTMLInputElement>(null)
  const go = async () => {
    const [chosen] = file.current?.files ?? []
    if (chosen === undefined) return
    try {
      const met = await take(chosen)
      setSaid(met)
      if (!met.bad) taken()
    } catch {
      setSaid({ text: words.shell.noAnswer, lines: [], bad: true })
    }
  }
  return (
    <section class="card import no-print">
      <h2>{w.import}</h2>
      <p class="note" id="import-hint">
        {w.importHint}
      </p>
      <div class="row">
        <label>
          <span>{w.file}</span>{' '}
          <input
            type="file"
            ref={file}
            accept=".yaml,.yml,.json,.csv"
            aria-describedby="import-hint"
          />
        </label>
        <button class="main" type="button" onClick={() => void go()}>
          {w.importGo}
        </button>
      </div>
      <div role="status">
        {said === null ? null : <p class={said.bad ? 'bad' : 'good'}>{said.text}</p>}
        <ul>
          {said?.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </section>
  )
}
