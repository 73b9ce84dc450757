// The reader's own thread: a page over a million runs never holds up the bench.
import { serve } from './channel.ts'
import type { Call, Reply } from './read-calls.ts'
import { CallAnswerer } from './read-calls.ts'

serve<{ readonly dir: string }, Call, Reply, null>(({ dir }) => ({
  answerer: new CallAnswerer(dir),
  hello: null,
}))
