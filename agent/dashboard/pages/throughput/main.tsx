// The managers' page; its figures come with the throughput room of the API.
import { show } from '../../shared/shell.tsx'
import { words } from '../../words/words.ts'

show(words.shell.throughput, <p class="note">{words.shell.loading}</p>)
