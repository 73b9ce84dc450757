// Lets a person in: account and password, the first admin by the console's code, and the change of a first password.
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useState } from 'preact/hooks'
import { send } from '../../shared/api.ts'
import { homeOf } from '../../shared/links.ts'
import { type Session, session, wayBack } from '../../shared/session.ts'
import { show } from '../../shared/shell.tsx'
import { signOut } from '../../shared/use-session.ts'
import { fill, words } from '../../words/words.ts'

const w = words.trust.login
/** Back to where the person came from, else to the first page that is open to it. */
const on = async () => {
  const to = wayBack(location.search)
  location.href = to === '/' ? homeOf(await session()) : to
}

/** Fields of a form by name, as texts. */
function fieldsOf(event: Event): Readonly<Record<string, string>> {
  event.preventDefault()
  const data = new FormData(event.currentTarget as HTMLFormElement)
  return Object.fromEntries([...data].map(([name, value]) => [name, String(value)]))
}

function Form({
  title,
  hint,
  go,
  submit,
  children,
}: {
  readonly title: string
  readonly hint?: string
  readonly go: string
  readonly submit: (fields: Readonly<Record<string, string>>) => Promise<void>
  readonly children: ComponentChildren
}) {
  const [why, setWhy] = useState('')
  const [isBusy, setBusy] = useState(false)
  const take = async (event: Event) => {
    const fields = fieldsOf(event)
    setBusy(true)
    setWhy('')
    try {
      await submit(fields)
    } catch (error) {
      setWhy(error instanceof Error ? error.message : words.shell.noAnswer)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form class="card narrow" onSubmit={(event) => void take(event)}>
      <h2>{title}</h2>
      {hint === undefined ? null : <p class="note">{hint}</p>}
      {children}
      <button class="main" type="submit" disabled={isBusy}>
        {go}
      </button>
      <p class="bad" role="alert">
        {why}
      </p>
    </form>
  )
}

function Field({
  name,
  label,
  secret = false,
  complete,
  min = 1,
}: {
  readonly name: string
  readonly label: string
  readonly secret?: boolean
  readonly complete: 'username' | 'current-password' | 'new-password' | 'one-time-code'
  readonly min?: number
}) {
  const id = useId()
  return (
    <label class="field" htmlFor={id}>
      <span>{label}</span>
      {secret ? (
        <input
          id={id}
          type="password"
          name={name}
          autocomplete={complete}
          minLength={min}
          required
        />
      ) : (
        <input
          id={id}
          type="text"
          name={name}
          autocomplete={complete}
          autocapitalize="none"
          spellcheck={false}
          required
        />
      )}
    </label>
  )
}

function SignIn({ done }: { readonly done: () => void }) {
  const submit = async ({ account, password, kiosk }: Readonly<Record<string, string>>) => {
    const answer = await send<{ readonly mustChange: boolean }>('/api/v1/session', {
      account,
      password,
      kiosk: kiosk === 'on',
    })
    if (answer.mustChange) done()
    else await on()
  }
  return (
    <Form title={w.title} go={w.go} submit={submit}>
      <Field name="account" label={w.account} complete="username" />
      <Field name="password" label={w.password} secret complete="current-password" />
      <label class="tick">
        <input type="checkbox" name="kiosk" />
        <span>{w.kiosk}</span>
      </label>
    </Form>
  )
}

function First() {
  const submit = async ({ code, account, password }: Readonly<Record<string, string>>) => {
    await send('/api/v1/session/first', { code, account, password })
    await on()
  }
  return (
    <Form title={w.firstTitle} hint={w.firstHint} go={w.make} submit={submit}>
      <Field name="code" label={w.code} complete="one-time-code" />
      <Field name="account" label={w.account} complete="username" />
      <Field name="password" label={w.newPassword} secret complete="new-password" min={10} />
    </Form>
  )
}

function Change() {
  const submit = async ({ old, next }: Readonly<Record<string, string>>) => {
    await send('/api/v1/session/password', { old, new: next })
    await on()
  }
  return (
    <Form title={w.changeTitle} hint={w.changeHint} go={w.change} submit={submit}>
      <Field name="old" label={w.old} secret complete="current-password" />
      <Field name="next" label={w.newPassword} secret complete="new-password" min={10} />
    </Form>
  )
}

function SignedIn({
  person,
  home,
}: {
  readonly person: NonNullable<Session['person']>
  readonly home: string
}) {
  return (
    <section class="card narrow">
      <p>{fill(w.signedInAs, { name: person.name, role: words.trust.roles[person.role] })}</p>
      <p>
        <a href={home}>{w.on}</a>
      </p>
      <button type="button" onClick={() => void signOut()}>
        {w.out}
      </button>
    </section>
  )
}

function Page() {
  const [now, setNow] = useState<Session | null>(null)
  const look = () => void session().then(setNow, () => setNow(null))
  useEffect(look, [])
  if (now === null) return <p class="note">{words.shell.loading}</p>
  if (now.signIn === 'none') return <p class="note">{w.nobody}</p>
  if (now.first) return <First />
  if (now.person === null) return <SignIn done={look} />
  if (now.mustChange) return <Change />
  return <SignedIn person={now.person} home={homeOf(now)} />
}

show(w.title, <Page />)
