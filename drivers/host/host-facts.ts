// What the flow wants to know of the bench PC itself, read cheaply and never so slowly that a bay would wait for it.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { access, readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { StationError } from '../../agent/fault.ts'
import type { Clock, Finding, HostFacts } from '../../agent/ports.ts'
import {
  availableMemory,
  type ClockKeeping,
  clockFinding,
  diskFinding,
  HOST_LIMITS,
  type HostLimits,
  memoryFinding,
} from './findings.ts'

/** Whether a time server keeps the clock changes seldom, and asking starts a program. */
const CLOCK_AGE_MS = 60_000
const ASK_MS = 3000
/** systemd-timesyncd leaves this file after its first answer from a server (systemd-timesyncd.service(8)). */
const SYNCHRONIZED = 'systemd/timesync/synchronized'

export interface HostFactsOptions {
  readonly clock: Clock
  /** Whose disk is watched. */
  readonly dataDir: string
  readonly procRoot?: string
  readonly runRoot?: string
  /** Asked about the clock where timesyncd does not keep it (chrony, ntpd); null: not asked. */
  readonly timedatectl?: string | null
  readonly limits?: HostLimits
}

const answerOf = (command: string): Promise<string> =>
  new Promise((resolve) => {
    const args = ['show', '--property=NTPSynchronized', '--value']
    const options = { timeout: ASK_MS, killSignal: 'SIGKILL', encoding: 'utf8' } as const
    execFile(command, args, options, (_error, stdout) => resolve(stdout.trim()))
  })

const orNull = <T>(promise: Promise<T>): Promise<T | null> => promise.catch(() => null)

async function free(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

class Host implements HostFacts {
  readonly #options: HostFactsOptions
  readonly #bootId: string
  #clockKeeping: { readonly asked: number; readonly answer: Promise<ClockKeeping> } | null = null

  constructor(options: HostFactsOptions) {
    this.#options = options
    this.#bootId = readBootId(options.procRoot ?? '/proc')
  }

  bootId(): string {
    return this.#bootId
  }

  async diskFree(path: string): Promise<number> {
    try {
      return await free(path)
    } catch (cause) {
      throw new StationError('FILE_UNREADABLE', path, { cause })
    }
  }

  async findings(): Promise<readonly Finding[]> {
    const { dataDir, procRoot = '/proc', limits = HOST_LIMITS } = this.#options
    const [disk, meminfo, keeping] = await Promise.all([
      orNull(free(dataDir)),
      orNull(readFile(join(procRoot, 'meminfo'), 'latin1')),
      this.#keeping(),
    ])
    const memory = meminfo === null ? null : availableMemory(meminfo)
    return [diskFinding(disk, limits), memoryFinding(memory, limits), clockFinding(keeping)]
  }

  #keeping(): Promise<ClockKeeping> {
    const { clock } = this.#options
    const now = clock.mono()
    // The age is in real time, also where a virtual bench runs faster.
    const ageMax = CLOCK_AGE_MS * clock.rate
    if (this.#clockKeeping === null || now - this.#clockKeeping.asked > ageMax) {
      this.#clockKeeping = { asked: now, answer: this.#askClock() }
    }
    return this.#clockKeeping.answer
  }

  async #askClock(): Promise<ClockKeeping> {
    const { runRoot = '/run', timedatectl = 'timedatectl' } = this.#options
    const isKept = await orNull(access(join(runRoot, SYNCHRONIZED)).then(() => true))
    if (isKept) return 'kept'
    const answer = timedatectl === null ? '' : await answerOf(timedatectl)
    return answer === 'yes' ? 'kept' : answer === 'no' ? 'not kept' : 'unknown'
  }
}

/** The kernel's id of this boot; it never changes while the agent runs, so it is read once. */
function readBootId(procRoot: string): string {
  const path = join(procRoot, 'sys/kernel/random/boot_id')
  try {
    const text = readFileSync(path, 'latin1').trim().toLowerCase()
    if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text
    throw new StationError('FILE_UNREADABLE', path)
  } catch (cause) {
    throw cause instanceof StationError
      ? cause
      : new StationError('FILE_UNREADABLE', path, { cause })
  }
}

/**
 * Facts of this PC. `diskFree` answers bytes or rejects with FILE_UNREADABLE; `findings` never rejects: what cannot be
 * told is a warning.
 * @throws StationError FILE_UNREADABLE when the kernel gives no boot id
 */
export const openHostFacts = (options: HostFactsOptions): HostFacts => new Host(options)
