// Webhooks: how each receiver stands, a test, and another round for what was given up.
import { useState } from 'preact/hooks'
import { ApiProblem, send } from '../../shared/api.ts'
import { timeText } from '../../shared/format.ts'
import { show } from '../../shared/shell.tsx'
import { useAnswer } from '../../shared/use-answer.ts'
import { Wide } from '../../shared/wide.tsx'
import { fill, words } from '../../words/words.ts'

const w = words.desk.hooks
const EVERY_MS = 5_000
const pathOf = (hook: string) => `/api/v1/webhooks/${encodeURIComponent(hook)}`

interface HookView {
  readonly hook: string
  readonly url: string
  readonly events: readonly string[]
  readonly waiting: number
  readonly dead: number
  readonly delivered: number
  readonly deliveredAt: number | null
  /** Why the last try failed. */
  readonly trouble: string | null
}
interface Dead {
  readonly seq: number
  readonly at: number
  readonly event: string
  readonly tries: number
  readonly why: string | null
}

function DeadOf(props: {
  readonly hook: string
  readonly resend: (seqs: number[] | null) => void
}) {
  const { value } = useAnswer<{ dead: readonly Dead[] }>(`${pathOf(props.hook)}/dead`, EVERY_MS)
  const dead = value?.dead ?? []
  if (dead.length === 0) return null
  return (
    <>
      <h2>{fill(w.deadOf, { hook: props.hook })}</h2>
      <p>
        <button type="button" onClick={() => props.resend(null)}>
          {w.resendAll}
        </button>
      </p>
      <Wide name={fill(w.deadOf, { hook: props.hook })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.desk.lookup.at}</th>
              <th scope="col">{w.event}</th>
              <th scope="col" class="number">
                {w.tries}
              </th>
              <th scope="col">{w.why}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {dead.map(({ seq, at, event, tries, why }) => (
              <tr key={seq}>
                <td>{timeText(at)}</td>
                <td>{event}</td>
                <td class="number">{tries}</td>
                <td>{why}</td>
                <td>
                  <button type="button" onClick={() => props.resend([seq])}>
                    {w.resend}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  )
}

function Page() {
  const { value, trouble, again } = useAnswer<{ webhooks: readonly HookView[] }>(
    '/api/v1/webhooks',
    EVERY_MS,
  )
  const [said, setSaid] = useState({ text: '', bad: false })
  const act = async (work: () => Promise<{ text: string; bad: boolean }>) => {
    try {
      setSaid(await work())
    } catch (error) {
      const text = error instanceof ApiProblem ? error.message : words.shell.noAnswer
      setSaid({ text, bad: true })
    }
    again()
  }
  const test = (hook: string) =>
    act(async () => {
      const { ok, words: met } = await send<{ ok: boolean; words: string }>(
        `${pathOf(hook)}/test`,
        {},
      )
      return { text: fill(ok ? w.testOk : w.testBad, { hook, words: met }), bad: !ok }
    })
  const resend = (hook: string, seqs: number[] | null) =>
    act(async () => {
      const { resent } = await send<{ resent: number }>(`${pathOf(hook)}/resend`, { seqs })
      return { text: fill(w.resent, { n: resent }), bad: false }
    })
  const hooks = value?.webhooks ?? []
  return (
    <section>
      {trouble === '' ? null : <p class="bad">{trouble}</p>}
      {value !== null && hooks.length === 0 ? <p class="note">{w.none}</p> : null}
      <p role="status" class={said.bad ? 'bad' : 'good'}>
        {said.text}
      </p>
      {hooks.length === 0 ? null : (
        <Wide name={words.desk.webhooks}>
          <table>
            <thead>
              <tr>
                {[w.hook, w.url, w.events].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
                {[w.delivered, w.waiting, w.dead].map((head) => (
                  <th key={head} scope="col" class="number">
                    {head}
                  </th>
                ))}
                <th scope="col">{w.last}</th>
                <th scope="col">{w.trouble}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {hooks.map((hook) => (
                <tr key={hook.hook}>
                  <th scope="row">{hook.hook}</th>
                  <td>{hook.url}</td>
                  <td>{hook.events.join(', ')}</td>
                  <td class="number">{hook.delivered}</td>
                  <td class="number">{hook.waiting}</td>
                  <td class="number">{hook.dead}</td>
                  <td>{hook.deliveredAt === null ? w.never : timeText(hook.deliveredAt)}</td>
                  <td class="bad">{hook.trouble}</td>
                  <td>
                    <button type="button" onClick={() => void test(hook.hook)}>
                      {w.test}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {hooks.map(({ hook }) => (
        <DeadOf key={hook} hook={hook} resend={(seqs) => void resend(hook, seqs)} />
      ))}
    </section>
  )
}

show(words.desk.webhooks, <Page />)
