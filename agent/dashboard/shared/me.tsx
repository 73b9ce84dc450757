// The corner of a page: who is signed in, out again, and what belongs to this screen: its language and colours.
import { LANGUAGES, type Language, language, setLanguage, words } from '../words/words.ts'
import { Menu } from './menu.tsx'
import type { Session } from './session.ts'
import { setTheme, THEMES, type Theme, theme } from './theme.ts'
import { signOut } from './use-session.ts'

const THEME_NAMES: Readonly<Record<Theme, string>> = {
  auto: words.shell.themeAuto,
  dark: words.shell.themeDark,
  light: words.shell.themeLight,
}

function Choices() {
  return (
    <>
      <label>
        <span>{words.shell.language}</span>
        <select
          value={language()}
          onChange={(event) => setLanguage(event.currentTarget.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([tag, { self }]) => (
            <option key={tag} value={tag} lang={tag}>
              {self}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{words.shell.theme}</span>
        <select value={theme()} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {THEME_NAMES[one]}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

export function Me({ session }: { readonly session: Session | null | undefined }) {
  const person = session?.signIn === 'needed' ? session.person : null
  const isStranger = session?.signIn === 'needed' && person === null
  return (
    <>
      {isStranger && location.pathname !== '/login' ? (
        <a class="way" href="/login">
          {words.trust.login.title}
        </a>
      ) : null}
      <Menu
        kind="me"
        name={
          <>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              {person === null ? (
                <path d="M4 8h10M18 8h2M4 16h2M10 16h10M14 5.5v5M10 13.5v5" />
              ) : (
                <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.5-6 8-6s8 2 8 6" />
              )}
            </svg>
            <span class="name">{person?.name ?? words.board.foot.settings}</span>
          </>
        }
      >
        {person === null ? null : (
          <p class="as">
            <b>{person.name}</b>
            <span>{words.trust.roles[person.role]}</span>
          </p>
        )}
        <Choices />
        {person === null ? null : (
          <button type="button" onClick={() => void signOut()}>
            {words.trust.login.out}
          </button>
        )}
      </Menu>
    </>
  )
}
