// The options dialog: move to the pre-provisioning entry, have selection and focus confirmed by name, only then Enter.
import type { AnsweredFact, Fact, LookedFact } from '../facts.ts'
import type { Windows } from '../pages.ts'
import type { EntryName } from '../rules.ts'
import { closeByWord } from './closing.ts'
import type { Step } from './context.ts'
import { lookElsewhere, routePage } from './locating.ts'
import { hold } from './opening.ts'
import { beginLanding } from './reviewing.ts'

/** Which entry a text names, in any known language; null = not one we know. */
export function entryOf(names: readonly EntryName[], text: string): EntryName['entry'] | null {
  const wanted = text.trim().replace(/\s+/g, ' ').toLowerCase()
  return names.find((name) => name.text.toLowerCase() === wanted)?.entry ?? null
}

/** Looks at a dialog's entries: the known options with our entry, a resealed device's, or a menu that nobody knows. */
export function dialogKind(
  names: readonly EntryName[],
  entries: readonly string[],
): 'ours' | 'resealed' | 'unknown' {
  const known = entries.map((text) => entryOf(names, text))
  if (entries.length === 0 || known.some((entry) => entry === null)) return 'unknown'
  if (known.includes('pre-provision')) return 'ours'
  return known.includes('install-package') && known.includes('reset') ? 'resealed' : 'unknown'
}

/** All moving about comes before the question (architecture: engine rule 4). */
export function beginMoving(
  c: Step,
  windows: Windows,
  on: string,
  moves = 0,
  burst: 'moves' | 'nudge' = 'moves',
): void {
  c.note({ windows })
  // The moves hold a Space: with the focus on a button it would press it. Once is right, after that only Tab.
  if (burst === 'moves' && c.run.moved && !c.byHand) {
    confirmSelection(c, moves)
    return
  }
  if (burst === 'moves') c.note({ moved: true })
  const how = c.press(
    'options',
    burst,
    on,
    { at: 'moving', moves: moves + 1 },
    'moves to the entry',
    'locate',
  )
  if (how === 'done') confirmSelection(c, moves + 1)
}

function confirmSelection(c: Step, moves: number): void {
  c.go(
    { at: 'selecting', moves },
    'asks what is selected',
    c.assisted ? {} : { confirm: c.at + c.rules.limits.confirmMs },
  )
}

export function onMoving(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'moving' || fact.kind !== 'played') return
  // An unknown move needs no more care than this: nothing is pressed before the names are confirmed.
  if (fact.proof === 'fault') c.keyless('locate')
  else confirmSelection(c, phase.moves)
}

export function onSelecting(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'selecting') return
  if (fact.kind === 'answered') onSelectAnswer(c, fact, phase.moves)
  else if (fact.kind === 'looked') onSelectLook(c, fact, phase.moves)
  else if (fact.kind === 'timer' && c.due('confirm')) hold(c, 'guard-failed', 'selection')
}

function onSelectAnswer(c: Step, fact: AnsweredFact, moves: number): void {
  switch (fact.answer) {
    case 'yes':
      enter(c, fact.prompt, fact.given)
      return
    case 'again':
      // Only Tab: the moves hold a Space, which would press whatever has the focus now.
      if (moves > c.rules.limits.nudgesMax) hold(c, 'guard-failed', 'selection')
      else beginMoving(c, c.run.windows, fact.prompt, moves, 'nudge')
      return
    case 'list':
      beginMoving(c, c.run.windows, fact.prompt, moves, moveOnList(c))
      return
    case 'no-entry':
      closeByWord(c, 'failed', {
        code: 'DEVICE_ALREADY_RESEALED',
        note: 'The pre-provisioning entry is not offered',
      })
      return
    default:
  }
}

function onSelectLook(c: Step, fact: LookedFact, moves: number): void {
  const { page, fields } = fact
  if (page !== 'options') {
    lookElsewhere(c, fact)
    return
  }
  if (dialogKind(c.rules.names, fields.entries ?? []) !== 'ours') {
    routePage(c, page, fields, fact.frame)
    return
  }
  const selected = fields.selected === undefined ? null : entryOf(c.rules.names, fields.selected)
  if (selected === 'pre-provision' && fields.focus === 'next' && fields.nextEnabled !== false)
    enter(c, fact.look, fact.seenAt)
  else if (moves > c.rules.limits.nudgesMax)
    hold(
      c,
      'guard-failed',
      `selected ${fields.selected ?? 'nothing'}, focus ${fields.focus ?? 'unknown'}`,
    )
  else
    beginMoving(
      c,
      c.run.windows,
      fact.look,
      moves,
      fields.focus === 'list' && selected !== 'pre-provision' ? moveOnList(c) : 'nudge',
    )
}

/** The focus is seen to be on the list: there the moves press nothing. */
function moveOnList(c: Step): 'moves' {
  c.note({ moved: false })
  return 'moves'
}

function enter(c: Step, on: string, given: number | null): void {
  c.see('entry-selected', c.assisted ? 'operator' : 'screen', on)
  const how = c.press(
    'options',
    'enter',
    on,
    { at: 'entering' },
    'opens the configuration page',
    'locate',
    given,
  )
  if (how === 'done') beginLanding(c, 0)
}

export function onEntering(c: Step, fact: Fact): void {
  if (fact.kind !== 'played') return
  if (fact.proof === 'fault') c.keyless('locate')
  else if (fact.proof === 'expired') confirmSelection(c, 0)
  else if (fact.proof === 'unknown') c.locate('Enter may have landed')
  else beginLanding(c, 0)
}
