// The one line on top: which bays need a person, grouped by what to do, the longest wait first; or that the station is gone.
import type { BayView } from '../core/view.ts'
import { todoOf } from './bays.ts'
import { labelOf } from './label.ts'
import { store, useTopic } from './store.ts'
import { clockText, duration, useTimed } from './time.ts'
import { fill, words } from './words/words.ts'

const { strip } = words.board

interface Group {
  readonly todo: string
  readonly bays: readonly BayView[]
  readonly since: number
}

/** More numbers than these make no line that a person reads at once. */
const NUMBERS_MAX = 8

/** An alarm stands before all: it must not be cut off at the end of the line. */
export function groupsOf(views: readonly BayView[]): readonly Group[] {
  const byTodo = new Map<string, BayView[]>()
  for (const view of views) {
    const todo = todoOf(view)
    if (todo !== null) byTodo.set(todo, [...(byTodo.get(todo) ?? []), view])
  }
  const groups = [...byTodo].map(([todo, bays]) => {
    const byWait = bays.toSorted((a, b) => waitFrom(a) - waitFrom(b))
    const first = byWait[0]
    return { todo, bays: byWait, since: first === undefined ? 0 : waitFrom(first) }
  })
  const isAlarm = (group: Group) => (group.bays[0]?.signal === 'alarm' ? 0 : 1)
  return groups.toSorted((a, b) => isAlarm(a) - isAlarm(b) || a.since - b.since)
}

/** About how many letters wide a group is, with its gap and the longest wait that it may show. */
const lettersOf = ({ todo, bays }: Group): number =>
  todo.length + Math.min(bays.length, NUMBERS_MAX) * 3 + (isAsked(bays) ? 9 : 0) + 3

const isAsked = (bays: readonly BayView[]): boolean =>
  bays[0]?.signal === 'you' || bays[0]?.signal === 'alarm'

const waitFrom = (view: BayView): number => view.prompt?.since ?? view.since

function Wait({ since }: { readonly since: number }) {
  return <span class="wait"> ({useTimed((now) => duration(now - since))})</span>
}

function GroupWords({ group }: { readonly group: Group }) {
  const shown = group.bays.slice(0, NUMBERS_MAX)
  return (
    <span class="group">
      {shown.map(({ bay }) => (
        <button type="button" key={bay} data-strip={bay} onClick={() => store.openPanel({ bay })}>
          {labelOf(bay)}
        </button>
      ))}
      {group.bays.length > shown.length ? <b>+{group.bays.length - shown.length}</b> : null}
      <span>
        {group.todo}
        {isAsked(group.bays) ? <Wait since={group.since} /> : null}
      </span>
    </span>
  )
}

function Lost({ lostAt }: { readonly lostAt: number }) {
  const since = clockText(Date.now() - (performance.now() - lostAt))
  return (
    <header class="strip lost">
      <span role="alert">
        <b>{strip.lost}</b> {fill(strip.since, { time: since })}
      </span>
    </header>
  )
}

export function Strip() {
  useTopic('strip')
  useTopic('link')
  if (store.lostAt !== null) return <Lost lostAt={store.lostAt} />
  const groups = groupsOf(store.views())
  const count = groups.reduce((sum, { bays }) => sum + bays.length, 0)
  if (count === 0) {
    return <header class="strip calm">{store.hasPicture ? strip.nobody : strip.connecting}</header>
  }
  const isAlarm = groups[0]?.bays[0]?.signal === 'alarm'
  const title = count === 1 ? strip.one : fill(strip.many, { n: count })
  const letters = groups.reduce((sum, group) => sum + lettersOf(group), title.length)
  return (
    <header class={isAlarm ? 'strip call alarmed' : 'strip call'} style={{ '--letters': letters }}>
      <b>{title}</b>
      {groups.map((group) => (
        <GroupWords key={group.todo} group={group} />
      ))}
    </header>
  )
}
