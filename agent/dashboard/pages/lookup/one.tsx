// The box and its answer: what is asked stands in the address, so that an answer can be sent to a colleague.
import { useEffect, useRef, useState } from 'preact/hooks'
import { identsOf } from '../../../core/lookup.ts'
import type { ResealAnswer } from '../../../core/reseal-answer.ts'
import { ApiProblem, ask } from '../../shared/api.ts'
import { words } from '../../words/words.ts'
import { Answer } from './answer.tsx'

const w = words.desk.lookup

/** What goes into the path: the QR code of a page is read here, as it is too long for one. */
function pathOf(asked: string): string | null {
  const [first] = identsOf(asked)
  if (first === undefined) return null
  const text = first.by === 'serial' ? asked.trim() : first.value
  return text.length > 200 ? null : `/api/v1/devices/${encodeURIComponent(text)}/reseal`
}

const askedAtStart = () => new URLSearchParams(location.search).get('of') ?? ''

export function One() {
  const [answer, setAnswer] = useState<ResealAnswer | null>(null)
  const [trouble, setTrouble] = useState('')
  const box = useRef<HTMLInputElement>(null)
  const turn = useRef(0)

  const look = async (asked: string) => {
    const path = pathOf(asked)
    if (path === null) return
    turn.current += 1
    const mine = turn.current
    try {
      const found = await ask<ResealAnswer>(path)
      if (mine !== turn.current) return
      setTrouble('')
      setAnswer(found)
      history.replaceState(null, '', `?of=${encodeURIComponent(found.serial)}`)
    } catch (error) {
      if (mine !== turn.current) return
      setAnswer(null)
      setTrouble(error instanceof ApiProblem ? error.message : words.shell.noAnswer)
    }
    // The next scan writes over it.
    box.current?.select()
  }
  useEffect(() => {
    const asked = askedAtStart()
    if (asked !== '') void look(asked)
    else box.current?.focus()
  }, [])

  return (
    <section aria-label={words.shell.lookup}>
      <form
        class="ask"
        onSubmit={(event) => {
          event.preventDefault()
          void look(box.current?.value ?? '')
        }}
      >
        <label for="asked">{w.ask}</label>
        <div>
          <input
            id="asked"
            ref={box}
            type="text"
            autocomplete="off"
            spellcheck={false}
            maxLength={4096}
            defaultValue={askedAtStart()}
            aria-describedby="asked-hint"
          />
          <button class="main" type="submit">
            {w.go}
          </button>
        </div>
        <p class="note" id="asked-hint">
          {w.hint}
        </p>
      </form>
      <div role="status">
        {trouble === '' ? null : <p class="bad">{trouble}</p>}
        {answer === null ? null : <Answer answer={answer} />}
      </div>
    </section>
  )
}
