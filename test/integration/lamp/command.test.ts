// A lamp that is a program: what it is told, what it may not know, and that one that hangs or fails harms nobody.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { LAMP_TABLES, SIGNALS } from '../../../agent/core/signals.ts'
import { isStationError } from '../../../agent/fault.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { commandLamp } from '../../../drivers/lamp/command.ts'
import { lampContract } from '../../contracts/lamp.contract.ts'
import { until } from '../../fakes/pty.ts'

const lampOf = (path: string, clock = systemClock()) =>
  commandLamp({ path, bay: bayId('B07'), tables: LAMP_TABLES, clock })

function program(folder: string, text: string): string {
  const path = join(folder, 'lamp')
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return path
}

const linesOf = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []

lampContract('command:', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reseal-lamp-'))
  const said = join(folder, 'said')
  const path = program(folder, `echo "$1" >> ${said}`)
  return {
    lamp: lampOf(path),
    look: () => linesOf(said).at(-1) ?? '',
    lookOf: (signal) => signal,
    dark: 'empty',
    news: () => linesOf(said).length,
    plug: null,
    close: () => rmSync(folder, { recursive: true }),
  }
})

describe('a lamp that is a program', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reseal-lamp-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is told bay, signal, word, colour and rhythm by arguments, environment and JSON', async () => {
    const said = join(folder, 'said')
    const path = program(
      folder,
      `{ printf '%s|' "$@"; echo; env; cat; } > ${said}.new; mv ${said}.new ${said}`,
    )
    process.env['RESEAL_TEST_SECRET'] = 'never handed on'
    const lamp = lampOf(path)
    await lamp.show('hold')
    const [args = '', ...rest] = linesOf(said)
    expect(args).toBe('hold|Hold|#FFD23F|200/200,200/1400|')
    const env = rest.filter((line) => line.startsWith('RESEAL_')).toSorted()
    expect(env).toEqual([
      'RESEAL_BAY=B07',
      'RESEAL_COLOUR=#FFD23F',
      'RESEAL_RHYTHM=200/200,200/1400',
      'RESEAL_SIGNAL=hold',
      'RESEAL_WORD=Hold',
    ])
    expect(JSON.parse(rest.at(-1) ?? '')).toEqual({
      bay: 'B07',
      signal: 'hold',
      word: 'Hold',
      colour: '#FFD23F',
      rhythm: [
        [200, 200],
        [200, 1400],
      ],
    })
    delete process.env['RESEAL_TEST_SECRET']
    await lamp.close()
  })

  it('of a name with shell signs is a program of that name, not a shell line', async () => {
    const lamp = lampOf(`/bin/true; touch ${join(folder, 'owned')}`)
    await expect(lamp.show('done')).rejects.toThrow('STATION_LAMP_GONE')
    expect(existsSync(join(folder, 'owned'))).toBe(false)
    await lamp.close()
  })

  it('that fails is a lost lamp, with its exit code in the detail', async () => {
    const lamp = lampOf(program(folder, 'exit 7'))
    const error: unknown = await lamp.show('done').then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(isStationError(error) && [error.code, error.where.endsWith('ended with 7')]).toEqual([
      'STATION_LAMP_GONE',
      true,
    ])
    await lamp.close()
  })

  it('that never ends is killed, and the last signal that came meanwhile is told next', async () => {
    const said = join(folder, 'said')
    const path = program(
      folder,
      `echo "$1 $$" >> ${said}; [ "$1" = you ] && exec sleep 100; exit 0`,
    )
    // Time passes 50 times as fast for the driver: 5 s are 100 ms.
    const real = systemClock()
    const lamp = lampOf(path, { ...real, after: (ms, fn) => real.after(ms / 50, fn) })
    const hung = lamp.show('you').then(
      () => 'shown',
      () => 'lost',
    )
    await until('it runs', () => linesOf(said).length === 1)
    const later = Promise.allSettled(SIGNALS.map((signal) => lamp.show(signal)))
    expect(await hung).toBe('lost')
    await later
    const pid = Number(linesOf(said)[0]?.split(' ')[1])
    await until('it is dead', () => !existsSync(`/proc/${pid}`))
    await lamp.show('done')
    expect(linesOf(said).at(-1)?.split(' ')[0]).toBe('done')
    expect(linesOf(said).length).toBeLessThanOrEqual(4)
    await lamp.close()
  })
})
