// `accounts`: who may sign in at the board; works with and without a running station.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { isRole, ROLES, type Role } from '../core/roles.ts'
import type { AccountView } from '../web/auth/accounts.ts'
import type { AccountAnswer } from '../web/auth/desk.ts'
import { type AccountOp, accountOp } from '../wire/accounts.ts'
import { parse } from '../wire/http.ts'
import { askAccounts } from './account-desk.ts'
import { type CliIo, DEFAULT_DATA, print, printJson } from './io.ts'

interface Options {
  readonly data: string
  readonly json?: boolean
  readonly role?: Role
  readonly name?: string
  readonly orders?: readonly string[]
  readonly close?: boolean
  readonly open?: boolean
}

export const ordersOption = (text: string): readonly string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

export function roleOption(text: string): Role {
  if (isRole(text)) return text
  throw new InvalidArgumentError(`One of: ${ROLES.join(', ')}`)
}

/** The op, checked as the station checks it. */
export function opOf(value: unknown): AccountOp {
  const parsed = parse(accountOp, value)
  if (parsed.ok) return parsed.value
  const [first] = parsed.problems
  throw new InvalidArgumentError(`${first?.path ?? ''} ${first?.message ?? ''}`.trim())
}

const lineOf = ({ account, name, role, orders, mustChange, hasBadge, closed }: AccountView) =>
  [
    account.padEnd(20),
    role.padEnd(9),
    closed ? 'closed' : mustChange ? 'first password' : 'open',
    hasBadge ? 'badge' : '',
    orders === null ? '' : `orders ${orders.join(', ')}`,
    name === account ? '' : name,
  ]
    .filter((part) => part !== '')
    .join('  ')

/** What a person reads; secrets alone on the last line. */
async function tell(io: CliIo, answer: AccountAnswer, json: boolean | undefined): Promise<void> {
  if (json === true) return printJson(io, answer)
  if ('accounts' in answer) {
    for (const account of answer.accounts) await print(io, lineOf(account))
    if (answer.accounts.length === 0) await print(io, 'no accounts')
  } else if ('account' in answer) {
    await print(io, lineOf(answer.account))
    const { password, badge } = answer
    if (password !== undefined) await print(io, `first password, shown once: ${password}`)
    if (badge !== undefined) await print(io, `badge (Code 128), shown once: ${badge}`)
  } else if ('ended' in answer) await print(io, `ended: ${answer.ended}`)
}

export function addAccounts(program: Command, io: CliIo): void {
  const accounts = program.command('accounts').description('who may sign in at the board')
  const data = () => new Option('--data <dir>', 'data directory').default(DEFAULT_DATA)
  const run = async ({ data: dir, json }: Options, op: unknown) =>
    tell(io, await askAccounts(io, dir, opOf(op)), json)
  const command = (name: string, text: string) =>
    accounts.command(name).description(text).addOption(data()).option('--json', 'one JSON document')

  command('list', 'every account with its role').action((options: Options) =>
    run(options, { op: 'list' }),
  )
  command('add <account>', 'makes an account; its first password is told once')
    .requiredOption('--role <role>', ROLES.join(', '), roleOption)
    .option('--name <name>', 'what records and audit call it')
    .option('--orders <list>', 'work orders that an IT account sees, commas between', ordersOption)
    .action((account: string, { role, name, orders, ...rest }: Options) =>
      run(rest, { op: 'add', account, role, ...given({ name, orders }) }),
    )
  command('change <account>', 'changes role, name, orders; closes or opens it')
    .option('--role <role>', ROLES.join(', '), roleOption)
    .option('--name <name>', 'what records and audit call it')
    .option('--orders <list>', 'work orders that an IT account sees', ordersOption)
    .option('--close', 'nobody signs in with it any more')
    .option('--open', 'it may be used again')
    .action((account: string, { role, name, orders, close, open, ...rest }: Options) => {
      const closed = close === true ? true : open === true ? false : undefined
      const change = given({ role, name, orders, closed })
      return run(rest, { op: 'change', account, change })
    })
  command('remove <account>', 'ends it with all its sessions').action(
    (account: string, options: Options) => run(options, { op: 'end', account }),
  )
  command('reset <account>', 'gives it a new first password, told once').action(
    (account: string, options: Options) => run(options, { op: 'reset', account }),
  )
  command('badge <account>', 'makes the text of a badge for kiosks, told once').action(
    (account: string, options: Options) => run(options, { op: 'badge', account }),
  )
}

/** Only what was said. */
export const given = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
