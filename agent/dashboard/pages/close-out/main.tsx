// An order's close-out on paper: figures, what is left to do and by whom, and every device with its outcome.
import { useEffect, useState } from 'preact/hooks'
import { timeText } from '../../shared/format.ts'
import { show } from '../../shared/shell.tsx'
import { useAnswer } from '../../shared/use-answer.ts'
import { Wide } from '../../shared/wide.tsx'
import { fill, words } from '../../words/words.ts'
import { Figures, type OrderAnswer, Serials, Todo } from '../orders/figures.tsx'

const w = words.desk.orders
/** More devices than this are for the CSV, not for paper. */
const ROWS_MAX = 2_000

/** The cells of a line as our own server writes it. */
function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

const outcomeOf = (word: string): string =>
  word === 'missing'
    ? w.missing
    : word === 'resealed-alarm'
      ? w.alarmed
      : (words.desk.lookup.verdicts[word as 'resealed'] ?? word)

function Devices({ path }: { readonly path: string }) {
  const [rows, setRows] = useState<readonly (readonly string[])[]>([])
  useEffect(() => {
    fetch(path)
      .then((response) => (response.ok ? response.text() : ''))
      .then((text) => setRows(text.trim().split('\r\n').slice(1, ROWS_MAX).map(cellsOf)))
      .catch(() => {})
  }, [path])
  return (
    <Wide name={w.devices}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.desk.lookup.serial}</th>
            <th scope="col">{w.outcome}</th>
            <th scope="col">{words.desk.lookup.grade}</th>
            <th scope="col" class="number">
              {w.attempts}
            </th>
            <th scope="col">{words.desk.lookup.ended}</th>
            <th scope="col">{words.desk.lookup.code}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([, serial = '', outcome = '', , grade, attempts, , endedAt = '', code]) => (
            <tr key={serial}>
              <th scope="row">{serial}</th>
              <td>{outcomeOf(outcome)}</td>
              <td>{grade}</td>
              <td class="number">{attempts}</td>
              <td>{endedAt === '' ? '' : timeText(endedAt)}</td>
              <td>{code}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

function CloseOut({ id }: { readonly id: string }) {
  const base = `/api/v1/work-orders/${encodeURIComponent(id)}`
  const { value: order, trouble } = useAnswer<OrderAnswer>(base, 0)
  if (order === null) return <p class={trouble === '' ? 'note' : 'bad'}>{trouble}</p>
  return (
    <section>
      <p class="row no-print">
        <a class="link" href={`/orders?order=${encodeURIComponent(id)}`}>
          {order.order}
        </a>
        <button class="main" type="button" onClick={() => window.print()}>
          {w.print}
        </button>
      </p>
      <h2>
        {fill(w.printed, { order: order.order })} · {order.customer}
      </h2>
      <p class="note">
        {order.tenantDomain} · {order.profile} · {fill(w.made, { time: timeText(Date.now()) })}
      </p>
      <Figures order={order} />
      <h2>{w.todo}</h2>
      <Todo order={order} />
      <Serials title={w.alarmed} serials={order.alarmedSerials} />
      <h2>{w.devices}</h2>
      <Devices path={`${base}/close-out.csv`} />
    </section>
  )
}

show(words.shell.orders, <CloseOut id={new URLSearchParams(location.search).get('order') ?? ''} />)
