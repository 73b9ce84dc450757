// The page of one closed run: verdict, times, timeline with its evidence, alarms, photos, chain, the record itself; fit for A4.

import { useEffect, useState } from 'preact/hooks'
import type { RecordBody } from '../../../core/record.ts'
import { Checks } from '../../checks.tsx'
import { type Cause, checksOf, endOf } from '../../record-checks.ts'
import { ApiProblem, ask } from '../../shared/api.ts'
import { Scroll } from '../../shared/scroll.tsx'
import { show } from '../../shared/shell.tsx'
import { duration, wholeTime } from '../../time.ts'
import { langOf, say } from '../../words/say.ts'
import { fill, words } from '../../words/words.ts'
import { Chain } from './chain.tsx'
import { Photos } from './photos.tsx'
import { Durations, Timeline } from './times.tsx'

const { run: texts, verdicts, grades } = words.board
const { shell } = words

export interface Chained {
  readonly entry: {
    readonly seq: number
    readonly kind: string
    readonly digest: string
    readonly prev: string
  }
  readonly head: string
}
interface Stored {
  readonly record: RecordBody
  readonly chain: Chained
  readonly cause?: Cause
}
interface Alarm {
  readonly at: string
  readonly code: string
  readonly detail: string
}

const whole = (iso: string | undefined) => (iso === undefined ? null : wholeTime(Date.parse(iso)))

function Head({ record, cause }: { readonly record: RecordBody; readonly cause: Cause | null }) {
  const { device, error, grade } = record
  const { why, todo } = endOf(record, cause)
  const took = Date.parse(record.endedAt) - Date.parse(record.startedAt)
  const rows: readonly (readonly [string, string | number | null | undefined])[] = [
    [words.board.facts.serial, device.serial],
    [texts.model, [device.manufacturer, device.model].filter(Boolean).join(' ')],
    ['ZtdId', device.ztdId],
    ['MAC', device.mac],
    [texts.grade, grade === undefined ? null : grades[grade]],
    [texts.bay, record.bay],
    [texts.workOrder, record.workOrder],
    [texts.operator, record.operator],
    [texts.attempt, record.attempt],
    [texts.retries, record.retries],
    [texts.started, whole(record.startedAt)],
    [texts.ended, whole(record.endedAt)],
    [texts.took, duration(took)],
    [texts.handOver, whole(record.handOverAfter)],
    [texts.useBefore, whole(record.useBefore)],
    [words.board.facts.run, record.run],
  ]
  return (
    <section class={`card head ${record.verdict}`}>
      <p class="verdict">
        <span aria-hidden="true">{record.verdict === 'resealed' ? '✓' : '✗'}</span>{' '}
        {verdicts[record.verdict]}
        {error === undefined ? null : <code>{error.code}</code>}
      </p>
      {why.length === 0 ? null : (
        <p data-why>
          <b>{texts.why}:</b>{' '}
          {why.map((text) => (
            <span key={text} {...langOf(text)}>
              {say(text)}{' '}
            </span>
          ))}
        </p>
      )}
      {todo === '' ? null : (
        <p>
          <b>{texts.whatToDo}:</b> <span {...langOf(todo)}>{say(todo)}</span>
        </p>
      )}
      <dl>
        {rows.map(([name, value]) =>
          value === null || value === undefined || value === '' ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  )
}

function Alarms({ record }: { readonly record: RecordBody }) {
  const [alarms, setAlarms] = useState<readonly Alarm[]>([])
  const { serial } = record.device
  useEffect(() => {
    if (serial === null) return
    void ask<{ readonly run?: string; readonly alarms: readonly Alarm[] }>(
      `/api/v1/devices/${encodeURIComponent(serial)}/reseal`,
    )
      .then((answer) => setAlarms(answer.run === record.run ? answer.alarms : []))
      .catch(() => undefined)
  }, [serial, record.run])
  return (
    <section class="card">
      <h2>{texts.alarms}</h2>
      {alarms.length === 0 ? (
        <p class="note">{texts.noAlarms}</p>
      ) : (
        <ul>
          {alarms.map(({ at, code, detail }) => (
            <li key={`${at} ${code}`} class="bad">
              <b>{code}</b> {whole(at)} <span {...langOf(detail)}>{say(detail)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Run({ stored }: { readonly stored: Stored }) {
  const { record } = stored
  return (
    <>
      <p class="no-print">
        <button type="button" class="main" onClick={() => window.print()}>
          {texts.print}
        </button>{' '}
        <a href={`/label?run=${encodeURIComponent(record.run)}`}>{words.interfaces.label.title}</a>
      </p>
      <Head record={record} cause={stored.cause ?? null} />
      <Durations record={record} />
      <Timeline record={record} />
      <Checks view={checksOf(record)} />
      <Alarms record={record} />
      <Photos run={record.run} />
      <Chain run={record.run} chain={stored.chain} />
      <details class="card no-print">
        <summary>{texts.record}</summary>
        <Scroll label={texts.record}>
          <pre>{JSON.stringify(record, null, 2)}</pre>
        </Scroll>
      </details>
    </>
  )
}

interface OpenBay {
  readonly bay: string
  readonly run: string | null
}

function Page({ run }: { readonly run: string }) {
  const [stored, setStored] = useState<Stored | null>(null)
  const [why, setWhy] = useState<string | null>(null)
  const [bay, setBay] = useState<string | null>(null)
  useEffect(() => {
    const look = async () => {
      try {
        setStored(await ask<Stored>(`/api/v1/runs/${encodeURIComponent(run)}`))
      } catch (error) {
        const isAway = error instanceof ApiProblem && error.problem.status === 404
        if (!isAway) {
          setWhy(error instanceof ApiProblem ? say(error.problem.title) : shell.noAnswer)
          return
        }
        const { bays } = await ask<{ readonly bays: readonly OpenBay[] }>('/api/v1/bays')
        const open = bays.find((view) => view.run === run)
        if (open === undefined) setWhy(fill(texts.notFound, { run }))
        else setBay(open.bay)
      }
    }
    look().catch(() => setWhy(shell.noAnswer))
  }, [run])
  if (bay !== null)
    return (
      <p>
        <a href={`/bay?bay=${encodeURIComponent(bay)}`}>{fill(texts.open, { bay })}</a>
      </p>
    )
  if (why !== null) return <p role="alert">{why}</p>
  return stored === null ? <p class="note">{shell.loading}</p> : <Run stored={stored} />
}

const run = new URLSearchParams(location.search).get('run')
show(texts.title, run === null ? <p>{texts.none}</p> : <Page run={run} />)
