// An agent that is killed in the middle of a lock-key echo: opens the keyboard of its arguments and echoes.
import { systemClock } from '../../../drivers/host/clock.ts'
import { openKeyboard } from '../../../drivers/keyboard/index.ts'

const [url = '', stateDir = ''] = process.argv.slice(2)
const numbers = {
  resetWaitMs: 50,
  // The second press never comes: the parent kills this process after the first.
  echo: { holdMs: 20, gapMs: 600_000, ledWaitMs: 400, settleMs: 2000, ledPollMs: 10 },
}
const keyboard = await openKeyboard(url, { clock: systemClock(), stateDir, numbers })
await keyboard?.ready()
await keyboard?.echo(new AbortController().signal)
