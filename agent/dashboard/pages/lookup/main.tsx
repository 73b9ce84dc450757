// The look-up page: one box for one device, and a table for many; for remote IT, who sees nothing else of the bench.
import { show } from '../../shared/shell.tsx'
import { words } from '../../words/words.ts'
import { Bulk } from './bulk.tsx'
import { One } from './one.tsx'

show(
  words.shell.lookup,
  <div class="lookup">
    <One />
    <Bulk />
  </div>,
)
