// Where one can go from a page: one line for each page that people choose by name.
import { words } from '../words/words.ts'

/** The pages in the order in which people need them; names of folders below pages/. */
export const LINKS = [
  { path: '/', name: words.shell.board },
  { path: '/throughput', name: words.shell.throughput },
  { path: '/shift-report', name: words.throughput.report },
  { path: '/lookup', name: words.shell.lookup },
  { path: '/pack-out', name: words.shell.packOut },
  { path: '/orders', name: words.shell.orders },
  { path: '/webhooks', name: words.desk.webhooks },
  { path: '/barcodes', name: words.interfaces.barcodes.title },
  { path: '/api', name: words.interfaces.api.title },
  { path: '/audit', name: words.trust.audit.title },
  { path: '/accounts', name: words.trust.accounts.title },
  { path: '/login', name: words.trust.login.title },
] as const
