// Bars over time, drawn by uPlot: axes with units, colours that colour-blind people tell apart, right in both themes.
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { words } from '../../words/words.ts'

export interface BarSeries {
  readonly name: string
  /** Custom property that holds its colour. */
  readonly colour: string
  readonly values: readonly (number | null)[]
}
interface ChartProps {
  readonly label: string
  /** What stands below each place on the x axis. */
  readonly ticks: readonly string[]
  readonly unit: string
  readonly series: readonly BarSeries[]
  readonly format: (value: number | null) => string
}

const HEIGHT_PX = 260
/** Width that a tick needs, px. */
const TICK_PX = 76

const colourOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** `light-dark()` in a custom property is no colour yet: a probe element resolves it. */
function resolved(name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color === '' ? colourOf(name) : color
}

function optionsOf({ ticks, unit, series, format }: ChartProps, width: number): uPlot.Options {
  const text = resolved('--text')
  const line = resolved('--line')
  const font = '14px system-ui, "DejaVu Sans", sans-serif'
  const n = series.length
  const axis = { stroke: text, font, labelFont: font, grid: { stroke: line, width: 1 } }
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: true, live: true },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: [-0.6, Math.max(0, ticks.length - 1) + 0.6] },
      y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        ticks: { stroke: line },
        splits: (plot) => {
          const every = Math.max(1, Math.ceil((ticks.length * TICK_PX) / plot.width))
          return ticks.map((_tick, at) => at).filter((at) => at % every === 0)
        },
        values: (_plot, splits) => splits.map((at) => ticks[at] ?? ''),
      },
      {
        ...axis,
        label: unit,
        size: 64,
        ticks: { stroke: line },
        values: (_plot, splits) => splits.map((value) => format(value)),
      },
    ],
    series: [
      {
        label: words.throughput.whenColumn,
        value: (_plot, at) => (at == null ? '' : (ticks[at] ?? '')),
      },
      ...series.map((one, at): uPlot.Series => {
        const fill = resolved(one.colour)
        const bars = uPlot.paths.bars?.({
          size: [0.8 / n, 60],
          align: n === 1 ? 0 : at === 0 ? -1 : 1,
        })
        return {
          label: one.name,
          stroke: fill,
          fill,
          points: { show: false },
          value: (_plot, value) => format(value),
          ...(bars === undefined ? {} : { paths: bars }),
        }
      }),
    ],
  }
}

/** A chart that follows the width of its place and the theme. */
export function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const host = place.current
    if (host === null) return undefined
    let plot: uPlot | null = null
    const draw = () => {
      plot?.destroy()
      const data = [props.ticks.map((_tick, at) => at), ...props.series.map(({ values }) => values)]
      plot = new uPlot(
        optionsOf(props, host.clientWidth),
        data as unknown as uPlot.AlignedData,
        host,
      )
    }
    let width = 0
    const sizes = new ResizeObserver(() => {
      if (host.clientWidth === width) return
      width = host.clientWidth
      draw()
    })
    sizes.observe(host)
    const themes = new MutationObserver(draw)
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', draw)
    return () => {
      sizes.disconnect()
      themes.disconnect()
      dark.removeEventListener('change', draw)
      plot?.destroy()
    }
  }, [props])
  return <div class="chart" role="img" aria-label={props.label} ref={place} />
}
