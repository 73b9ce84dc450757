// A station on a bay at a switch: a lease finds it by the switch's table, and `reseal port` minds the open run.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BayView } from '../../../agent/core/view.ts'
import { FakeSwitch } from '../../fakes/fake-switch.ts'
import { until } from '../../fakes/pty.ts'

const MAIN = join(import.meta.dirname, '../../../agent/main.ts')
const MAC = '02:00:00:00:00:0a'
const folder = mkdtempSync(join(tmpdir(), 'reseal-port-'))
const data = join(folder, 'data')
let fake: FakeSwitch
let station: ChildProcess

/** The bays by the station's own socket. */
const state = (bay: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const where = { socketPath: join(data, 'station.sock'), path: `/api/v1/bays/${bay}` }
    request({ ...where, headers: { host: 'localhost' } }, (answer) => {
      let text = ''
      answer.on('data', (bytes: Buffer) => {
        text += bytes
      })
      answer.on('end', () => resolve((JSON.parse(text) as BayView).state))
    })
      .on('error', reject)
      .end()
  })

const reseal = (...words: string[]): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...words, '--data', data], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: `${out}${err}` }),
    )
  })

beforeAll(async () => {
  fake = await FakeSwitch.start(8)
  writeFileSync(join(folder, 'community'), 'bench\n')
  const config = {
    web: { port: 0 },
    mqtt: { embedded: true, port: 0 },
    limits: { steadyMs: 300 },
    switches: [
      {
        switch: 'sw1',
        host: '127.0.0.1',
        port: fake.port,
        communityFile: 'community',
        pollMs: 300,
        timeoutMs: 1000,
        control: true,
      },
    ],
    bays: [
      { bay: '01', link: 'snmp://sw1/Gi1-0-3', networkCheck: false },
      { bay: '02', link: 'nic:rsnowhere', networkCheck: false },
    ],
  }
  writeFileSync(join(folder, 'bench.yaml'), JSON.stringify(config))
  const words = [MAIN, 'run', '--config', join(folder, 'bench.yaml'), '--data', data]
  station = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  station.stderr?.on('data', (bytes: Buffer) => {
    said = `${said}${bytes}`.slice(-4000)
  })
  await until(
    'the station answers at its socket',
    () => {
      if (station.exitCode !== null) throw new Error(said)
      return state('01').then(
        () => true,
        () => false,
      )
    },
    40_000,
  )
})
afterAll(async () => {
  if (station?.exitCode === null) {
    const ended = new Promise((resolve) => station.once('exit', resolve))
    station.kill()
    await ended
  }
  await fake?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('opens a run by a lease whose MAC the switch learns only later', async () => {
  await fake.order({ do: 'link', port: 3, up: true })
  await until('a device is there', async () => (await state('01')) === 'present', 10_000)
  expect(await reseal('dhcp-event', 'add', MAC, '198.18.20.7', 'DESKTOP-7')).toMatchObject({
    code: 0,
  })
  expect(await state('01')).toBe('present')
  await fake.order({ do: 'learn', mac: MAC, port: 3 })
  await until('the run opens', async () => (await state('01')) === 'identify', 15_000)
})

it('leaves the port of an open run alone, unless asked twice', async () => {
  const no = await reseal('port', '01', 'off')
  expect(no.code).toBe(1)
  expect(no.said).toContain('OPERATOR_RUN_OPEN')
  expect((await fake.order({ do: 'look' })).admin[2]).toBe(1)
  expect(await reseal('port', '01', 'off', '--even-with-open-run')).toMatchObject({ code: 0 })
  expect((await fake.order({ do: 'look' })).admin[2]).toBe(2)
  // On is never dangerous.
  expect(await reseal('port', '01', 'on')).toMatchObject({ code: 0 })
  expect((await fake.order({ do: 'look' })).admin[2]).toBe(1)
})

it('has no hand on a card of the PC, nor on a bay that is not there', async () => {
  const fixed = await reseal('port', '02', 'off')
  expect([fixed.code, fixed.said]).toEqual([3, expect.stringContaining('STATION_PORT_FIXED')])
  const none = await reseal('port', '77', 'off')
  expect([none.code, none.said]).toEqual([2, expect.stringContaining('BACKEND_NOT_FOUND')])
  const odd = await reseal('port', '01', 'sideways')
  expect([odd.code, odd.said]).toEqual([2, expect.stringContaining('BACKEND_REQUEST_INVALID')])
})
