// Runs a round in a short-lived process: 40 handshakes would hold up the bays' loop, and Node cannot enter a namespace.
import { spawn } from 'node:child_process'
import type { Clock } from '../../agent/ports.ts'
import type { NetworkPlace, Obstacle, Round, RoundPlan } from './address.ts'
import { runRound } from './round.ts'
import { words } from './words.ts'

/** A round of 200 addresses is some 40 kB. */
const ANSWER_MAX = 1024 * 1024
const SAID_MAX = 300
/** Node starts and ends within this beside the round's own time, real ms. */
const SPARE_MS = 5000

function failed(place: NetworkPlace, why: string): Round {
  const obstacle: Obstacle =
    place.from === 'netns'
      ? {
          id: 'namespace',
          value: `${place.name}: ${why}`,
          hint: 'Check `ip netns list`, and that the station may enter it (root or CAP_SYS_ADMIN).',
        }
      : { id: 'process', value: why, hint: 'The check itself failed: look at memory and limits.' }
  return { obstacle, uplinks: [], asked: [], wpad: [] }
}

/** `helper`: the file that calls `serveRound`. Never rejects; the process is gone when it resolves. */
export function roundApart(
  plan: RoundPlan,
  { helper, clock }: { readonly helper: string; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Round> {
  return new Promise((resolve) => {
    const { place } = plan
    const node = [process.execPath, helper]
    const line = place.from === 'netns' ? ['ip', 'netns', 'exec', place.name, ...node] : node
    const [program = '', ...args] = line
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
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
    child.on('error', (error) => end(failed(place, words(error.message, SAID_MAX))))
    child.on('close', (code, name) => {
      const why = words(said.split('\n')[0] ?? '', SAID_MAX) || `ended with ${name ?? code}`
      end((code === 0 ? parsed(answer) : null) ?? failed(place, why))
    })
    // A child that died early closes its end: the close event tells why.
    child.stdin.on('error', () => undefined)
    const isApart = place.from === 'netns'
    const inside: NetworkPlace = isApart ? { from: 'host', dns: place.dns } : place
    child.stdin.end(JSON.stringify({ ...plan, place: inside }))
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
