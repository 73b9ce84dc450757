// What was checked before the device is touched: findings of the network, and the lines of its TPM, side by side and never mixed.
import type { Finding, TpmVerdict } from '../core/facts.ts'
import type { BayView, TpmView } from '../core/view.ts'
import { findingOf, langOf, say } from './words/say.ts'
import { words } from './words/words.ts'

const { checks } = words.board

/** Glyph, word and colour say the same: nobody must tell red from green. */
const LOOKS: Readonly<Record<TpmVerdict, readonly [glyph: string, look: string]>> = {
  GO: ['✓', 'good'],
  HOLD: ['?', 'hold'],
  'NO-GO': ['✗', 'bad'],
  'not-seen': ['·', 'unseen'],
}
const FLOW_LOOKS = { passed: 'GO', failed: 'NO-GO', 'not-reached': 'not-seen' } as const

function Badge({ as, text }: { readonly as: TpmVerdict; readonly text: string }) {
  const [glyph, look] = LOOKS[as]
  return (
    <b class={`badge ${look}`}>
      <span aria-hidden="true">{glyph}</span> {text}
    </b>
  )
}

function Reasons({ tpm, side }: { readonly tpm: TpmView; readonly side: 'station' | 'windows' }) {
  const own = tpm.reasons.filter((reason) => reason.side === side)
  if (own.length === 0) return null
  return (
    <ul>
      {own.map(({ id, verdict, words: text, value, hint }) => (
        <li key={id} class={LOOKS[verdict][1]}>
          <b>
            <span aria-hidden="true">{LOOKS[verdict][0]}</span> {say(text)}
          </b>
          <span class="value" {...langOf(value)}>
            {say(value)}
          </span>
          {hint === '' ? null : (
            <span class="hint" {...langOf(hint)}>
              {say(hint)}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

function Tpm({ tpm }: { readonly tpm: TpmView }) {
  const { flow, demands } = tpm
  const told = flow.code === undefined ? checks[flow.result] : `${checks[flow.result]} ${flow.code}`
  return (
    <section class="tpm" aria-label="TPM">
      <div class="lines">
        {(['station', 'windows'] as const).map((side) => (
          <div key={side} data-line={side}>
            <h3>{checks[side]}</h3>
            <Badge as={tpm[side]} text={checks[tpm[side]]} />
            <Reasons tpm={tpm} side={side} />
          </div>
        ))}
        <div data-line="flow">
          <h3>{checks.flow}</h3>
          <Badge as={FLOW_LOOKS[flow.result]} text={told} />
        </div>
      </div>
      {demands.length === 0 ? null : (
        <p class="demands">
          {checks.demands}: {demands.join(', ')}
        </p>
      )}
      <p class="promise">{checks.promise}</p>
    </section>
  )
}

/** The finding's own name stands behind it, for who looks it up in the log. */
function Name({ of }: { readonly of: string }) {
  const { text, lang } = findingOf(of)
  return <span lang={lang}>{text}</span>
}

function PreCheck({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <section class="pre-check" aria-label={checks.preCheck}>
      <h3>{checks.preCheck}</h3>
      <ul>
        {findings.map(({ id, grade, value, hint }, at) => (
          <li key={`${id} ${at}`} class={grade === 'hold' ? 'hold' : 'unseen'}>
            <b title={id}>
              <span aria-hidden="true">{grade === 'hold' ? '?' : '!'}</span> <Name of={id} />
            </b>
            <span class="value" {...langOf(value)}>
              {say(value)}
            </span>
            {hint === '' ? null : (
              <span class="hint" {...langOf(hint)}>
                {say(hint)}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Nothing where nothing was found and no TPM was seen. */
export function Checks({ view }: { readonly view: Pick<BayView, 'tpm' | 'preCheck'> }) {
  const { tpm, preCheck } = view
  if (tpm === undefined && preCheck === undefined) return null
  return (
    <div class="checks">
      {preCheck === undefined ? null : <PreCheck findings={preCheck} />}
      {tpm === undefined ? null : <Tpm tpm={tpm} />}
    </div>
  )
}
