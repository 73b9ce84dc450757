// Lays 1 to 64 bays out in the order of the bench, with tiles as large and as near to a card's shape as the screen allows.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { store, useTopic } from './store.ts'
import { Tile } from './tile.tsx'
import { words } from './words/words.ts'

/** Width over height at which number, glyph and two lines fit best. */
const SHAPE = 1.4

/** The number of columns that gives the largest tiles of about that shape. */
export function columnsFor(count: number, width: number, height: number): number {
  let best = { columns: 1, size: 0 }
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns)
    const size = Math.min(width / columns / SHAPE, height / rows)
    if (size > best.size * 1.001) best = { columns, size }
  }
  return best.columns
}

/** Below this the page is in a hand, not on a wall above the bench, CSS px. */
const HAND_PX = 600

/** Where each bay stands, or null for tiles that flow: the plan of the config, with bays it does not know in rows below. */
function planFor(bays: readonly string[], width: number): Plan | null {
  const layout = store.station?.layout
  if (layout === undefined || width < HAND_PX) return null
  const { columns } = layout
  const unknown = bays.filter((bay) => !layout.places.includes(bay))
  const cells = [...layout.places]
  while (cells.length % columns !== 0) cells.push(null)
  cells.push(...unknown)
  const places = new Map(
    cells.flatMap((bay, index) =>
      bay === null
        ? []
        : [[bay, [Math.floor(index / columns) + 1, (index % columns) + 1]] as const],
    ),
  )
  return { columns, rows: Math.max(1, Math.ceil(cells.length / columns)), places }
}

interface Plan {
  readonly columns: number
  readonly rows: number
  readonly places: ReadonlyMap<string, readonly [row: number, column: number]>
}

export function Grid() {
  useTopic('bays')
  useTopic('link')
  useTopic('layout')
  const box = useRef<HTMLElement>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  const bays = store.bays()
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const lay = () => setSize({ width: element.clientWidth, height: element.clientHeight })
    const observer = new ResizeObserver(lay)
    observer.observe(element)
    lay()
    return () => observer.disconnect()
  }, [])
  const plan = planFor(bays, size.width)
  const columns = plan?.columns ?? columnsFor(bays.length, size.width, size.height)
  const rows = plan?.rows ?? Math.max(1, Math.ceil(bays.length / columns))
  return (
    <main
      ref={box}
      class={store.lostAt === null ? 'grid' : 'grid old'}
      aria-label={words.board.tile.all}
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
      }}
    >
      {bays.map((bay) => (
        <Tile key={bay} bay={bay} place={plan?.places.get(bay) ?? null} />
      ))}
    </main>
  )
}
