// One device's answer as remote IT reads it: the word first, then dates, alarms, attempts and the chain of evidence.
import type { ResealAnswer } from '../../../core/reseal-answer.ts'
import { dayText, timeText } from '../../shared/format.ts'
import { Wide } from '../../shared/wide.tsx'
import { kindOf, say } from '../../words/say.ts'
import { fill, words } from '../../words/words.ts'

const w = words.desk.lookup

interface Headline {
  readonly look: 'good' | 'bad' | 'hold' | 'plain'
  readonly glyph: string
  readonly word: string
  readonly hint: string
}

/** What the dates mean today; the station's own clock decides at the packing table. */
function whenOf({ handOverAfter, useBefore }: ResealAnswer): string {
  const now = Date.now()
  if (useBefore !== undefined && Date.parse(useBefore) <= now) return w.pastUse
  if (handOverAfter !== undefined && Date.parse(handOverAfter) > now)
    return fill(w.notYet, { time: timeText(handOverAfter) })
  return w.ready
}

function headlineOf(answer: ResealAnswer): Headline {
  const bay = answer.bay ?? ''
  switch (answer.answer) {
    case 'resealed':
      return answer.alarms.length > 0
        ? { look: 'bad', glyph: '▲', word: w.alarm, hint: w.alarmHint }
        : { look: 'good', glyph: '✔', word: w.resealed, hint: whenOf(answer) }
    case 'not-resealed':
      return { look: 'bad', glyph: '✖', word: w.notResealed, hint: say(answer.error?.action ?? '') }
    case 'open': {
      const hint = fill(answer.phase === 'hold' ? w.onHold : w.inBay, { bay })
      return { look: 'hold', glyph: '❚❚', word: w.open, hint }
    }
    case 'not-seen':
      return { look: 'plain', glyph: '○', word: w.notSeen, hint: w.notSeenHint }
  }
}

const gradeText = (grade: NonNullable<ResealAnswer['grade']>) => w[grade]

/** Name and value of what is known; what is not known has no row. */
function rowsOf(answer: ResealAnswer): readonly (readonly [name: string, value: string])[] {
  const { grade, endedAt, handOverAfter, useBefore, workOrder, device, error, verdict } = answer
  const { confirmed, packedOut, proves } = answer
  const named = [device?.manufacturer, device?.model, device?.mac, device?.ztdId]
  const rows: readonly (readonly [string, string | undefined])[] = [
    [w.verdict, verdict === undefined ? undefined : w.verdicts[verdict]],
    [w.grade, grade === undefined ? undefined : gradeText(grade)],
    [w.handOver, handOverAfter === undefined ? undefined : timeText(handOverAfter)],
    [w.useBefore, useBefore === undefined ? undefined : dayText(useBefore)],
    [w.ended, endedAt === undefined ? undefined : timeText(endedAt)],
    [w.code, error?.code],
    [w.order, workOrder],
    [w.device, named.filter((part) => part !== undefined).join(' · ') || undefined],
    [
      fill(w.confirmed, { source: confirmed?.source ?? '' }),
      confirmed === undefined ? undefined : timeText(confirmed.at),
    ],
    [
      packedOut?.go === false ? w.packRefused : w.packed,
      packedOut === undefined ? undefined : timeText(packedOut.at),
    ],
    [w.proves, proves],
  ]
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}

function Table(props: {
  readonly title: string
  readonly heads: readonly string[]
  readonly rows: readonly (readonly string[])[]
}) {
  if (props.rows.length === 0) return null
  return (
    <>
      <h2>{props.title}</h2>
      <Wide name={props.title}>
        <table>
          <thead>
            <tr>
              {props.heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.rows.map((row) => (
              <tr key={row.join(' ')}>
                {row.map((cell, at) => (
                  <td key={props.heads[at]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  )
}

export function Answer({ answer }: { readonly answer: ResealAnswer }) {
  const { look, glyph, word, hint } = headlineOf(answer)
  const { found, alarms, runs, evidence, chain } = answer
  return (
    <article class={`card answer is-${look}`}>
      <p class="headline">
        <span class="glyph" aria-hidden="true">
          {glyph}
        </span>
        <span>
          <strong>{word}</strong>
          <span class="serial">{answer.serial}</span>
        </span>
      </p>
      {hint === '' ? null : <p class="hint">{hint}</p>}
      {found === undefined ? null : (
        <p class="note">
          {fill(w.found, { by: found.by === 'mac' ? 'MAC' : 'ZtdId', value: found.value })}
          {found.others.length === 0 ? null : ` · ${w.others} ${found.others.join(', ')}`}
        </p>
      )}
      <dl>
        {rowsOf(answer).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Table
        title={w.alarms}
        heads={[w.at, w.code, w.kind]}
        rows={alarms.map(({ at, code, detail }) => [timeText(at), code, say(detail)])}
      />
      <Table
        title={fill(w.attempts, { n: answer.attempts })}
        heads={[w.ended, w.verdict, w.bay, w.run]}
        rows={runs.map(({ endedAt, verdict, bay, run }) => [
          timeText(endedAt),
          w.verdicts[verdict],
          bay,
          run,
        ])}
      />
      <Table
        title={w.evidence}
        heads={[w.at, w.source, w.kind]}
        rows={evidence.map(({ at, source, kind }) => [
          timeText(at),
          words.board.sources[source],
          kindOf(kind).text,
        ])}
      />
      {chain === undefined ? null : (
        <>
          <h2>{w.chain}</h2>
          <p class="digest">
            {fill(w.entry, { seq: chain.entry.seq, digest: chain.entry.digest })}
          </p>
        </>
      )}
    </article>
  )
}
