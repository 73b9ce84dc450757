// Where one can go from a page, and which of these ways a person has: what would only be refused is not offered.
import type { Permission } from '../../core/roles.ts'
import { words } from '../words/words.ts'
import type { Session } from './session.ts'

export interface Link {
  readonly path: string
  readonly name: string
  /** What the page asks of the station first; a person without it sees nothing there. */
  readonly may: Permission
  /** Needed now and then, by few: it stands in the menu, so that the line stays one. */
  readonly isRare?: true
}

/** The pages in the order in which people need them; names of folders below pages/. */
export const LINKS: readonly Link[] = [
  { path: '/', name: words.shell.board, may: 'bays.read' },
  { path: '/throughput', name: words.shell.throughput, may: 'throughput.read' },
  { path: '/lookup', name: words.shell.lookup, may: 'devices.read' },
  { path: '/pack-out', name: words.shell.packOut, may: 'packout.scan' },
  { path: '/orders', name: words.shell.orders, may: 'orders.read' },
  { path: '/shift-report', name: words.throughput.report, may: 'throughput.read', isRare: true },
  {
    path: '/barcodes',
    name: words.interfaces.barcodes.title,
    may: 'labels.print',
    isRare: true,
  },
  { path: '/webhooks', name: words.desk.webhooks, may: 'webhooks.manage', isRare: true },
  { path: '/audit', name: words.trust.audit.title, may: 'audit.read', isRare: true },
  { path: '/accounts', name: words.trust.accounts.title, may: 'accounts.manage', isRare: true },
  { path: '/api', name: words.interfaces.api.title, may: 'health.read', isRare: true },
]

/** The ways of this session. Where nobody signs in there are no accounts to look after; null: nobody knows, so all of them. */
export function linksOf(session: Session | null): readonly Link[] {
  if (session === null) return LINKS
  const { signIn, person, mustChange } = session
  if (signIn === 'none') return LINKS.filter(({ path }) => path !== '/accounts')
  if (person === null || mustChange) return []
  return LINKS.filter(({ may }) => person.may.includes(may))
}

/** Where a person begins: the board, or the first page for whom the board is closed. */
export const homeOf = (session: Session): string => linksOf(session)[0]?.path ?? '/'
