// All work orders as lines with a bar: resealed, failed, in a bay, the rest.
import { useState } from 'preact/hooks'
import { useAnswer } from '../../shared/use-answer.ts'
import { Wide } from '../../shared/wide.tsx'
import { words } from '../../words/words.ts'
import { Bar } from './bar.tsx'

const w = words.desk.orders
const EVERY_MS = 10_000

export interface OrderRow {
  readonly order: string
  readonly customer: string
  readonly profile: string
  readonly active: boolean
  readonly devices: number | null
  readonly resealed: number
  readonly failed: number
  readonly again: number
  readonly open: number
}

export const hrefOf = (order: string): string => `/orders?order=${encodeURIComponent(order)}`

export function List() {
  const [isAll, setAll] = useState(false)
  const path = `/api/v1/work-orders${isAll ? '?which=all' : ''}`
  const { value, trouble } = useAnswer<{ orders: readonly OrderRow[] }>(path, EVERY_MS)
  const orders = value?.orders ?? []
  return (
    <section>
      <p class="row">
        <label class="tick">
          <input
            type="checkbox"
            checked={isAll}
            onChange={(event) => setAll(event.currentTarget.checked)}
          />
          <span>{w.which}</span>
        </label>
      </p>
      {trouble === '' ? null : <p class="bad">{trouble}</p>}
      {value !== null && orders.length === 0 ? <p class="note">{w.none}</p> : null}
      {orders.length === 0 ? null : (
        <Wide name={words.shell.orders}>
          <table>
            <thead>
              <tr>
                <th scope="col">{w.order}</th>
                <th scope="col">{w.customer}</th>
                <th scope="col" class="number">
                  {w.devices}
                </th>
                <th scope="col" class="number">
                  {w.resealed}
                </th>
                <th scope="col" class="number">
                  {w.failed}
                </th>
                <th scope="col" class="number">
                  {w.again}
                </th>
                <th scope="col" class="number">
                  {w.open}
                </th>
                <td />
              </tr>
            </thead>
            <tbody>
              {orders.map((row) => (
                <tr key={row.order}>
                  <th scope="row">
                    <a href={hrefOf(row.order)}>{row.order}</a>
                  </th>
                  <td>{row.customer}</td>
                  <td class="number">{row.devices ?? w.unknown}</td>
                  <td class="number">{row.resealed}</td>
                  <td class="number">{row.failed}</td>
                  <td class="number">{row.again}</td>
                  <td class="number">{row.open}</td>
                  <td>
                    <Bar {...row} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  )
}
