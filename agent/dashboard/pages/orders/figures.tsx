// The figures of one work order and what must be done about it, for its page and for the close-out.
import type { OrderPicture, OrderPlan } from '../../../core/order-progress.ts'
import { Wide } from '../../shared/wide.tsx'
import { langOf, say } from '../../words/say.ts'
import { words } from '../../words/words.ts'
import { Bar } from './bar.tsx'

const w = words.desk.orders

export type OrderAnswer = OrderPicture & Omit<OrderPlan, 'serials' | 'count'>

const WHO: Readonly<Record<string, string>> = {
  'remote IT': w.whoIt,
  bench: w.whoBench,
  'OEM or service': w.whoOem,
  'image owner': w.whoImage,
  nobody: w.whoNobody,
}

export function Figures({ order }: { readonly order: OrderAnswer }) {
  const figures: readonly (readonly [string, number | null])[] = [
    [w.devices, order.devices],
    [w.resealed, order.resealed],
    [w.failed, order.failed],
    [w.again, order.again],
    [w.open, order.open],
    [w.missing, order.missing],
    [w.alarmed, order.alarmed],
    [w.strangers, order.strangers],
  ]
  return (
    <>
      <Bar {...order} />
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value ?? w.unknown}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

export function Todo({ order }: { readonly order: OrderAnswer }) {
  if (order.todo.length === 0) return <p class="note">{w.todoNone}</p>
  return (
    <Wide name={w.todo}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.desk.lookup.code}</th>
            <th scope="col">{w.who}</th>
            <th scope="col">{w.what}</th>
            <th scope="col">{w.serials}</th>
          </tr>
        </thead>
        <tbody>
          {order.todo.map(({ code, who, meaning, hint, serials }) => (
            <tr key={code}>
              <th scope="row">{code}</th>
              <td>{WHO[who] ?? who}</td>
              <td>
                {meaning === '' ? null : <div {...langOf(meaning)}>{say(meaning)}</div>}
                <div {...langOf(hint)}>{say(hint)}</div>
              </td>
              <td class="serials">{serials.join(' ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

export function Serials(props: { readonly title: string; readonly serials: readonly string[] }) {
  if (props.serials.length === 0) return null
  return (
    <>
      <h2>{props.title}</h2>
      <p class="serials">{props.serials.join(' ')}</p>
    </>
  )
}
