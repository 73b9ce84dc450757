// The frame of every page besides the board: where one can go, language and colours, and the page itself.
import type { ComponentChildren } from 'preact'
import { render } from 'preact'
import { LANGUAGES, type Language, language, setLanguage, words } from '../words/words.ts'
import { LINKS } from './links.ts'
import { applyTheme, setTheme, THEMES, type Theme, theme } from './theme.ts'

const THEME_NAMES: Readonly<Record<Theme, string>> = {
  auto: words.shell.themeAuto,
  dark: words.shell.themeDark,
  light: words.shell.themeLight,
}

function Choices() {
  return (
    <div class="choices">
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
    </div>
  )
}

function Shell({
  title,
  children,
}: {
  readonly title: string
  readonly children: ComponentChildren
}) {
  return (
    <>
      <header class="shell">
        <nav aria-label="Reseal">
          {LINKS.map(({ path, name }) => (
            <a
              key={path}
              href={path}
              {...(location.pathname === path ? { 'aria-current': 'page' as const } : {})}
            >
              {name}
            </a>
          ))}
        </nav>
        <Choices />
      </header>
      <main>
        <h1>{title}</h1>
        {children}
      </main>
    </>
  )
}

/** Shows a page in its frame. */
export function show(title: string, page: ComponentChildren): void {
  applyTheme()
  document.documentElement.lang = language()
  document.title = `Reseal: ${title}`
  const root = document.getElementById('page')
  if (root !== null) render(<Shell title={title}>{page}</Shell>, root)
}
