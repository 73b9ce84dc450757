// Lays 1 to 64 bays out in the order of the bench, with tiles as large and as near to a card's shape as the screen allows.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { store, useTopic } from './store.ts'
import { Tile } from './tile.tsx'

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

export function Grid() {
  useTopic('bays')
  useTopic('link')
  const box = useRef<HTMLElement>(null)
  const [columns, setColumns] = useState(1)
  const bays = store.bays()
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const lay = () =>
      setColumns(columnsFor(store.bays().length, element.clientWidth, element.clientHeight))
    const observer = new ResizeObserver(lay)
    observer.observe(element)
    lay()
    return () => observer.disconnect()
  }, [bays.length])
  const rows = Math.max(1, Math.ceil(bays.length / columns))
  return (
    <main
      ref={box}
      class={store.lostAt === null ? 'grid' : 'grid old'}
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
      }}
    >
      {bays.map((bay) => (
        <Tile key={bay} bay={bay} />
      ))}
    </main>
  )
}
