// The sheet of command barcodes: printed, laminated and hung at the bench, for hands in gloves.
import { useEffect, useState } from 'preact/hooks'
import {
  BARCODE_GROUPS,
  type BarcodeCommand,
  bayCode,
  commandCode,
  GROUP_NAMES,
} from '../../../core/labels/barcodes.ts'
import { ask } from '../../shared/api.ts'
import { Barcode } from '../../shared/barcode.tsx'
import { barsOf, isWide } from '../../shared/bars.ts'
import { show } from '../../shared/shell.tsx'
import { fill, words } from '../../words/words.ts'

const texts = words.interfaces.barcodes

function Code({ text, word }: { readonly text: string; readonly word: string }) {
  const bars = barsOf(text)
  return (
    <figure class={bars !== null && isWide(bars) ? 'code wide' : 'code'}>
      <figcaption>{word}</figcaption>
      <Barcode text={text} label={word} />
      <code>{text}</code>
    </figure>
  )
}

function Sheet({ bays }: { readonly bays: readonly string[] }) {
  const [bay, setBay] = useState<string | null>(null)
  return (
    <>
      <p class="note no-print">{texts.intro}</p>
      <div class="choices no-print">
        <label>
          <span>{texts.scope}</span>
          <select value={bay ?? ''} onChange={(event) => setBay(event.currentTarget.value || null)}>
            <option value="">{texts.anyBay}</option>
            {bays.map((one) => (
              <option key={one} value={one}>
                {fill(texts.bay, { bay: one })}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="main" onClick={() => window.print()}>
          {texts.print}
        </button>
      </div>
      {bay === null && (
        <section>
          <h2>{texts.bays}</h2>
          <div class="codes">
            {bays.map((one) => (
              <Code key={one} text={bayCode(one)} word={fill(texts.bay, { bay: one })} />
            ))}
          </div>
        </section>
      )}
      {GROUP_NAMES.map((group) => (
        <section key={group}>
          <h2>
            {bay === null ? '' : `${fill(texts.bay, { bay })}: `}
            {texts.groups[group]}
          </h2>
          <div class="codes">
            {BARCODE_GROUPS[group].map((command: BarcodeCommand) => (
              <Code key={command} text={commandCode(bay, command)} word={texts.commands[command]} />
            ))}
          </div>
        </section>
      ))}
    </>
  )
}

function Page() {
  const [bays, setBays] = useState<readonly string[] | null>(null)
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    ask<{ readonly bays: readonly string[] }>('/api/v1/station').then(
      (station) => setBays(station.bays),
      () => setTrouble(words.shell.noAnswer),
    )
  }, [])
  if (trouble !== '') return <p class="bad">{trouble}</p>
  return bays === null ? <p class="note">{words.shell.loading}</p> : <Sheet bays={bays} />
}

show(texts.title, <Page />)
