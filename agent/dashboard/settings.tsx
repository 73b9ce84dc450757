// What belongs to this screen and this person: size and reading distance, name, sound; and a field to type a scan by hand.
import { useState } from 'preact/hooks'
import { personName, sendScan, setPersonName } from './post.ts'
import { readableFrom, SCREEN_INCHES, screenInches, setScreenInches } from './readable.ts'
import { isSoundOn, startSound } from './sound.ts'
import { store, useTopic } from './store.ts'
import { WORDS } from './words.ts'

const metres = (value: number) => `${value.toFixed(1)} m`

function Distance() {
  const [inches, setInches] = useState(screenInches())
  const from = readableFrom()
  return (
    <div class="setting">
      <label>
        <span>This screen, diagonal</span>
        <select
          value={inches}
          onChange={(event) => {
            setScreenInches(Number(event.currentTarget.value))
            setInches(Number(event.currentTarget.value))
          }}
        >
          {SCREEN_INCHES.map((size) => (
            <option key={size} value={size}>
              {size} inches
            </option>
          ))}
        </select>
      </label>
      <p class="distance">
        {from === null
          ? ''
          : `${store.bays().length} bays on this screen can be read from ${metres(from.number)} (number) and ${metres(from.word)} (word).`}
      </p>
    </div>
  )
}

function TypedScan() {
  const [text, setText] = useState('')
  return (
    <div class="setting">
      <label>
        <span>Type what a scanner would read</span>
        <input
          type="text"
          value={text}
          maxLength={4096}
          autocomplete="off"
          spellcheck={false}
          data-field="scan"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button
        type="button"
        class="action"
        data-answer="scan"
        disabled={text.trim() === ''}
        onClick={() => {
          void sendScan(text.trim())
          setText('')
        }}
      >
        {WORDS.send}
      </button>
    </div>
  )
}

export function Settings({ onClose }: { readonly onClose: () => void }) {
  useTopic('station')
  const [name, setName] = useState(personName())
  const [isOn, setOn] = useState(isSoundOn())
  const { station } = store
  return (
    <>
      <header class="quiet">
        <span class="says">
          <b>Settings</b>
          <span>of this screen; nothing here changes the bench</span>
        </span>
        <button type="button" class="close" aria-label={WORDS.close} onClick={onClose}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path
              d="M5 5l14 14M19 5L5 19"
              stroke="currentColor"
              stroke-width="3"
              stroke-linecap="round"
            />
          </svg>
        </button>
      </header>
      <div class="body">
        <Distance />
        <div class="setting">
          <label>
            <span>Your name, kept with your answers</span>
            <input
              type="text"
              value={name}
              maxLength={64}
              onInput={(event) => {
                setName(event.currentTarget.value)
                setPersonName(event.currentTarget.value)
              }}
            />
          </label>
        </div>
        <TypedScan />
        <div class="setting">
          <button type="button" class="action" onClick={() => setOn(startSound())}>
            {isOn ? WORDS.soundOn : WORDS.soundAsk}
          </button>
        </div>
        <p class="about">
          {station === null
            ? ''
            : `Station ${station.station}, site ${station.site}, Reseal ${station.version}`}
        </p>
      </div>
    </>
  )
}
