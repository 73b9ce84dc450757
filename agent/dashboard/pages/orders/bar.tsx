// An order's progress as one bar; numbers stand beside it, so colour is never the only difference.

interface Parts {
  readonly devices: number | null
  readonly resealed: number
  readonly failed: number
  readonly again: number
  readonly open: number
}

export function Bar({ devices, resealed, failed, again, open }: Parts) {
  const known = resealed + failed + again + open
  const whole = Math.max(devices ?? known, known, 1)
  const share = (part: number) => (part * 100) / whole
  const edges = [
    ['resealed', 0, share(resealed)],
    ['failed', share(resealed), share(failed)],
    ['again', share(resealed + failed), share(again)],
    ['open', share(resealed + failed + again), share(open)],
  ] as const
  return (
    <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      {edges.map(([name, from, width]) => (
        <rect key={name} class={name} x={from} y="0" width={width} height="6" />
      ))}
    </svg>
  )
}
