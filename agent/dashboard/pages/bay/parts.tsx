// Health of the parts that serve one bay, and its port at the switch where it has one.
import { useState } from 'preact/hooks'
import { personName } from '../../post.ts'
import { useMay } from '../../rights.tsx'
import { ApiProblem, send } from '../../shared/api.ts'
import type { PartHealth } from '../../station.ts'
import { store, useTopic } from '../../store.ts'
import { wholeTime } from '../../time.ts'
import { langOf, say } from '../../words/say.ts'
import { fill, words } from '../../words/words.ts'

const { bay: texts, actions, notice } = words.board
const names: Readonly<Record<string, string>> = words.board.parts

function Row({ one }: { readonly one: PartHealth }) {
  return (
    <li class={one.ok ? 'well' : 'ill'}>
      <b>
        <span aria-hidden="true">{one.ok ? '✓' : '✗'}</span> {names[one.part] ?? one.part}
      </b>{' '}
      {one.ok ? (
        texts.partOk
      ) : (
        <>
          {one.code} <span {...langOf(one.detail)}>{say(one.detail)}</span>{' '}
          <small>{wholeTime(one.since)}</small>
        </>
      )}
    </li>
  )
}

export function Parts({ bay }: { readonly bay: string }) {
  useTopic('station')
  const rows = store.station?.health.filter((one) => one.bay === bay) ?? []
  return (
    <section class="card">
      <h2>{texts.parts}</h2>
      {rows.length === 0 ? (
        <p>{texts.allFine}</p>
      ) : (
        <ul class="parts">
          {rows.map((one) => (
            <Row key={one.part} one={one} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** Shown where a switch is in the game: the station says whether this port may be switched. */
export function Port({ bay }: { readonly bay: string }) {
  const [isSure, setSure] = useState(false)
  const [told, tell] = useState<{ readonly text: string; readonly isGood: boolean } | null>(null)
  const may = useMay()
  useTopic('station')
  if (store.station?.switched?.includes(bay) !== true || !may('bays.service')) return null
  const ask = async (want: 'on' | 'off', what: string) => {
    setSure(false)
    try {
      const by = personName()
      await send(`/api/v1/bays/${encodeURIComponent(bay)}/port`, { want, ...(by ? { by } : {}) })
      tell({ text: fill(notice.taken, { what }), isGood: true })
    } catch (error) {
      const why = error instanceof ApiProblem ? say(error.problem.title) : ''
      const text =
        why === '' ? fill(notice.noAnswer, { what }) : fill(notice.refused, { what, why })
      tell({ text, isGood: false })
    }
  }
  return (
    <section class="card">
      <h2>{words.board.parts.link}</h2>
      <div class="row">
        <button
          type="button"
          data-answer="port-off"
          onClick={() => (isSure ? void ask('off', actions.portOff) : setSure(true))}
        >
          {isSure ? actions.portSure : actions.portOff}
        </button>
        <button type="button" data-answer="port-on" onClick={() => void ask('on', actions.portOn)}>
          {actions.portOn}
        </button>
      </div>
      <output class={told?.isGood === false ? 'bad' : 'good'}>{told?.text ?? ''}</output>
    </section>
  )
}
