// What the tables of a report are made of: a place that scrolls in itself, and a bar beside a share.
import type { ComponentChildren } from 'preact'

/** A table that may be wider than a phone: it scrolls in itself, with keys too. */
export function Wide({
  id,
  children,
}: {
  readonly id: string
  readonly children: ComponentChildren
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="wide" id={id} tabIndex={0}>
      {children}
    </section>
  )
}

/** A bar as wide as its share; the number beside it says the same. */
export const Bar = ({
  part,
  kind = 'plain',
}: {
  readonly part: number
  readonly kind?: string
}) => (
  <span class={`bar ${kind}`} aria-hidden="true">
    <i style={{ width: `${Math.max(0, Math.min(100, part * 100))}%` }} />
  </span>
)
