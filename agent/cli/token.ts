// `token`: keys for programs, cut down to what they need and with an end.
import { type Command, InvalidArgumentError } from 'commander'
import { iso } from '../core/ids.ts'
import { isPermission, PERMISSION_NAMES, type Permission, ROLES, type Role } from '../core/roles.ts'
import { askAccounts } from './account-desk.ts'
import { given, opOf, ordersOption, roleOption } from './accounts.ts'
import { type CliIo, DEFAULT_DATA, print, printJson } from './io.ts'

interface Options {
  readonly data: string
  readonly json?: boolean
  readonly role: Role
  readonly scopes: readonly Permission[]
  readonly expires: number
  readonly orders?: readonly string[]
}

function scopes(text: string): readonly Permission[] {
  const names = text.split(',').map((one) => one.trim())
  const unknown = names.filter((name) => !isPermission(name))
  if (unknown.length > 0)
    throw new InvalidArgumentError(
      `No ${unknown.join(', ')}; there is ${PERMISSION_NAMES.join(', ')}`,
    )
  return names.filter(isPermission)
}

function days(text: string): number {
  const count = Number(/^(\d{1,3})d?$/.exec(text)?.[1])
  if (count >= 1 && count <= 730) return count
  throw new InvalidArgumentError('It is a number of days from 1 to 730: 90d')
}

export function addToken(program: Command, io: CliIo): void {
  const token = program.command('token').description('keys for programs that ask the station')
  const command = (name: string, text: string) =>
    token
      .command(name)
      .description(text)
      .option('--data <dir>', 'data directory', DEFAULT_DATA)
      .option('--json', 'one JSON document')

  command('add <name>', 'makes a token; its text is told once')
    .requiredOption('--role <role>', ROLES.join(', '), roleOption)
    .requiredOption('--scopes <list>', 'permissions of docs/ROLES.md, commas between', scopes)
    .option('--expires <days>', 'good for so many days', days, 90)
    .option('--orders <list>', 'work orders that an IT token sees', ordersOption)
    .action(async (name: string, { data, json, expires, role, orders, ...rest }: Options) => {
      const body = { op: 'token-add', name, role, days: expires, scopes: rest.scopes }
      const answer = await askAccounts(io, data, opOf({ ...body, ...given({ orders }) }))
      if (json === true || !('secret' in answer)) return printJson(io, answer)
      await print(io, `${answer.token.id}  good until ${iso(answer.token.expiresAt)}`)
      await print(io, `shown once: ${answer.secret}`)
    })
  command('list', 'every token with its end').action(async ({ data, json }: Options) => {
    const answer = await askAccounts(io, data, { op: 'list' })
    const tokens = 'tokens' in answer ? answer.tokens : []
    if (json === true) return printJson(io, tokens)
    for (const { id, name, role, scopes: own, expiresAt } of tokens)
      await print(io, `${id}  ${name}  ${role}  until ${iso(expiresAt)}  ${own.join(',')}`)
    if (tokens.length === 0) await print(io, 'no tokens')
  })
  command('remove <id>', 'ends a token').action(async (id: string, { data, json }: Options) => {
    const answer = await askAccounts(io, data, opOf({ op: 'token-end', id }))
    if (json === true) return printJson(io, answer)
    await print(io, `ended: ${id}`)
  })
}
