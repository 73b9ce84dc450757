// The admin's page: who may come in, with which role, and the secrets that are told once.
import { useEffect, useState } from 'preact/hooks'
import { PERMISSION_NAMES, PERMISSIONS, type Permission, roleMay } from '../../../core/roles.ts'
import { ask, send } from '../../shared/api.ts'
import { Barcode } from '../../shared/barcode.tsx'
import { dayText } from '../../shared/format.ts'
import { ROLES, type Role } from '../../shared/session.ts'
import { show } from '../../shared/shell.tsx'
import { Wide } from '../../shared/wide.tsx'
import { fill, words } from '../../words/words.ts'

const w = words.trust.accounts
/** How the text of a badge begins. */
const BADGE = 'RSLB.'
const roles = words.trust.roles

interface Account {
  readonly account: string
  readonly name: string
  readonly role: Role
  readonly orders: readonly string[] | null
  readonly mustChange: boolean
  readonly closed: boolean
}
interface Token {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly scopes: readonly Permission[]
  readonly expiresAt: number
  readonly by: string
}
interface All {
  readonly accounts: readonly Account[]
  readonly tokens: readonly Token[]
}
interface Told {
  readonly password?: string
  readonly badge?: string
  readonly secret?: string
}
type Do = (path: string, body: object, method?: string) => Promise<void>

const at = (account: string, more = '') => `/api/v1/accounts/${encodeURIComponent(account)}${more}`
const text = (data: FormData, name: string) => String(data.get(name) ?? '').trim()

function RoleChoice({
  value,
  change,
}: {
  readonly value: Role
  readonly change?: (r: Role) => void
}) {
  return (
    <select
      name="role"
      aria-label={w.role}
      value={value}
      onChange={(event) => change?.(event.currentTarget.value as Role)}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {roles[role]}
        </option>
      ))}
    </select>
  )
}

function Rows({ accounts, act }: { readonly accounts: readonly Account[]; readonly act: Do }) {
  return (
    <Wide name={w.title}>
      <table class="cards">
        <thead>
          <tr>
            {[words.trust.login.account, w.name, w.role, w.orders, w.state, ''].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ account, name, role, orders, mustChange, closed }) => (
            <tr key={account}>
              <th scope="row">{account}</th>
              <td data-label={w.name}>{name}</td>
              <td data-label={w.role}>
                <RoleChoice
                  value={role}
                  change={(next) => void act(at(account), { role: next }, 'PATCH')}
                />
              </td>
              <td data-label={w.orders}>{orders === null ? w.all : orders.join(', ')}</td>
              <td data-label={w.state}>{closed ? w.closed : mustChange ? w.first : w.open}</td>
              <td class="row">
                <button
                  type="button"
                  onClick={() => void act(at(account), { closed: !closed }, 'PATCH')}
                >
                  {closed ? w.reopen : w.close}
                </button>
                <button type="button" onClick={() => void act(at(account, '/password'), {})}>
                  {w.reset}
                </button>
                <button
                  type="button"
                  disabled={role !== 'operator' && role !== 'lead'}
                  onClick={() => void act(at(account, '/badge'), {})}
                >
                  {w.badge}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

function AddAccount({ act }: { readonly act: Do }) {
  const take = (event: Event) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const data = new FormData(form)
    const orders = text(data, 'orders')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
    const name = text(data, 'name')
    void act('/api/v1/accounts', {
      account: text(data, 'account'),
      role: text(data, 'role'),
      ...(name === '' ? {} : { name }),
      ...(orders.length === 0 ? {} : { orders }),
    })
    form.reset()
  }
  return (
    <form class="row" onSubmit={take}>
      <label class="field">
        <span>{words.trust.login.account}</span>
        <input name="account" required maxLength={32} autocapitalize="none" />
      </label>
      <label class="field">
        <span>{w.name}</span>
        <input name="name" maxLength={64} />
      </label>
      <RoleChoice value="operator" />
      <label class="field">
        <span>{w.ordersHint}</span>
        <input name="orders" />
      </label>
      <button class="main" type="submit">
        {w.add}
      </button>
    </form>
  )
}

function Tokens({ tokens, act }: { readonly tokens: readonly Token[]; readonly act: Do }) {
  const [role, setRole] = useState<Role>('viewer')
  const take = (event: Event) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget as HTMLFormElement)
    const scopes = data.getAll('scope').map(String)
    void act('/api/v1/tokens', {
      name: text(data, 'name'),
      role,
      scopes,
      days: Number(data.get('days')),
    })
  }
  return (
    <section>
      <h2>{w.tokens}</h2>
      {tokens.length === 0 ? <p class="note">{w.none}</p> : null}
      {tokens.map(({ id, name, role: own, scopes, expiresAt, by }) => (
        <p key={id} class="row">
          <b>{name}</b>
          <span>
            {roles[own]}: {scopes.join(', ')}
          </span>
          <span>
            {w.until} {dayText(expiresAt)} · {w.by} {by}
          </span>
          <button type="button" onClick={() => void act(`/api/v1/tokens/${id}`, {}, 'DELETE')}>
            {w.end}
          </button>
        </p>
      ))}
      <form class="card" onSubmit={take}>
        <div class="row">
          <label class="field">
            <span>{w.name}</span>
            <input name="name" required maxLength={64} />
          </label>
          <RoleChoice value={role} change={setRole} />
          <label class="field">
            <span>{w.days}</span>
            <input name="days" type="number" min={1} max={730} value={90} />
          </label>
          <button class="main" type="submit">
            {w.addToken}
          </button>
        </div>
        <fieldset class="scopes">
          <legend>{w.scopes}</legend>
          {PERMISSION_NAMES.filter((one) => roleMay(role, one)).map((one) => (
            <label key={one} class="tick" title={PERMISSIONS[one].does}>
              <input type="checkbox" name="scope" value={one} />
              <span>{one}</span>
            </label>
          ))}
        </fieldset>
      </form>
    </section>
  )
}

