// Where the time of a run went, and what happened in it, each line with the source that says so.

import type { RecordBody } from '../../../core/record.ts'
import { Scroll } from '../../shared/scroll.tsx'
import { duration, wholeTime } from '../../time.ts'
import { kindOf } from '../../words/say.ts'
import { fill, words } from '../../words/words.ts'

const { run: texts, sources } = words.board
const steps: Readonly<Record<string, string>> = words.board.steps

const percent = (part: number, whole: number) =>
  whole <= 0 ? 0 : Math.round((part / whole) * 1000) / 10

function Bar({
  part,
  whole,
  hue,
}: {
  readonly part: number
  readonly whole: number
  readonly hue: string
}) {
  return (
    <span class="bar" aria-hidden="true">
      <span class={hue} style={{ width: `${percent(part, whole)}%` }} />
    </span>
  )
}

export function Durations({ record }: { readonly record: RecordBody }) {
  const all = Object.entries(record.durations).filter(([, ms]) => ms > 0)
  const whole = all.reduce((sum, [, ms]) => sum + ms, 0)
  if (whole === 0) return null
  const waits = [
    [texts.operatorWait, record.operatorWaitMs, 'person'],
    [texts.machineWait, record.machineWaitMs, 'machine'],
  ] as const
  return (
    <section class="card">
      <h2>{texts.durations}</h2>
      <table class="durations">
        <thead>
          <tr>
            <th scope="col">{texts.step}</th>
            <th scope="col" class="number">
              {texts.took}
            </th>
            <th scope="col" class="number">
              {texts.share}
            </th>
            <td class="wide" />
          </tr>
        </thead>
        <tbody>
          {all.map(([step, ms]) => (
            <tr key={step}>
              <th scope="row">{steps[step] ?? step}</th>
              <td class="number">{duration(ms)}</td>
              <td class="number">{percent(ms, whole)} %</td>
              <td class="wide">
                <Bar part={ms} whole={whole} hue="step" />
              </td>
            </tr>
          ))}
          {waits.map(([name, ms, hue]) => (
            <tr key={name} class="wait">
              <th scope="row">{name}</th>
              <td class="number">{duration(ms)}</td>
              <td class="number">{percent(ms, whole)} %</td>
              <td class="wide">
                <Bar part={ms} whole={whole} hue={hue} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Evidence({ record }: { readonly record: RecordBody }) {
  const lines = record.evidence.toSorted((a, b) => a.at - b.at)
  return (
    <Scroll label={texts.timeline}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.at}</th>
            <th scope="col">{texts.source}</th>
            <th scope="col">{texts.what}</th>
            <th scope="col">{texts.rests}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ at, source, kind, ref }, index) => (
            <tr key={`${at} ${index}`}>
              <td>{wholeTime(at)}</td>
              <td>{sources[source]}</td>
              <td title={kind} lang={kindOf(kind).lang}>
                {kindOf(kind).text}
              </td>
              <td class="ref">{ref}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** Some hundred bursts in a long run: folded, and not on paper. */
function Keys({ record }: { readonly record: RecordBody }) {
  const { keys } = record
  if (keys.length === 0) return null
  return (
    <details class="no-print">
      <summary>{fill(texts.keys, { n: keys.length })}</summary>
      <Scroll label={fill(texts.keys, { n: keys.length })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.at}</th>
              <th scope="col">{texts.what}</th>
              <th scope="col">{words.board.facts.proof}</th>
              <th scope="col">{texts.rests}</th>
            </tr>
          </thead>
          <tbody>
            {keys.map(({ at, script, burst, on, proof }, index) => (
              <tr key={`${at} ${index}`}>
                <td>{wholeTime(at)}</td>
                <td lang="en">
                  {script}/{burst}
                </td>
                <td lang="en">{proof}</td>
                <td class="ref">{on}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  )
}

export function Timeline({ record }: { readonly record: RecordBody }) {
  if (record.evidence.length === 0 && record.keys.length === 0) return null
  return (
    <section class="card">
      <h2>{texts.timeline}</h2>
      <Evidence record={record} />
      <Keys record={record} />
    </section>
  )
}
