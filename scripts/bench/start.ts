// From the start of the process to a board that answers, with packages and sources already in the caches.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../test/integration/publish/parts/mosquitto.ts'
import { until } from '../../test/integration/publish/parts/wait.ts'
import { AGENT_FLAGS } from '../launcher/checkout.js'
import { inTurns, type Row, rowOf } from './row.ts'

const ROUNDS = 7
const MAIN = fileURLToPath(new URL('../../agent/main.ts', import.meta.url))

const isLive = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/livez', agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    request.once('error', () => resolve(false))
  })

/** ms until `/livez` is fine. */
async function startUp(): Promise<number> {
  const port = await freePort()
  const from = performance.now()
  const agent = spawn(
    process.execPath,
    [...AGENT_FLAGS, MAIN, 'run', '--port', String(port), '--log', 'error'],
    {
      stdio: 'ignore',
    },
  )
  const ended = once(agent, 'exit')
  try {
    await until('the station to serve', () => isLive(port))
    return performance.now() - from
  } finally {
    agent.kill('SIGTERM')
    await ended
  }
}

/** A Node that does nothing, for the machine's share. */
async function bareStart(): Promise<number> {
  const from = performance.now()
  const [code] = await once(spawn(process.execPath, ['--version'], { stdio: 'ignore' }), 'exit')
  if (code !== 0) throw new Error(`node ended with ${code}`)
  return performance.now() - from
}

export async function start(): Promise<readonly Row[]> {
  const ms = await inTurns(ROUNDS, { bare: bareStart, ours: startUp })
  return [
    rowOf({
      name: 'agent: start to serving, warm',
      unit: 'ms',
      ours: ms.ours,
      bare: ms.bare,
      goal: { of: 'figure', is: 'below', value: 1000 },
      note: '`run` without a config, from spawn to /livez; bare: node --version',
    }),
  ]
}
