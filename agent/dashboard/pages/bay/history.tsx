// What happened at one bay: its transitions as they are committed, and the runs that were closed here.

import { useEffect, useState } from 'preact/hooks'
import type { RecordBody } from '../../../core/record.ts'
import { ask } from '../../shared/api.ts'
import { Scroll } from '../../shared/scroll.tsx'
import { store, useTopic } from '../../store.ts'
import { clockText, duration, wholeTime } from '../../time.ts'
import { langOf, say } from '../../words/say.ts'
import { words } from '../../words/words.ts'

const { bay: texts, verdicts } = words.board
/** Rows of the ledger that are looked through when the page opens: some runs of a bench. */
const BACK = 600
const SHOWN = 15
const RUNS = 20

interface Happening {
  readonly seq: number
  readonly at: number
  readonly from: string
  readonly to: string
  readonly why: string
}

interface EventRow {
  readonly seq: number
  readonly at: number
  readonly topic: string
  readonly body: { readonly bay?: string } & Partial<Happening>
}

/** Words of a phase where there are some: the same as stand on the tile. */
const PHASES: Readonly<Record<string, string>> = {
  summon: 'summons the options',
  moving: 'moves to the entry',
  selecting: 'checks the selection',
  entering: 'opens the page',
  landing: 'page loads',
  reviewing: 'compares the names',
  refreshing: 'refreshes the page',
  accepting: 'starts',
  provisioning: 'provisioning',
  restarting: 'restarts',
  succeeding: 'green',
  resealing: 'presses Reseal',
  offproof: 'watches it go off',
  failing: 'red page',
  precheck: 'checks the network',
  echo: 'finds the keyboard',
  settling: 'link settling',
  closed: 'closed',
  done: 'resealed',
  empty: 'Free',
  present: 'Scan',
  identify: 'Scan',
  back: 'Scan',
  wiring: 'Plug',
  keyless: 'waits for the keyboard',
  locate: 'looks where it stands',
  hold: 'Hold',
  alarm: 'Stop',
  closing: 'closes in seconds',
  out: 'Closed',
  faulted: 'Bench',
  'dark-ask': 'Did it go dark by itself?',
  'retry-wait': 'waits for Retry',
  'retry-confirm': 'moves to Retry',
  retrying: 'presses Retry',
  resetting: 'being reset',
}
const phaseText = (phase: string) => say(PHASES[phase] ?? phase)

function useHappenings(bay: string): readonly Happening[] {
  const [rows, setRows] = useState<readonly Happening[]>([])
  useEffect(() => {
    let stream: EventSource | null = null
    const open = (seq: number) => {
      stream = new EventSource(`/api/v1/events?want=ledger&after=${Math.max(0, seq - BACK)}`)
      stream.addEventListener('ledger', (message) => {
        const { seq, at, topic, body } = JSON.parse(
          (message as MessageEvent<string>).data,
        ) as EventRow
        const { from, to, why } = body
        if (topic !== 'events' || body.bay !== bay) return
        if (from === undefined || to === undefined || from === to) return
        const row = { seq, at, from, to, why: why ?? '' }
        setRows((all) => (all.some((one) => one.seq === seq) ? all : [row, ...all].slice(0, SHOWN)))
      })
    }
    void ask<{ readonly seq: number }>('/api/v1/bays')
      .then(({ seq }) => open(seq))
      .catch(() => undefined)
    return () => stream?.close()
  }, [bay])
  return rows
}

export function Happened({ bay }: { readonly bay: string }) {
  const rows = useHappenings(bay)
  return (
    <section class="card">
      <h2>{texts.transcript}</h2>
      {rows.length === 0 ? (
        <p class="note">{texts.noTranscript}</p>
      ) : (
        <ol class="happened">
          {rows.map(({ seq, at, to, why }) => (
            <li key={seq}>
              <time title={wholeTime(at)}>{clockText(at)}</time>
              <b {...langOf(PHASES[to] ?? to)}>{phaseText(to)}</b>
              <span lang="en">{why}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

interface Stored {
  readonly seq: number
  readonly record: RecordBody
}

export function History({ bay }: { readonly bay: string }) {
  useTopic(`bay:${bay}`)
  const [runs, setRuns] = useState<readonly Stored[] | null>(null)
  const view = store.view(bay)
  // A run that has just closed belongs into the list: its verdict shows in the view.
  const mark = `${view?.run ?? ''} ${view?.signal ?? ''}`
  useEffect(() => {
    void ask<{ readonly runs: readonly Stored[] }>(
      `/api/v1/runs?max=${RUNS}&bay=${encodeURIComponent(bay)}`,
    )
      .then((page) => setRuns(page.runs))
      .catch(() => setRuns((before) => before ?? []))
  }, [bay, mark])
  if (runs === null) return null
  return (
    <section class="card">
      <h2>{texts.history}</h2>
      {runs.length === 0 ? (
        <p class="note">{texts.noRuns}</p>
      ) : (
        <Scroll label={texts.history}>
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.ended}</th>
                <th scope="col">{texts.device}</th>
                <th scope="col">{texts.verdict}</th>
                <th scope="col" class="number">
                  {texts.duration}
                </th>
              </tr>
            </thead>
            <tbody>
              {runs.map(({ seq, record }) => (
                <tr key={seq}>
                  <td>
                    <a href={`/run?run=${encodeURIComponent(record.run)}`}>
                      {wholeTime(Date.parse(record.endedAt))}
                    </a>
                  </td>
                  <td>{record.device.serial ?? '–'}</td>
                  <td class={`verdict ${record.verdict}`}>
                    {verdicts[record.verdict]} {record.error?.code ?? ''}
                  </td>
                  <td class="number">
                    {duration(Date.parse(record.endedAt) - Date.parse(record.startedAt))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}
