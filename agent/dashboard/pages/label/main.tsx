// The label of a closed run: on paper of any printer, or on the station's own label printer.
import { useEffect, useState } from 'preact/hooks'
import type { Label } from '../../../core/labels/label.ts'
import { LABEL_WORDS } from '../../../core/labels/words.ts'
import { LABEL_SIZES, type LabelFormat, type LabelSize } from '../../../core/labels/zpl.ts'
import { ApiProblem, ask, send } from '../../shared/api.ts'
import { Barcode } from '../../shared/barcode.tsx'
import { Qr } from '../../shared/qr.tsx'
import { Scroll } from '../../shared/scroll.tsx'
import { show } from '../../shared/shell.tsx'
import { wholeTime } from '../../time.ts'
import { fill, language, words } from '../../words/words.ts'

const texts = words.interfaces.label
const spoken = LABEL_WORDS[language()]

interface Answer {
  readonly label: Label
  readonly hasPrinter: boolean
  readonly format: LabelFormat
}

const sentence = (error: unknown) =>
  error instanceof ApiProblem ? error.message : words.shell.noAnswer
const whole = (iso: string) => wholeTime(Date.parse(iso))

function Paper({ label, size }: { readonly label: Label; readonly size: LabelSize }) {
  const { serial, verdict, grade, code, handOverAfter, useBefore, order, bay, endedAt, url } = label
  const name = serial ?? spoken.noSerial
  const lines: readonly (readonly [string, string | null])[] = [
    [spoken.handOverAfter, handOverAfter === null ? null : whole(handOverAfter)],
    [spoken.useBefore, useBefore === null ? null : useBefore.slice(0, 10)],
    [texts.order, order],
    [`${texts.bay} ${bay}`, whole(endedAt)],
  ]
  return (
    <article class={`paper size-${size}`} aria-label={texts.title}>
      <div class="qr-place">
        <Qr text={url} label={fill(texts.qr, { serial: name })} />
      </div>
      <div class="said">
        <b class="verdict">{spoken.verdicts[verdict]}</b>
        <b class="serial">{name}</b>
        <span>
          {[grade === null ? null : spoken.grades[grade], code].filter(Boolean).join(' ')}
        </span>
        {lines.map(([what, value]) =>
          value === null ? null : (
            <span key={what}>
              {what}: {value}
            </span>
          ),
        )}
      </div>
      {serial !== null && <Barcode text={serial} label={fill(texts.bars, { serial })} />}
    </article>
  )
}

function Print({ answer, run }: { readonly answer: Answer; readonly run: string }) {
  const [size, setSize] = useState<LabelSize>(answer.format.size)
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly text: string } | null>(null)
  const [isBusy, setBusy] = useState(false)
  const { label, hasPrinter } = answer
  const path = `/api/v1/runs/${encodeURIComponent(run)}/label`
  const print = async () => {
    setBusy(true)
    setSaid(null)
    try {
      await send(path, { size, language: language() })
      setSaid({ ok: true, text: fill(texts.printed, { serial: label.serial ?? run }) })
    } catch (error) {
      setSaid({ ok: false, text: sentence(error) })
    }
    setBusy(false)
  }
  const query = new URLSearchParams({ size, language: language() })
  return (
    <>
      <div class="choices no-print">
        <label>
          <span>{texts.size}</span>
          <select
            value={size}
            onChange={(event) => setSize(event.currentTarget.value as LabelSize)}
          >
            {LABEL_SIZES.map((one) => (
              <option key={one} value={one}>
                {one.replace('x', ' × ')} in
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="main" onClick={() => window.print()}>
          {texts.print}
        </button>
        <button type="button" disabled={!hasPrinter || isBusy} onClick={() => void print()}>
          {texts.printer}
        </button>
        <a class="zpl" href={`${path}.zpl?${query}`}>
          {texts.zpl}
        </a>
      </div>
      {!hasPrinter && <p class="note no-print">{texts.noPrinter}</p>}
      <p class={said?.ok === false ? 'bad no-print' : 'good no-print'} role="status">
        {said?.text ?? ''}
      </p>
      <Scroll label={texts.title}>
        <Paper label={label} size={size} />
      </Scroll>
    </>
  )
}

function Page({ run }: { readonly run: string | null }) {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [trouble, setTrouble] = useState(run === null ? texts.none : '')
  useEffect(() => {
    if (run === null) return
    ask<Answer>(`/api/v1/runs/${encodeURIComponent(run)}/label`).then(setAnswer, (error: unknown) =>
      setTrouble(sentence(error)),
    )
  }, [run])
  if (trouble !== '') return <p class="bad">{trouble}</p>
  if (answer === null || run === null) return <p class="note">{words.shell.loading}</p>
  return <Print answer={answer} run={run} />
}

show(texts.title, <Page run={new URLSearchParams(location.search).get('run')} />)
