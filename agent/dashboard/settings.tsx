// What belongs to this screen and this person: size and reading distance, language, colours, name, sound, and other pages.
import { useState } from 'preact/hooks'
import { personName, sendAction, sendScan, setPersonName } from './post.ts'
import { readableFrom, SCREEN_INCHES, screenInches, setScreenInches } from './readable.ts'
import { useMay, way } from './rights.tsx'
import { linksOf } from './shared/links.ts'
import { setTheme, THEMES, type Theme, theme } from './shared/theme.ts'
import { signOut, useSession } from './shared/use-session.ts'
import {
  chooseSound,
  isMuted,
  isSoundOn,
  LOUDNESS,
  type Loudness,
  loudness,
  SOUND_FOR,
  type SoundFor,
  soundFor,
  startSound,
} from './sound.ts'
import { store, useTopic } from './store.ts'
import { zoneText } from './time.ts'
import { wakeState } from './wake.ts'
import { fill, LANGUAGES, type Language, language, setLanguage, words } from './words/words.ts'

const { settings, panel, foot, actions } = words.board
const { shell, trust } = words
const oneDigit = (value: number) => value.toFixed(1)

function Pick<T extends string | number>(props: {
  readonly label: string
  readonly value: T
  readonly of: readonly (readonly [value: T, name: string])[]
  readonly take: (value: string) => void
}) {
  return (
    <label>
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.take(event.currentTarget.value)}>
        {props.of.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Distance() {
  const [inches, setInches] = useState(screenInches())
  const from = readableFrom()
  return (
    <div class="setting">
      <Pick
        label={settings.screen}
        value={inches}
        of={SCREEN_INCHES.map((n) => [n, fill(settings.inches, { n })])}
        take={(value) => {
          setScreenInches(Number(value))
          setInches(Number(value))
        }}
      />
      <p class="distance">
        {from === null
          ? ''
          : fill(settings.distance, {
              n: store.bays().length,
              number: oneDigit(from.number),
              word: oneDigit(from.word),
            })}
      </p>
    </div>
  )
}

function Looks() {
  const [chosen, choose] = useState<Theme>(theme('dark'))
  const names = { auto: shell.themeAuto, dark: shell.themeDark, light: shell.themeLight }
  return (
    <div class="setting">
      <Pick
        label={settings.language}
        value={language()}
        of={Object.entries(LANGUAGES).map(([tag, { self }]) => [tag as Language, self])}
        take={(tag) => setLanguage(tag as Language)}
      />
      <Pick
        label={settings.theme}
        value={chosen}
        of={THEMES.map((one) => [one, names[one]])}
        take={(one) => {
          setTheme(one as Theme)
          choose(one as Theme)
        }}
      />
    </div>
  )
}

function Sounds() {
  const [isOn, setOn] = useState(isSoundOn())
  const [loud, setLoud] = useState(loudness())
  const [what, setWhat] = useState(soundFor())
  const take = (nextLoud: Loudness, nextWhat: SoundFor) => {
    setLoud(nextLoud)
    setWhat(nextWhat)
    chooseSound(nextLoud, nextWhat)
    setOn(!isMuted())
  }
  const names = {
    all: settings.soundAll,
    you: settings.soundYou,
    alarm: settings.soundAlarm,
  }
  return (
    <div class="setting">
      <Pick
        label={settings.loudness}
        value={loud}
        of={LOUDNESS.map((one) => [one, settings[one]])}
        take={(one) => take(one as Loudness, what)}
      />
      <Pick
        label={settings.soundFor}
        value={what}
        of={SOUND_FOR.map((one) => [one, names[one]])}
        take={(one) => take(loud, one as SoundFor)}
      />
      {loud === 'mute' ? null : (
        <button type="button" class="action" onClick={() => setOn(startSound())}>
          {isOn ? settings.soundOn : foot.soundAsk}
        </button>
      )}
    </div>
  )
}

function TypedScan() {
  const [text, setText] = useState('')
  return (
    <div class="setting">
      <label>
        <span>{settings.typed}</span>
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
        {panel.send}
      </button>
    </div>
  )
}

/** One bay after the other: a lamp test is a commit each, and a person looks at one lamp at a time. */
async function testLamps(): Promise<void> {
  for (const bay of store.bays()) await sendAction(bay, 'lamp-test', actions.lampTest)
}

const WAKE = { on: settings.awake, refused: settings.awakeRefused, none: settings.awakeNone }

function About() {
  const { station } = store
  return (
    <div class="about">
      <p>{WAKE[wakeState()]}</p>
      <p>
        {fill(settings.zone, { zone: zoneText() })}{' '}
        {station === null
          ? ''
          : fill(settings.station, {
              station: station.station,
              site: station.site,
              version: station.version,
            })}
      </p>
    </div>
  )
}

/** Where this person can go from the board, and who it is. */
function Ways() {
  const session = useSession()
  const person = session?.signIn === 'needed' ? session.person : null
  const links = session === undefined ? [] : linksOf(session)
  return (
    <>
      <nav class="ways" aria-label={settings.pages}>
        {links
          .filter(({ path }) => path !== '/')
          .map(({ path, name }) => (
            <a key={path} href={path}>
              {name}
            </a>
          ))}
        <a href="/?kiosk">{settings.kiosk}</a>
      </nav>
      {person === null ? null : (
        <div class="setting">
          <p class="signed-in">
            {fill(trust.login.signedInAs, { name: person.name, role: trust.roles[person.role] })}
          </p>
          <button type="button" class="action" onClick={() => void signOut()}>
            {trust.login.out}
          </button>
        </div>
      )}
    </>
  )
}

export function Settings({ onClose }: { readonly onClose: () => void }) {
  useTopic('station')
  const [name, setName] = useState(personName())
  const may = useMay()
  return (
    <>
      <header class="quiet">
        <span class="says">
          <b>{settings.title}</b>
          <span>{settings.about}</span>
        </span>
        <button type="button" class="close" aria-label={panel.close} onClick={onClose}>
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
        <Looks />
        <Sounds />
        <div class="setting">
          <label>
            <span>{settings.name}</span>
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
        {may('bays.answer') || way() === 'badge' ? <TypedScan /> : null}
        {may('bays.answer') ? (
          <div class="setting">
            <button
              type="button"
              class="action"
              data-answer="lamps"
              onClick={() => void testLamps()}
            >
              {settings.lampTest}
            </button>
          </div>
        ) : null}
        <Ways />
        <About />
      </div>
    </>
  )
}
