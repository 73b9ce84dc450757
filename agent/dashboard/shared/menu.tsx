// What opens below a word on top of a page: by click, Enter or Space; gone by Escape, by a press elsewhere, or when the focus leaves it.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

export function Menu({
  name,
  isHere = false,
  kind,
  children,
}: {
  readonly name: ComponentChildren
  /** The page that is shown stands in this menu. */
  readonly isHere?: boolean
  readonly kind: string
  readonly children: ComponentChildren
}) {
  const box = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const shut = () => {
      if (box.current !== null) box.current.open = false
    }
    const elsewhere = ({ target }: Event) => {
      if (target instanceof Node && box.current?.contains(target) !== true) shut()
    }
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape' || box.current?.open !== true) return
      shut()
      box.current.querySelector('summary')?.focus()
    }
    document.addEventListener('pointerdown', elsewhere)
    document.addEventListener('focusin', elsewhere)
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('pointerdown', elsewhere)
      document.removeEventListener('focusin', elsewhere)
      document.removeEventListener('keydown', onKey)
    }
  }, [])
  return (
    <details class={`menu ${kind}`} ref={box}>
      <summary class={isHere ? 'here' : ''}>{name}</summary>
      <div class="drop">{children}</div>
    </details>
  )
}
