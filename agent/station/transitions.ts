// A line in the log for each transition that was committed, with its bay and run.
import type { Log } from '../log.ts'
import type { BenchControl } from '../ports.ts'

/** Tells every change of a bay's state from now on. */
export function tellTransitions(bench: BenchControl, log: Log): () => void {
  const before = new Map<string, string>()
  return bench.subscribe((bay) => {
    if (bay === null) return
    const view = bench.bay(bay)
    if (view === null) return
    const now = `${view.state} ${view.prompt?.loud === true ? view.prompt.id : ''} ${view.signal}`
    if (before.get(bay) === now) return
    before.set(bay, now)
    const fields = {
      bay,
      ...(view.run === null ? {} : { run: view.run }),
      state: view.state,
      ...(view.serial === null ? {} : { serial: view.serial }),
    }
    log.info(`${view.word}: ${view.line}`, fields)
  })
}