/** Fit to be cut out: the name and the bars, in the width that a scanner reads at arm's length. */
function BadgeCard({ badge, of }: { readonly badge: string; readonly of: string }) {
  return (
    <>
      <b class="of">{of}</b>
      <Barcode text={badge} label={fill(w.badgeBars, { name: of })} />
      <code>{badge}</code>
      <button type="button" class="main no-print" onClick={() => window.print()}>
        {w.printBadge}
      </button>
    </>
  )
}

function Page() {
  const [all, setAll] = useState<All | null>(null)
  const [told, setTold] = useState<string>('')
  /** The account that it was told for. */
  const [of, setOf] = useState('')
  const [why, setWhy] = useState('')
  const say = (error: unknown) => setWhy(error instanceof Error ? error.message : String(error))
  const look = () => void ask<All>('/api/v1/accounts').then(setAll, say)
  useEffect(look, [])
  const act: Do = async (path, body, method = 'POST') => {
    setWhy('')
    try {
      const { password, badge, secret } = await send<Told>(path, body, method)
      setTold(password ?? badge ?? secret ?? '')
      setOf(decodeURIComponent(path.split('/')[4] ?? ''))
      look()
    } catch (error) {
      say(error)
    }
  }
  return (
    <>
      <p class="bad" role="alert">
        {why}
      </p>
      {told === '' ? null : (
        <section class="card once" aria-live="polite">
          <span class="no-print">{w.once}</span>
          {told.startsWith(BADGE) ? <BadgeCard badge={told} of={of} /> : <code>{told}</code>}
        </section>
      )}
      {all === null ? (
        <p class="note">{words.shell.loading}</p>
      ) : (
        <>
          <Rows accounts={all.accounts} act={act} />
          <AddAccount act={act} />
          <Tokens tokens={all.tokens} act={act} />
        </>
      )}
    </>
  )
}

show(w.title, <Page />)
