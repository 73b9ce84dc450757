// What the machine's tests did, line by line as it happens, and the sum at the end.
import process from 'node:process'
import type { Line, Machine } from './machine.ts'

const print = (text: string): void => void process.stdout.write(`${text}\n`)
const indented = (text: string): string => text.replace(/^/gm, '    ')

export class Report {
  #passed = 0
  #failed = 0
  readonly #proved: string[] = []
  readonly #from = performance.now()

  get failed(): number {
    return this.#failed
  }

  pass(name: string, ms: number): void {
    this.#passed++
    print(`  ok   ${name} (${(ms / 1000).toFixed(1)} s)`)
  }

  fail(name: string, why: string, console: string): void {
    this.#failed++
    print(`  FAIL ${name}\n${indented(why)}`)
    if (console !== '') print(`    the machine's console:\n${indented(indented(console))}`)
  }

  proved(what: string): void {
    this.#proved.push(what)
  }

  note(text: string): void {
    const s = ((performance.now() - this.#from) / 1000).toFixed(0)
    print(`[${s} s] ${text}`)
  }

  /** Prints what was proved and the line that .ci/run adds up. */
  end(): void {
    for (const what of this.#proved) print(`proved: ${what}`)
    print(`took ${((performance.now() - this.#from) / 1000).toFixed(0)} s`)
    print(`${this.#passed} passed, ${this.#failed} failed`)
  }
}

/** What the host does for the machine: the answer travels back. */
export type Hands = (line: Line) => Promise<Readonly<Record<string, unknown>>>

/** Follows the tests in a machine to their end; whatever did not run or end counts as failed. */
export async function follow(machine: Machine, report: Report, hands: Hands): Promise<void> {
  let left: number | null = null
  let running = 'the start of the tests'
  let isDone = false
  for await (const line of machine.lines()) {
    if (line.say === 'tests') left = Number(line['count'])
    else if (line.say === 'begin') running = String(line['name'])
    else if (line.say === 'proved') report.proved(String(line['what']))
    else if (line.say === 'note') report.note(String(line['text']))
    else if (line.say === 'ask') machine.tell({ id: line['id'], ...(await hands(line)) })
    else if (line.say === 'broke') report.fail(running, String(line['why']), machine.console())
    else if (line.say === 'test') {
      tested(line, machine, report)
      left = (left ?? 0) - 1
      running = 'between two tests'
    } else if (line.say === 'done') {
      isDone = true
      break
    }
  }
  if (left === 0 && isDone) return
  const why = machine.isLate ? 'The time for this machine is over.' : 'The machine ended early.'
  const open = left === null ? 'No test has begun.' : `${left} tests have not ended.`
  report.fail(running, `${why} ${open}`, machine.console())
}

function tested(line: Line, machine: Machine, report: Report): void {
  const name = String(line['name'])
  const troubles = Array.isArray(line['troubles']) ? line['troubles'].map(String) : ['?']
  if (troubles.length === 0) report.pass(name, Number(line['ms']))
  else report.fail(name, troubles.join('\n'), machine.console())
}
