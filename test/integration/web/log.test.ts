// The log: readable for a person, JSON for a service, and no secret in either.
import { expect, test } from 'vitest'
import { openLog } from '../../../agent/log.ts'

function sink() {
  const lines: string[] = []
  return { lines, to: { write: (line: string) => void lines.push(line) } }
}

test('a service writes one JSON line with time, level, bay, run and sentence', () => {
  const { lines, to } = sink()
  const log = openLog({ level: 'info', pretty: false, to }).child({ bay: '3', run: 'r1' })
  log.info('Keys were released', { plays: 2 })
  log.debug('This is not written')
  expect(lines).toHaveLength(1)
  const line = JSON.parse(lines[0] ?? '')
  expect(line).toMatchObject({
    level: 'info',
    bay: '3',
    run: 'r1',
    plays: 2,
    message: 'Keys were released',
  })
  expect(Date.parse(line.time)).toBeGreaterThan(Date.parse('2020-01-01'))
})

test.each([true, false])('no secret is written, also not inside (pretty: %s)', (pretty) => {
  const { lines, to } = sink()
  const log = openLog({ level: 'debug', pretty, to })
  const secret = 'hunter2'
  const cause = new Error(`connect mqtts://bench:${secret}@broker:8883 failed`)
  log.warn(`Cannot reach mqtts://bench:${secret}@broker`, {
    password: secret,
    broker: { password: secret, tls: { privateKey: secret } },
    headers: { authorization: secret, cookie: secret },
    error: new Error(`no broker at mqtts://bench:${secret}@broker`, { cause }),
  })
  log.child({ token: secret }).error('Failed')
  const text = lines.join('')
  expect(text).toContain('Cannot reach mqtts://***@broker')
  expect(text).toContain('no broker at')
  expect(text).not.toContain(secret)
})

test('a person reads one line with time, level and sentence', () => {
  const { lines, to } = sink()
  openLog({ level: 'info', pretty: true, to }).info('Bay 3 is ready', { bay: '3' })
  expect(lines.join('')).toMatch(/\d\d:\d\d:\d\d.*INFO.*Bay 3 is ready/)
})
