// Replays a boot log to the PCR values that it claims, so that they can be held against the quoted ones.
import { createHash } from 'node:crypto'
import { EVENT, type EventLog, type LogEvent } from './log.ts'
import { isIgnored } from './oddities.ts'

/** The profile's PCRs of a PC (PC Client Platform TPM Profile, section 4.6). */
const PCRS = 24
const LOCALITY = 'StartupLocality\0'
/** PCRs of the dynamic launch start with all bits set. */
const isDynamic = (pcr: number) => pcr >= 17 && pcr <= 22

/** The locality from which the TPM was started; it stands in PCR 0 (profile 1.06, section 10.4.5.3). */
export function startLocality(events: readonly LogEvent[]): number {
  for (const { pcr, type, data } of events) {
    if (pcr !== 0 || type !== EVENT.noAction || data.length < LOCALITY.length + 1) continue
    if (Buffer.from(data.subarray(0, LOCALITY.length)).toString('latin1') === LOCALITY)
      return data[LOCALITY.length] ?? 0
  }
  return 0
}

/** The values of the PCRs that the log speaks of, for one bank. */
export function replay(log: EventLog, bank: string): ReadonlyMap<number, Uint8Array> {
  const values = new Map<number, Uint8Array>()
  const { size } = { size: createHash(bank).digest().length }
  const locality = startLocality(log.events)
  const start = (pcr: number) => {
    const value = Buffer.alloc(size, isDynamic(pcr) ? 0xff : 0)
    if (pcr === 0 && locality > 0) value[size - 1] = locality
    return value
  }
  if (locality > 0) values.set(0, start(0))
  for (const event of log.events) {
    const digest = event.digests.get(bank)
    if (event.type === EVENT.noAction || isIgnored(event) || event.pcr >= PCRS) continue
    if (digest === undefined) continue
    const old = values.get(event.pcr) ?? start(event.pcr)
    values.set(event.pcr, createHash(bank).update(old).update(digest).digest())
  }
  return values
}

/**
 * PCRs whose replayed value is not the quoted one. A quoted PCR that the log does not speak of must still be at its
 * start; PCR 10 (measured by a running Linux) and 16, 23 (for debugging) are no part of the boot.
 */
export function differingPcrs(
  replayed: ReadonlyMap<number, Uint8Array>,
  quoted: ReadonlyMap<number, Uint8Array>,
): readonly number[] {
  const differing: number[] = []
  for (const [pcr, value] of quoted) {
    if (pcr === 10 || pcr === 16 || pcr >= 23) continue
    const own = replayed.get(pcr)
    const isAtStart = value.every((byte) => byte === 0) || value.every((byte) => byte === 0xff)
    const same = own === undefined ? isAtStart : Buffer.compare(own, value) === 0
    if (!same) differing.push(pcr)
  }
  return differing
}
