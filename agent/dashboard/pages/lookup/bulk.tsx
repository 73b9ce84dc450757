// Many devices at once: pasted or from a file, answered as a table that is saved.
import { useRef, useState } from 'preact/hooks'
import { askedIn } from '../../../core/lookup-csv.ts'
import { changeHeaders } from '../../shared/session.ts'
import { fill, words } from '../../words/words.ts'

const w = words.desk.lookup
const LIMIT_MS = 60_000

function save(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

export function Bulk() {
  const [said, setSaid] = useState<{ text: string; bad: boolean }>({ text: '', bad: false })
  const area = useRef<HTMLTextAreaElement>(null)

  const make = async () => {
    const text = area.current?.value ?? ''
    const count = askedIn(text).length
    if (count === 0) return setSaid({ text: w.bulkEmpty, bad: true })
    setSaid({ text: w.working, bad: false })
    try {
      const response = await fetch('/api/v1/devices/lookup.csv', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...changeHeaders() },
        body: JSON.stringify({ text }),
        signal: AbortSignal.timeout(LIMIT_MS),
      })
      if (!response.ok) {
        const problem = (await response.json()) as { title?: string; detail?: string }
        return setSaid({ text: `${problem.title ?? ''} ${problem.detail ?? ''}`, bad: true })
      }
      save('reseal-lookup.csv', await response.blob())
      setSaid({ text: fill(w.bulkDone, { n: count }), bad: false })
    } catch {
      setSaid({ text: words.shell.noAnswer, bad: true })
    }
  }
  return (
    <section class="bulk">
      <h2>{w.bulk}</h2>
      <label for="many">{w.bulkHint}</label>
      <textarea id="many" ref={area} rows={8} spellcheck={false} />
      <div class="row">
        <label class="file">
          <span>{w.bulkFile}</span>
          <input
            type="file"
            accept=".csv,.txt,text/csv,text/plain"
            onChange={async (event) => {
              const [file] = event.currentTarget.files ?? []
              if (file !== undefined && area.current !== null)
                area.current.value = await file.text()
            }}
          />
        </label>
        <button class="main" type="button" onClick={() => void make()}>
          {w.bulkGo}
        </button>
      </div>
      <p role="status" class={said.bad ? 'bad' : 'good'}>
        {said.text}
      </p>
    </section>
  )
}
