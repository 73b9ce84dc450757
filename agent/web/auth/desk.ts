// What may be done to the accounts, in one place for pages, API and command line, with its line in the audit.
import type { Audited } from '../../core/audit.ts'
import type { AccountOp } from '../../wire/accounts.ts'
import { HttpProblem } from '../problem.ts'
import type { Accounts, AccountView, TokenView } from './accounts.ts'

/** Secrets in an answer are told once and kept nowhere. */
export type AccountAnswer =
  | { readonly accounts: readonly AccountView[]; readonly tokens: readonly TokenView[] }
  | { readonly account: AccountView; readonly password?: string; readonly badge?: string }
  | { readonly token: TokenView; readonly secret: string }
  | { readonly ended: string }

export interface Deed {
  readonly what: Audited
  readonly of?: string
  readonly ofAccount?: string
  readonly detail: Readonly<Record<string, string | boolean>>
}

/** What the audit says of an op; null for looking. */
export function deedOf(op: AccountOp): Deed | null {
  switch (op.op) {
    case 'list':
      return null
    case 'add':
      return {
        what: 'account-added',
        ofAccount: op.account,
        detail: { role: op.role, ...ordersOf(op) },
      }
    case 'change':
      return { what: 'account-changed', ofAccount: op.account, detail: changeOf(op.change) }
    case 'end':
      return { what: 'account-ended', ofAccount: op.account, detail: {} }
    case 'reset':
      return { what: 'password-reset', ofAccount: op.account, detail: {} }
    case 'badge':
      return { what: 'badge-made', ofAccount: op.account, detail: {} }
    case 'token-add':
      return {
        what: 'token-added',
        of: op.name,
        detail: { role: op.role, scopes: op.scopes.join(' '), days: String(op.days) },
      }
    case 'token-end':
      return { what: 'token-ended', of: op.id, detail: {} }
  }
}

const ordersOf = ({ orders }: { readonly orders?: readonly string[] | null | undefined }) =>
  orders === undefined ? {} : { orders: orders === null ? '*' : orders.join(' ') }

/** Names of people are kept out: the account says who it is. */
const changeOf = ({
  role,
  closed,
  orders,
}: Extract<AccountOp, { op: 'change' }>['change']): Deed['detail'] => ({
  ...(role === undefined ? {} : { role }),
  ...(closed === undefined ? {} : { closed }),
  ...ordersOf({ orders }),
})

/** @throws StationError BACKEND_ACCOUNT, BACKEND_NOT_FOUND, BACKEND_TOO_MANY, FILE_UNREADABLE */
export async function doAccountOp(
  accounts: Accounts,
  op: AccountOp,
  by: string,
): Promise<AccountAnswer> {
  const view = (account: string): AccountView => {
    const found = accounts.list().find((one) => one.account === account)
    if (found === undefined)
      throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No account ${account}.`)
    return found
  }
  switch (op.op) {
    case 'list':
      return { accounts: accounts.list(), tokens: accounts.tokens() }
    case 'add': {
      const { op: _op, ...body } = op
      return accounts.add(body)
    }
    case 'change':
      return { account: accounts.change(op.account, op.change) }
    case 'end':
      accounts.end(op.account)
      return { ended: op.account }
    case 'reset': {
      const password = await accounts.reset(op.account)
      return { account: view(op.account), password }
    }
    case 'badge': {
      const badge = accounts.makeBadge(op.account)
      return { account: view(op.account), badge }
    }
    case 'token-add': {
      const { op: _op, ...body } = op
      return accounts.addToken(body, by)
    }
    case 'token-end':
      accounts.endToken(op.id)
      return { ended: op.id }
  }
}
