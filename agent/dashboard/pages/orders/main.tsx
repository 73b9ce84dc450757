// Work orders: how far each one is, what remote IT must mend, and a new file taken whole or not at all.
import { useState } from 'preact/hooks'
import { show } from '../../shared/shell.tsx'
import { words } from '../../words/words.ts'
import { Import } from './import.tsx'
import { List } from './list.tsx'
import { One } from './one.tsx'

const chosen = new URLSearchParams(location.search).get('order')

/** The list looks again when a file was taken. */
function All() {
  const [taken, setTaken] = useState(0)
  return (
    <>
      <List key={taken} />
      <Import taken={() => setTaken((before) => before + 1)} />
    </>
  )
}

show(words.shell.orders, chosen === null ? <All /> : <One order={chosen} />)
