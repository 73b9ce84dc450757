// The frame of every page besides the board: where this person can go, who it is, and the page itself.
import type { ComponentChildren } from 'preact'
import { render } from 'preact'
import { language, words } from '../words/words.ts'
import { type Link, linksOf } from './links.ts'
import { Me } from './me.tsx'
import { Menu } from './menu.tsx'
import { applyTheme } from './theme.ts'
import { useSession } from './use-session.ts'

const isHere = ({ path }: Link): boolean => location.pathname === path

function Way({ link }: { readonly link: Link }) {
  return (
    <a class="way" href={link.path} {...(isHere(link) ? { 'aria-current': 'page' as const } : {})}>
      {link.name}
    </a>
  )
}

function Top() {
  const session = useSession()
  const links = session === undefined ? [] : linksOf(session)
  const rare = links.filter((link) => link.isRare === true)
  return (
    <header class="shell">
      <nav aria-label="Reseal">
        <div class="ways">
          {links
            .filter((link) => link.isRare !== true)
            .map((link) => (
              <Way key={link.path} link={link} />
            ))}
        </div>
        {rare.length === 0 ? null : (
          <Menu kind="more" name={words.shell.more} isHere={rare.some(isHere)}>
            {rare.map((link) => (
              <Way key={link.path} link={link} />
            ))}
          </Menu>
        )}
      </nav>
      <div class="corner">
        <Me session={session} />
      </div>
    </header>
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
      <Top />
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
