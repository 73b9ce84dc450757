// The contract of lamps on `none:` and `terminal:`, and how the config's words lead to them.
import { describe, expect, it } from 'vitest'
import { bayId } from '../../agent/core/ids.ts'
import { SIGNAL_TABLE, SIGNALS } from '../../agent/core/signals.ts'
import { isStationError } from '../../agent/fault.ts'
import { openLamp } from '../../drivers/lamp/index.ts'
import { lampContract } from './lamp.contract.ts'

/** A terminal whose cable can be cut. */
function terminal(hasColour: boolean) {
  const lines: string[] = []
  let isCut = false
  const write = (line: string) => {
    if (isCut) throw new Error('EPIPE')
    lines.push(line)
  }
  const context = { bay: bayId('04'), signals: SIGNAL_TABLE, write, hasColour }
  return { lines, context, cut: (now: boolean) => (isCut = now) }
}

for (const hasColour of [false, true]) {
  lampContract(`terminal: (${hasColour ? 'with' : 'without'} colour)`, () => {
    const { lines, context, cut } = terminal(hasColour)
    const signalOf = (line: string) =>
      SIGNALS.find((signal) => line.endsWith(` ${SIGNAL_TABLE[signal].word}`)) ?? 'empty'
    return {
      lamp: openLamp('terminal:', context),
      seen: () => lines.map(signalOf),
      plug: { out: () => cut(true), in: () => cut(false) },
    }
  })
}

lampContract('none:', () => ({
  lamp: openLamp('none:', terminal(false).context),
  seen: null,
  plug: null,
}))

describe('a lamp of the config', () => {
  it('in a terminal is one line with bay, colour or mark, and word', async () => {
    const [plain, coloured] = [terminal(false), terminal(true)]
    for (const { context } of [plain, coloured]) {
      const lamp = openLamp('terminal:', context)
      await lamp.show('done')
      await lamp.show('working')
    }
    expect(plain.lines).toEqual(['bay 04  ! Take out', 'bay 04    Works'])
    // #2BC98A is 43, 201, 138.
    expect(coloured.lines[0]).toBe('bay 04  \x1b[48;2;43;201;138m  \x1b[0m Take out')
  })

  it('that this version does not have is a fault that names it', () => {
    for (const url of ['blink1:2000ABCD', 'virtual:', 'none', 'terminal:x', '', 'toString']) {
      let fault: unknown
      try {
        openLamp(url, terminal(false).context)
      } catch (error) {
        fault = error
      }
      expect(isStationError(fault) && fault.code, url).toBe('STATION_DRIVER_UNKNOWN')
    }
  })
})
