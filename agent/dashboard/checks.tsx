// What was checked before the device is touched: findings of the network, and the lines of its TPM, side by side and never mixed.
import type { Finding, TpmVerdict } from '../core/facts.ts'
import { NO_PROMISE } from '../core/tpm/promise.ts'
import type { BayView, TpmView } from '../core/view.ts'
import { FLOW_WORDS, TPM_LINES, VERDICT_WORDS, WORDS } from './words.ts'

/** Glyph, word and colour say the same: nobody must tell red from green. */
const LOOKS: Readonly<Record<TpmVerdict, readonly [glyph: string, look: string]>> = {
  GO: ['✓', 'good'],
  HOLD: ['?', 'hold'],
  'NO-GO': ['✗', 'bad'],
  'not-seen': ['·', 'unseen'],
}
const FLOW_LOOKS = { passed: 'GO', failed: 'NO-GO', 'not-reached': 'not-seen' } as const

function Badge({ as, words }: { readonly as: TpmVerdict; readonly words: string }) {
  const [glyph, look] = LOOKS[as]
  return (
    <b class={`badge ${look}`}>
      <span aria-hidden="true">{glyph}</span> {words}
    </b>
  )
}

function Reasons({ tpm, side }: { readonly tpm: TpmView; readonly side: 'station' | 'windows' }) {
  const own = tpm.reasons.filter((reason) => reason.side === side)
  if (own.length === 0) return null
  return (
    <ul>
      {own.map(({ id, verdict, words, value, hint }) => (
        <li key={id} class={LOOKS[verdict][1]}>
          <b>
            <span aria-hidden="true">{LOOKS[verdict][0]}</span> {words}
          </b>
          <span class="value">{value}</span>
          {hint === '' ? null : <span class="hint">{hint}</span>}
        </li>
      ))}
    </ul>
  )
}

function Tpm({ tpm }: { readonly tpm: TpmView }) {
  const { flow, demands } = tpm
  const told =
    flow.code === undefined ? FLOW_WORDS[flow.result] : `${FLOW_WORDS[flow.result]} ${flow.code}`
  return (
    <section class="tpm" aria-label="TPM">
      <div class="lines">
        {(['station', 'windows'] as const).map((side) => (
          <div key={side} data-line={side}>
            <h3>{TPM_LINES[side]}</h3>
            <Badge as={tpm[side]} words={VERDICT_WORDS[tpm[side]]} />
            <Reasons tpm={tpm} side={side} />
          </div>
        ))}
        <div data-line="flow">
          <h3>{TPM_LINES.flow}</h3>
          <Badge as={FLOW_LOOKS[flow.result]} words={told} />
        </div>
      </div>
      {demands.length === 0 ? null : (
        <p class="demands">
          {WORDS.orderDemands}: {demands.join(', ')}
        </p>
      )}
      <p class="promise">{NO_PROMISE}</p>
    </section>
  )
}

function PreCheck({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <section class="pre-check" aria-label={WORDS.preCheck}>
      <h3>{WORDS.preCheck}</h3>
      <ul>
        {findings.map(({ id, grade, value, hint }, at) => (
          <li key={`${id} ${at}`} class={grade === 'hold' ? 'hold' : 'unseen'}>
            <b>
              <span aria-hidden="true">{grade === 'hold' ? '?' : '!'}</span> {id}
            </b>
            <span class="value">{value}</span>
            {hint === '' ? null : <span class="hint">{hint}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Nothing where nothing was found and no TPM was seen. */
export function Checks({ view }: { readonly view: BayView }) {
  const { tpm, preCheck } = view
  if (tpm === undefined && preCheck === undefined) return null
  return (
    <div class="checks">
      {preCheck === undefined ? null : <PreCheck findings={preCheck} />}
      {tpm === undefined ? null : <Tpm tpm={tpm} />}
    </div>
  )
}
