// Runs a round in a network namespace: Node cannot change its own, so a short-lived child does the asking there.
import { spawn } from 'node:child_process'
import type { Clock } from '../../agent/ports.ts'
import type { Round, RoundPlan } from './address.ts'
import { runRound } from './round.ts'
import { words } from './words.ts'

/** A round of 200 addresses is some 40 kB. */
const ANSWER_MAX = 1024 * 1024
const SAID_MAX = 300
/** Node starts and ends within this beside the round's own time, real ms. */
const SPARE_MS = 5000

const failed = (value: string): Round => ({
  obstacle: {
    id: 'namespace',
    value,
    hint: 'Check `ip netns list`, and that the station may enter it (root or CAP_SYS_ADMIN).',
  },
  uplinks: [],
  asked: [],
  wpad: [],
})

/** `helper`: the file that calls `serveRound`. Never rejects; the child is gone when it resolves. */
export function roundIn(
  namespace: string,
  plan: RoundPlan,
  { helper, clock }: { readonly helper: string; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Round> {
  return new Promise((resolve) => {
    const args = ['netns', 'exec', namespace, process.execPath, helper]
    const child = spawn('ip', args, { stdio: ['pipe', 'pipe', 'pipe'] })
    const kill = () => child.kill('SIGKILL')
    const cancel = clock.after((plan.allMs + SPARE_MS) * clock.rate, kill)
    signal.addEventListener('abort', kill, { once: true })
    if (signal.aborted) kill()
    let [answer, said] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk
      if (answer.length > ANSWER_MAX) kill()
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said = `${said}${chunk}`.slice(0, SAID_MAX)
    })
    const end = (round: Round) => {
      cancel()
      signal.removeEventListener('abort', kill)
      resolve(round)
    }
    child.on('error', (error) => end(failed(words(error.message, SAID_MAX))))
    child.on('close', (code, name) => {
      const why = words(said.split('\n')[0] ?? '', SAID_MAX) || `ended with ${name ?? code}`
      end((code === 0 ? parsed(answer) : null) ?? failed(`${namespace}: ${why}`))
    })
    // A child that died early closes its end: the close event tells why.
    child.stdin.on('error', () => undefined)
    const inside = { ...plan, place: { from: 'host', dns: plan.place.dns } } satisfies RoundPlan
    child.stdin.end(JSON.stringify(inside))
  })
}

/** The child is our own program: its answer is whole or it was cut. */
function parsed(answer: string): Round | null {
  try {
    return JSON.parse(answer) as Round
  } catch {
    return null
  }
}

/** The child's work: a plan as JSON, a round as JSON. */
export async function serveRound(input: AsyncIterable<string>, clock: Clock): Promise<string> {
  let text = ''
  for await (const chunk of input) {
    text += chunk
    if (text.length > ANSWER_MAX) throw new RangeError('the plan is too long')
  }
  return JSON.stringify(
    await runRound(JSON.parse(text) as RoundPlan, clock, new AbortController().signal),
  )
}
