// Who did what, when and from where: newest first, older ones on demand, all of it as a file.
import { useEffect, useState } from 'preact/hooks'
import { AUDITED, type Audited, isAudited } from '../../../core/audit.ts'
import { ask } from '../../shared/api.ts'
import { timeText } from '../../shared/format.ts'
import { show } from '../../shared/shell.tsx'
import { Wide } from '../../shared/wide.tsx'
import { words } from '../../words/words.ts'

const w = words.trust.audit
const KINDS = Object.keys(AUDITED) as readonly Audited[]

interface Row {
  readonly seq: number
  readonly at: string
  readonly what: string
  readonly who: string
  readonly role: string | null
  readonly via: string
  readonly from: string
  readonly of: string | null
  readonly outcome: 'done' | 'refused'
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}
interface Answer {
  readonly rows: readonly Row[]
  readonly next: number | null
}

const detailText = (detail: Row['detail']) =>
  Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}`)
    .join(' · ')

function Line({ row }: { readonly row: Row }) {
  const { at, what, who, via, from, of, outcome, detail } = row
  return (
    <tr>
      <td class="number">{timeText(at)}</td>
      <td>{who}</td>
      <td class={outcome === 'refused' ? 'bad' : ''}>
        {isAudited(what) ? w.words[what] : what}
        {outcome === 'refused' && what !== 'refused' ? ` (${w.refused})` : ''}
      </td>
      <td>{of ?? ''}</td>
      <td>{[via, from].filter((one) => one !== '').join(', ')}</td>
      <td>{detailText(detail)}</td>
    </tr>
  )
}

function Page() {
  const [rows, setRows] = useState<readonly Row[] | null>(null)
  const [next, setNext] = useState<number | null>(null)
  const [what, setWhat] = useState('')
  const [why, setWhy] = useState('')
  const look = async (cursor: number | null, before: readonly Row[]) => {
    const kind = what === '' ? '' : `&what=${what}`
    const from = cursor === null ? '' : `&cursor=${cursor}`
    try {
      const answer = await ask<Answer>(`/api/v1/audit?max=100${kind}${from}`)
      setRows([...before, ...answer.rows])
      setNext(answer.next)
      setWhy('')
    } catch (error) {
      setWhy(error instanceof Error ? error.message : String(error))
    }
  }
  useEffect(() => void look(null, []), [what])
  return (
    <>
      <p class="note">{w.hint}</p>
      <div class="row">
        <label class="field">
          <span>{w.what}</span>
          <select value={what} onChange={(event) => setWhat(event.currentTarget.value)}>
            <option value="">{w.every}</option>
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {w.words[kind]}
              </option>
            ))}
          </select>
        </label>
        <a href="/api/v1/audit.ndjson" download>
          {w.save}
        </a>
      </div>
      <p class="bad" role="alert">
        {why}
      </p>
      {rows === null ? <p class="note">{words.shell.loading}</p> : null}
      {rows?.length === 0 ? <p class="note">{w.none}</p> : null}
      {rows === null || rows.length === 0 ? null : (
        <Wide name={w.title}>
          <table>
            <thead>
              <tr>
                {[w.when, w.who, w.what, w.of, w.from, w.detail].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Line key={row.seq} row={row} />
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {next === null ? null : (
        <button type="button" onClick={() => void look(next, rows ?? [])}>
          {w.more}
        </button>
      )}
    </>
  )
}

show(w.title, <Page />)
