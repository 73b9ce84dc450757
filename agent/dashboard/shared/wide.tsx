// A table that is wider than a phone scrolls by itself, by finger and by keyboard.
import type { ComponentChildren } from 'preact'

export function Wide(props: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section class="wide" aria-label={props.name} tabIndex={0}>
      {props.children}
    </section>
  )
}
