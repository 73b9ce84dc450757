// One work order: figures, what must be mended and by whom, holds, missing serial numbers, and its close-out.
import { useAnswer } from '../../shared/use-answer.ts'
import { fill, words } from '../../words/words.ts'
import { Figures, type OrderAnswer, Serials, Todo } from './figures.tsx'

const w = words.desk.orders
const EVERY_MS = 10_000

export function One({ order: id }: { readonly order: string }) {
  const base = `/api/v1/work-orders/${encodeURIComponent(id)}`
  const { value: order, trouble } = useAnswer<OrderAnswer>(base, EVERY_MS)
  return (
    <section>
      <p class="row no-print">
        <a class="link" href="/orders">
          {w.back}
        </a>
        <a class="link" href={`/close-out?order=${encodeURIComponent(id)}`}>
          {w.closeOut}
        </a>
        <a class="link" href={`${base}/close-out.csv`} download>
          {w.csvDevices}
        </a>
        <a class="link" href={`${base}/close-out.csv?rows=runs`} download>
          {w.csvRuns}
        </a>
      </p>
      {trouble === '' ? null : <p class="bad">{trouble}</p>}
      {order === null ? null : (
        <>
          <h2>
            {order.order} · {order.customer}
          </h2>
          <p class="note">
            {order.tenantDomain} · {order.profile}
          </p>
          <Figures order={order} />
          {order.wrongCustomer.length === 0 ? null : (
            <>
              <h2>{w.held}</h2>
              <ul>
                {order.wrongCustomer.map(({ bay, serial }) => (
                  <li key={bay}>{fill(w.heldAt, { bay, serial: serial ?? '?' })}</li>
                ))}
              </ul>
            </>
          )}
          <h2>{w.todo}</h2>
          <Todo order={order} />
          <Serials title={w.alarmed} serials={order.alarmedSerials} />
          <Serials title={w.missing} serials={order.missingSerials} />
          <Serials title={w.strangers} serials={order.strangerSerials} />
          {order.openRuns.length === 0 ? null : (
            <>
              <h2>{w.openRuns}</h2>
              <ul>
                {order.openRuns.map(({ bay, serial }) => (
                  <li key={bay}>{fill(w.heldAt, { bay, serial: serial ?? '?' })}</li>
                ))}
              </ul>
            </>
          )}
          {order.cut ? <p class="note">{w.cut}</p> : null}
        </>
      )}
    </section>
  )
}
