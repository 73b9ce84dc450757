// Brings a keyboard chip to the state that the bench needs: right speed, all keys up, a keyboard and nothing else.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '../../agent/ports.ts'
import { COMMAND, CONFIG_BYTES, isKeyboardOnly, RELEASE, withKeyboardOnly } from './ch9329-codec.ts'
import type { Answer, Ch9329Wire } from './ch9329-wire.ts'

/** The chip leaves the factory at 9600; clones on CH32V208 speak 115200 only (facts/hardware §3.1, e). */
export const BAUDS: readonly number[] = [9600, 115_200]
/** A garbled answer may be an accident of the wire; a second one at the same speed is not. */
const TRIES = 2

/**
 * Sends release-all at each speed until the chip answers, so that the first thing it hears after any start is that no
 * key is down. The speed in use is tried first. A refusal is an answer too: the speed is right.
 */
export async function findSpeed(
  wire: Ch9329Wire,
  bauds: readonly number[],
  probeMs: number,
): Promise<Answer> {
  const first = wire.baud
  let last: Answer = { kind: 'silent' }
  for (const baud of [...new Set([first, ...bauds])]) {
    if (!bauds.includes(baud)) continue
    if (wire.baud !== baud) await wire.setBaud(baud)
    for (let n = 0; n < TRIES; n++) {
      const answer = await wire.ask(COMMAND.report, RELEASE, probeMs)
      if (answer.kind === 'ok' || answer.kind === 'refused' || answer.kind === 'gone') return answer
      if (last.kind !== 'garbled') last = answer
      if (answer.kind !== 'garbled') break
    }
  }
  if (wire.baud !== first) await wire.setBaud(first)
  return last
}

export interface ModeOptions {
  readonly clock: Clock
  /** Where the settings found first are kept; written once, never over. */
  readonly backup: string
  /** False: only look, never write to the chip. */
  readonly maySet: boolean
  readonly bauds: readonly number[]
  readonly probeMs: number
  readonly replyMs: number
  /** The chip is deaf after a reset; 3 s is what others wait (facts/hardware §3.1). */
  readonly resetWaitMs: number
  readonly signal: AbortSignal
}

/** `wrong`: it is (still) a mouse too, or does not tell. `unclear`: it fell silent; ask again when it answers. */
export type ModeFound = {
  readonly mode: 'good' | 'wrong' | 'unclear'
  readonly wrote: boolean
  readonly why: string
}

/** Verifies keyboard-only mode and sets it if allowed: backup, set, reset, verify (product: safety rule 5). */
export async function ensureKeyboardOnly(
  wire: Ch9329Wire,
  options: ModeOptions,
): Promise<ModeFound> {
  const found = await readConfig(wire, options.replyMs)
  if (!(found instanceof Uint8Array)) return { ...found, wrote: false }
  if (isKeyboardOnly(found)) return { mode: 'good', wrote: false, why: 'verified' }
  const was = `mode byte ${hex(found.subarray(0, 1))}`
  if (!options.maySet) return { mode: 'wrong', wrote: false, why: was }
  try {
    await keep(options.backup, found)
  } catch (error) {
    return { mode: 'wrong', wrote: false, why: `${was}, no backup: ${String(error)}` }
  }
  const set = await wire.ask(COMMAND.setConfig, withKeyboardOnly(found), options.replyMs)
  if (set.kind !== 'ok') return { mode: 'wrong', wrote: true, why: `${was}, set: ${set.kind}` }
  await resetChip(wire, options)
  await findSpeed(wire, options.bauds, options.probeMs)
  const now = await readConfig(wire, options.replyMs)
  if (!(now instanceof Uint8Array)) return { ...now, wrote: true }
  return { mode: isKeyboardOnly(now) ? 'good' : 'wrong', wrote: true, why: `${was} before` }
}

/** Restarts the chip: the device sees the keyboard unplugged and plugged in. */
export async function resetChip(
  wire: Ch9329Wire,
  options: Pick<ModeOptions, 'clock' | 'replyMs' | 'resetWaitMs' | 'signal'>,
): Promise<void> {
  await wire.ask(COMMAND.reset, [], options.replyMs)
  await options.clock.sleep(options.resetWaitMs, options.signal)
}

async function readConfig(
  wire: Ch9329Wire,
  replyMs: number,
): Promise<Uint8Array | { readonly mode: 'wrong' | 'unclear'; readonly why: string }> {
  let answer: Answer = { kind: 'silent' }
  for (let n = 0; n < TRIES; n++) {
    answer = await wire.ask(COMMAND.getConfig, [], replyMs)
    if (answer.kind === 'ok' && answer.data.length === CONFIG_BYTES) return answer.data
    if (answer.kind === 'refused' || answer.kind === 'gone') break
  }
  if (answer.kind === 'refused') return { mode: 'wrong', why: `status ${answer.status}` }
  if (answer.kind === 'ok') return { mode: 'wrong', why: `${answer.data.length} bytes of settings` }
  return { mode: 'unclear', why: answer.kind }
}

/** One line of hex; the first one is the maker's, so a later run never overwrites it. */
async function keep(path: string, config: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(path, `${hex(config)}\n`, { flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
