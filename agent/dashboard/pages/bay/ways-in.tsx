// Two ways into a bay from elsewhere: the code that starts a probe on the device, and the QR code for a person's phone.
import type { BayView } from '../../../core/view.ts'
import { sendAction } from '../../post.ts'
import { useMay } from '../../rights.tsx'
import { Qr } from '../../shared/qr.tsx'
import { store, useTopic } from '../../store.ts'
import { clockText } from '../../time.ts'
import { fill, words } from '../../words/words.ts'

const { bay: texts } = words.board

export function Probe({ view }: { readonly view: BayView }) {
  const { probe } = view
  const may = useMay()
  if (probe === undefined && !may('bays.answer')) return null
  return (
    <section class="card">
      <h2>{texts.probe}</h2>
      {probe === undefined ? (
        <>
          <p>{texts.probeWhy}</p>
          <button
            type="button"
            data-answer="probe"
            onClick={() => void sendAction(view.bay, 'probe', texts.probeAsk)}
          >
            {texts.probeAsk}
          </button>
        </>
      ) : (
        <dl class="probe">
          <dt>
            {texts.probeCode}, {fill(texts.probeUntil, { time: clockText(probe.until) })}
          </dt>
          <dd class="code">{probe.code}</dd>
          <dt>{texts.probeWindows}</dt>
          <dd>
            <code>{probe.windows}</code>
          </dd>
          <dt>{texts.probeLinux}</dt>
          <dd>
            <code>{probe.linux}</code>
          </dd>
        </dl>
      )}
    </section>
  )
}

const isHere = (host: string) => /^(?:localhost|127\.|\[?::1)/.test(host)

/** The address of this board as a phone reaches it; null when only this PC does. */
function outerOrigin(): string | null {
  if (!isHere(location.hostname)) return location.origin
  return store.station?.outerUrl ?? null
}

export function PhoneCode({ bay }: { readonly bay: string }) {
  useTopic('station')
  const origin = outerOrigin()
  const url = origin === null ? '' : `${origin}/phone?bay=${encodeURIComponent(bay)}`
  return (
    <section class="card">
      <h2>{texts.phone}</h2>
      {origin === null ? (
        <p class="note">{texts.phoneLocal}</p>
      ) : (
        <>
          <p>{texts.phoneHow}</p>
          <Qr text={url} label={fill(texts.qr, { url })} />
          <p>
            <a href={url}>{url}</a>
          </p>
        </>
      )}
    </section>
  )
}
