// Work orders: how far each one is, what remote IT must mend, and a new file taken whole or not at all.
import { show } from '../../shared/shell.tsx'
import { words } from '../../words/words.ts'
import { Import } from './import.tsx'
import { List } from './list.tsx'
import { One } from './one.tsx'

const chosen = new URLSearchParams(location.search).get('order')

show(
  words.shell.orders,
  chosen === null ? (
    <>
      <List />
      <Import />
    </>
  ) : (
    <One order={chosen} />
  ),
)
