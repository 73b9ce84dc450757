// Big buttons for the answers, the expected one first, the pictured list behind "something else", a field where text is asked.
import { useEffect, useState } from 'preact/hooks'
import type { Choice, Prompt } from '../core/view.ts'
import { onLetter } from './keys.ts'
import { KEY_ELSE, KEY_SEND, type Lettered, lettered } from './letters.ts'
import { neededToSay } from './may.ts'
import { ScreenPicture } from './pictures.tsx'
import { sendAnswer, sendScan } from './post.ts'
import { LookOnly, useMay, way } from './rights.tsx'
import { say } from './words/say.ts'
import { fill, words } from './words/words.ts'

const { panel } = words.board

/** A question that has just come takes no answer for so long: the press was meant for the one before, ms. */
export const FRESH_MS = 400
const TEXT_MAX = 200

interface Asked {
  readonly bay: string
  readonly prompt: Prompt
}

function AnswerButton(props: {
  readonly lettered: Lettered
  readonly isExpected: boolean
  readonly give: (choice: Choice) => void
}) {
  const { choice, letter } = props.lettered
  const classes = ['answer', props.isExpected ? 'expected' : '', choice.pictured ? 'pictured' : '']
  return (
    <button
      type="button"
      class={classes.join(' ')}
      data-answer={choice.answer}
      onClick={() => props.give(choice)}
    >
      {choice.pictured ? <ScreenPicture picture={choice.picture ?? 'other'} /> : null}
      <span class="words">
        <kbd>{letter}</kbd>
        <span>{say(choice.label)}</span>
      </span>
      {choice.closes ? <small>{panel.closes}</small> : null}
    </button>
  )
}

/** Text is sent by its button or by the letter, never by Enter. */
function TextField(props: {
  readonly label: string
  readonly isCode: boolean
  readonly send: (text: string) => void
}) {
  const [text, setText] = useState('')
  const clean = text.trim()
  const send = () => {
    if (clean !== '') props.send(clean)
  }
  useEffect(() => onLetter(KEY_SEND, send))
  return (
    <div class="field">
      <label>
        <span>{say(props.label)}</span>
        <input
          type="text"
          value={text}
          maxLength={TEXT_MAX}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          placeholder={props.isCode ? '0x81039001' : ''}
          // A person has just asked for this field.
          ref={(input) => (input && text === '' ? input.focus() : undefined)}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button
        type="button"
        class="answer expected"
        data-answer="send"
        disabled={clean === ''}
        onClick={send}
      >
        <span class="words">
          <kbd>{KEY_SEND}</kbd>
          <span>{panel.send}</span>
        </span>
      </button>
    </div>
  )
}

function Buttons({ bay, prompt }: Asked) {
  const [isElse, setElse] = useState(false)
  const [typed, setTyped] = useState<Choice | null>(null)
  const [since] = useState(() => performance.now())
  const may = useMay()
  const { pictured, ...all } = lettered(prompt)
  const main = all.main.filter(({ choice }) => may(neededToSay(choice)))
  const kept = all.main.filter((one) => !main.includes(one))

  const give = (choice: Choice) => {
    if (performance.now() - since < FRESH_MS) return
    if (choice.text !== undefined) setTyped(choice)
    else void sendAnswer(bay, prompt.id, choice.answer, say(choice.label))
  }
  const sendText = (text: string) => {
    if (typed === null) return
    // A typed serial number takes the way of a scan: the station looks it up.
    if (typed.text === 'serial' && prompt.scan) void sendScan(text, bay)
    else void sendAnswer(bay, prompt.id, typed.answer, say(typed.label), text)
    setTyped(null)
  }
  useEffect(() => {
    const offs = [...main, ...(isElse ? pictured : [])].map(({ choice, letter }) =>
      onLetter(letter, () => give(choice)),
    )
    if (pictured.length > 0) offs.push(onLetter(KEY_ELSE, () => setElse((was) => !was)))
    return () => {
      for (const off of offs) off()
    }
  })

  return (
    <div class="answers">
      <div class="main">
        {main.map((one) => (
          <AnswerButton
            key={one.choice.answer}
            lettered={one}
            isExpected={one.choice.answer === prompt.expected}
            give={give}
          />
        ))}
        {pictured.length === 0 ? null : (
          <button
            type="button"
            class="answer else"
            data-answer="else"
            aria-expanded={isElse}
            onClick={() => setElse(!isElse)}
          >
            <span class="words">
              <kbd>{KEY_ELSE}</kbd>
              <span>{panel.somethingElse}</span>
            </span>
          </button>
        )}
      </div>
      {kept.length === 0 ? null : (
        <p class="look-only">
          {fill(way() === 'badge' ? panel.leadBadge : panel.leadOnly, {
            what: kept.map(({ choice }) => say(choice.label)).join(' · '),
          })}
        </p>
      )}
      {typed === null ? null : (
        <TextField label={typed.label} isCode={typed.text === 'code'} send={sendText} />
      )}
      {isElse ? (
        <div class="pictures">
          {pictured.map((one) => (
            <AnswerButton key={one.choice.answer} lettered={one} isExpected={false} give={give} />
          ))}
        </div>
      ) : null}
    </div>
  )
}

/** The question itself stands above; who may not answer it is told the way to do so. */
export function Answers({ bay, prompt }: Asked) {
  const may = useMay()
  return may('bays.answer') ? <Buttons bay={bay} prompt={prompt} /> : <LookOnly />
}
