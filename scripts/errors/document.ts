// Turns the fault tables of the program and its launcher into the text of docs/ERRORS.md.
import { FAULTS } from '../../agent/fault.ts'
import { SETUP_FAILURES } from '../launcher/failure.js'

const ACTS = {
  operator: 'the operator, now, at the bay',
  device: 'whoever takes the device aside',
  station: 'the bench owner; this bay stops, the others go on',
  backend: 'nobody; it is tried again',
  usage: 'whoever typed the command or wrote the file',
} as const

const HEAD = `# Errors

Every fault that Reseal can name: who must act, what it means, what to do. Codes are never reused.
They appear on the board, in records and messages, and on stderr as \`reseal: CODE: sentence. hint\`.

This page is written by \`npm run docs:errors\` from agent/fault.ts and scripts/launcher/failure.js; a
test compares it with them. Change the tables there, not here.
`

const INTRO = {
  operator:
    '## Operator\n\nA person at the bay can mend it at once; the bay waits and shows the hint.',
  device: '## Device\n\nThe device goes to the shelf; its run closes.',
  station: '## Station\n\nA part of the bench failed.',
  backend:
    '## Backend\n\nSomething beyond the bench is away; nothing is lost and it is tried again.',
  usage: '## Usage and configuration\n\nA command or a file is wrong; nothing was done.',
} as const

type Who = keyof typeof ACTS
const ORDER: readonly Who[] = ['operator', 'device', 'station', 'backend', 'usage']

/** A bar would end the cell. */
const cell = (text: string) => text.replaceAll('|', '\\|')
const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`

function section(who: Who): string {
  const rows = Object.entries(FAULTS).filter(([, fault]) => fault.who === who)
  if (rows.length === 0) return ''
  const table = rows.map(([code, { meaning, hint, transient }]) =>
    line([`\`${code}\``, ACTS[who], meaning, hint, transient ? 'maybe' : 'no']),
  )
  return [
    INTRO[who],
    '',
    '| code | who acts | meaning | what to do | goes away by itself |',
    '|---|---|---|---|---|',
    ...table,
    '',
  ].join('\n')
}

function setup(): string {
  const rows = Object.entries(SETUP_FAILURES).map(([code, { meaning, hint }]) =>
    line([`\`${code}\``, 'whoever set up the checkout', meaning, hint, 'no']),
  )
  return [
    '## Set-up',
    '',
    'The launcher stops before the program itself runs.',
    '',
    '| code | who acts | meaning | what to do | goes away by itself |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** The whole text of docs/ERRORS.md. */
export function errorsDocument(): string {
  return [HEAD, ...ORDER.map(section).filter((text) => text !== ''), setup()].join('\n')
}
