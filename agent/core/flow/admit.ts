// Whether an input is meant for what the bay does now: late and foreign ones are journalled and change nothing.
import type { AnsweredFact, Fact, UndoFact } from '../facts.ts'
import type { Output } from '../output.ts'
import { promptOf } from '../prompts.ts'
import type { Step } from './context.ts'

/** True when the input goes on to the flow; says how an answer or undo was taken. */
export function admit(c: Step, fact: Fact): boolean {
  switch (fact.kind) {
    case 'answered':
      c.taken = taking(c, fact)
      // A serial number becomes an identity in the bench, which knows its order: here it answers nothing yet.
      if (c.taken !== 'taken' || fact.answer === 'serial') return false
      c.s.answered = { prompt: fact.prompt, answer: fact.answer, text: fact.text ?? null }
      return true
    case 'undo':
      c.taken = undoes(c, fact) ? 'taken' : 'stale'
      if (c.taken === 'taken') c.s.answered = null
      return c.taken === 'taken'
    case 'played':
      if (c.before.play?.play !== fact.play) return false
      c.endPlay(fact.proof, fact.echo)
      return true
    case 'looked':
      return c.before.look?.id === fact.look && fact.seenAt >= c.before.look.since
    default:
      return true
  }
}

/** The same answer again is the same answer; another one is refused (architecture: engine rule 11). */
function taking(c: Step, fact: AnsweredFact): NonNullable<Output['taken']> {
  const { answered } = c.before
  if (answered?.prompt === fact.prompt) {
    const same = answered.answer === fact.answer && answered.text === (fact.text ?? null)
    return same ? 'same' : 'refused'
  }
  const prompt = promptOf(c.before, c.rules)
  if (prompt === null || prompt.id !== fact.prompt) return 'stale'
  return prompt.choices.some((choice) => choice.answer === fact.answer) ? 'taken' : 'refused'
}

/** A late undo of an answer that was settled long ago must not take back another closing; a bare one means this. */
function undoes(c: Step, fact: UndoFact): boolean {
  const { phase } = c.before
  if (phase.at !== 'closing') return false
  const { on } = phase.closing
  return on === null || fact.prompt === on || (fact.prompt as string) === ''
}
