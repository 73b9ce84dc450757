// Names of network namespaces and cards that tests make: each carries its process, so that what a killed one left is removed.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Namespaces and cards of tests begin so, with a letter of their kind behind it; the kernel takes 15 letters for a card. */
const NAME = /^rs[a-z]([0-9a-z]{1,6})_([0-9a-z]+)_[0-9a-z]+$/

let made = 0
let isSwept = false

/** When a process was started, in ticks since the machine's boot; '' when there is none. */
function startOf(pid: number): string {
  try {
    // Field 22 of proc(5); the name in field 2 may hold blanks.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** A few letters of the start, so that a process which has the number anew is not taken for the old one. */
const markOf = (pid: number): string => (Number(startOf(pid)) % 1296).toString(36)

/** Unique on this machine: `<process>_<its start>_<count>`, 11 letters at most. */
export function testId(): string {
  made += 1
  return `${process.pid.toString(36)}_${markOf(process.pid)}_${made.toString(36)}`
}

const isDead = (name: string): boolean => {
  const [, pid = '', mark = ''] = NAME.exec(name) ?? []
  if (pid === '') return false
  const number = Number.parseInt(pid, 36)
  return startOf(number) === '' || markOf(number) !== mark
}

/** Names of namespaces and of cards here whose process is gone. */
export function leftovers(): {
  readonly spaces: readonly string[]
  readonly cards: readonly string[]
} {
  const home = '/run/netns'
  const spaces = existsSync(home) ? readdirSync(home) : []
  return { spaces: spaces.filter(isDead), cards: readdirSync('/sys/class/net').filter(isDead) }
}

function remove(...words: readonly string[]): void {
  try {
    execFileSync('ip', words, { stdio: 'pipe' })
  } catch {
    // Another test of this machine was quicker, or it went with its other end.
  }
}

/** Removes what tests that were killed left behind; once a process. Processes inside end with nobody to talk to. */
export function sweepDead(again = false): void {
  if (isSwept && !again) return
  isSwept = true
  const { spaces, cards } = leftovers()
  for (const name of spaces) {
    endInside(name)
    remove('netns', 'del', name)
  }
  for (const name of cards) remove('link', 'del', name)
}

/** Servers that a killed test started in its own namespace: nobody else can have put a process there. */
function endInside(name: string): void {
  let pids = ''
  try {
    pids = execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8', stdio: 'pipe' })
  } catch {
    return
  }
  for (const pid of pids.split('\n').filter((line) => /^\d+$/.test(line))) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It ended meanwhile.
    }
  }
}

/** True for a name that this process made. */
export const mine = (name: string): boolean =>
  name.slice(3).startsWith(`${process.pid.toString(36)}_${markOf(process.pid)}_`)
