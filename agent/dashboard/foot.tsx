// The line below the tiles: the day's figures or what is wrong with broker and ledger, the last notice, sound, clock.
import { useState } from 'preact/hooks'
import { isKiosk } from './kiosk.ts'
import { isMuted, isSoundOn, startSound } from './sound.ts'
import type { PartHealth, Station } from './station.ts'
import { store, useTopic } from './store.ts'
import { clockText, stationNow, useTimed, zoneText } from './time.ts'
import { fill, words } from './words/words.ts'

const { foot } = words.board
const troubles: Readonly<Record<string, string>> = words.board.trouble

const sick = (station: Station, part: string): PartHealth | undefined =>
  station.health.find((health) => health.part === part && !health.ok)

/** When the next devices are likely to come out: from the p50 of the nearest one to its p90. */
function nextOut(): string {
  const now = stationNow()
  const next = store
    .views()
    .flatMap(({ signal, progress }) =>
      signal === 'working' && progress !== null && progress.share !== null ? [progress] : [],
    )
    .map(({ startedAt, p50Ms, p90Ms }) => ({ from: startedAt + p50Ms, to: startedAt + p90Ms }))
    .filter(({ to }) => to > now)
    .toSorted((a, b) => a.to - b.to)[0]
  if (next === undefined) return ''
  const [from, to] = [clockText(Math.max(next.from, now)), clockText(next.to)]
  return from === to ? to : `${from}–${to}`
}

function Figures({ station }: { readonly station: Station }) {
  const out = useTimed(() => nextOut())
  const { resealed, firstTimeRight } = station.today
  return (
    <span class="figures">
      {/* First, because what does not fit is left out: nobody may take play for work. */}
      {station.virtual ? <span class="tag">{foot.simulated}</span> : null}
      <span>
        {foot.today} <b>{resealed}</b> {foot.resealed}
      </span>
      {firstTimeRight === null ? null : (
        <span>
          {foot.firstTimeRight} <b>{Math.round(firstTimeRight * 100)} %</b>
        </span>
      )}
      {out === '' ? null : (
        <span>
          {foot.nextOut} <b>{out}</b>
        </span>
      )}
    </span>
  )
}

/** Broker or ledger gone: said in words, with what to do. */
function Trouble({ station }: { readonly station: Station }) {
  const ledger = sick(station, 'ledger')
  const broker = sick(station, 'broker')
  const { unsent } = station.outbox
  const wait = unsent > 0 ? ` ${fill(foot.waits, { n: unsent })}` : ''
  const why = troubles[(ledger ?? broker)?.code ?? '']
  const text =
    ledger === undefined
      ? `${fill(foot.noBroker, { why: why ?? words.board.trouble.broker })}${wait}`
      : fill(foot.noLedger, { why: why ?? words.board.trouble.ledger })
  return (
    <span class={ledger === undefined ? 'trouble' : 'trouble grave'} role="alert">
      {text}
    </span>
  )
}

function Dot({
  station,
  part,
}: {
  readonly station: Station
  readonly part: 'ledger' | 'broker' | 'uplink'
}) {
  const isSick = sick(station, part) !== undefined
  return (
    <span class={isSick ? 'dot sick' : 'dot'}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {isSick ? (
          <path d="M1 1l8 8M9 1L1 9" stroke="currentColor" stroke-width="2.4" />
        ) : (
          <circle cx="5" cy="5" r="4.4" fill="currentColor" />
        )}
      </svg>
      {foot[part]}
    </span>
  )
}

function Sound() {
  const [isOn, setOn] = useState(isSoundOn())
  if (isOn || isMuted()) return null
  return (
    <button type="button" class="ask" onClick={() => setOn(startSound())}>
      {foot.soundAsk}
    </button>
  )
}

/** A notice stands for some seconds where the figures are: there is one line, and nothing may move. */
function Left({ station }: { readonly station: Station }) {
  useTopic('notice')
  const { notice } = store
  if (notice !== null) {
    return <output class={notice.isGood ? 'notice good' : 'notice bad'}>{notice.text}</output>
  }
  const isTrouble = sick(station, 'ledger') !== undefined || sick(station, 'broker') !== undefined
  return isTrouble ? <Trouble station={station} /> : <Figures station={station} />
}

export function Foot() {
  useTopic('station')
  useTopic('link')
  const time = useTimed(clockText)
  const { station } = store
  if (station === null) return <footer class="foot" />
  const hasUplink = station.health.some(({ part }) => part === 'uplink')
  return (
    <footer class="foot">
      <span class="left">
        <Left station={station} />
      </span>
      <Sound />
      <span class={store.lostAt === null ? 'dots' : 'dots old'}>
        <Dot station={station} part="ledger" />
        <Dot station={station} part="broker" />
        {hasUplink ? <Dot station={station} part="uplink" /> : null}
      </span>
      {isKiosk ? null : <Gear />}
      <b class="clock">
        {time} <small>{zoneText()}</small>
      </b>
    </footer>
  )
}

function Gear() {
  return (
    <button
      type="button"
      class="gear"
      aria-label={foot.settings}
      onClick={() => store.openPanel('settings')}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path
          d="M4 7h10M18 7h2M4 17h2M10 17h10"
          stroke="currentColor"
          stroke-width="2.4"
          stroke-linecap="round"
        />
        <circle cx="16" cy="7" r="2.6" fill="none" stroke="currentColor" stroke-width="2.2" />
        <circle cx="8" cy="17" r="2.6" fill="none" stroke="currentColor" stroke-width="2.2" />
      </svg>
    </button>
  )
}
