// The contract of lamps on `none:` and `terminal:`, and how the config's words lead to them.
import { describe, expect, it } from 'vitest'
import { bayId } from '../../agent/core/ids.ts'
import { LAMP_TABLES, SIGNAL_TABLE } from '../../agent/core/signals.ts'
import { isStationError } from '../../agent/fault.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { HidDouble } from '../fakes/hid-double.ts'
import { lampContract } from './lamp.contract.ts'

/** A terminal whose cable can be cut. */
function terminal(hasColour: boolean) {
  const lines: string[] = []
  let isCut = false
  const write = (line: string) => {
    if (isCut) throw new Error('EPIPE')
    lines.push(line)
  }
  const family = openLampFamily({ clock: systemClock(), system: new HidDouble() })
  const context = { bay: bayId('04'), tables: LAMP_TABLES, write, hasColour, family }
  const cut = (now: boolean): void => {
    isCut = now
  }
  return { lines, context, cut }
}

for (const hasColour of [false, true]) {
  lampContract(`terminal: (${hasColour ? 'with' : 'without'} colour)`, () => {
    const { lines, context, cut } = terminal(hasColour)
    return {
      lamp: openLamp('terminal:', context),
      look: () =>
        Object.values(SIGNAL_TABLE).find(({ word }) => lines.at(-1)?.endsWith(` ${word}`))?.word ??
        '',
      lookOf: (signal) => SIGNAL_TABLE[signal].word,
      dark: null,
      news: () => lines.length,
      plug: { out: () => cut(true), in: () => cut(false) },
    }
  })
}

lampContract('none:', () => ({
  lamp: openLamp('none:', terminal(false).context),
  look: null,
  lookOf: () => '',
  dark: null,
  news: () => 0,
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

  const faultOf = (url: string): unknown => {
    try {
      openLamp(url, terminal(false).context)
      return null
    } catch (error) {
      return isStationError(error) ? error.code : error
    }
  }
  it('that this version does not have is a fault that names it', () => {
    for (const url of ['blink2:2000ABCD', 'virtual:', 'none', 'terminal:x', '', 'toString'])
      expect(faultOf(url), url).toBe('STATION_DRIVER_UNKNOWN')
  })
  it('that is written wrongly is refused before anything is opened', () => {
    for (const url of [
      'blink1:2000 ABCD',
      'blink1:2000ABCD?map=red',
      'blink1:2000ABCD?mute=yes',
      'blinkstick:BS1?leds=3',
      'relay:ABCDEF',
      'relay:ABCDE?map=red,green',
      'relay:ABCDE?map=red,yellow,green,lamp',
      'relay:ABCDE?map=red,red,yellow,green',
      'lcus:ttyUSB0',
      'tower:',
      'command:ls',
    ])
      expect(faultOf(url), url).toBe('CONFIG_INVALID')
  })
})
