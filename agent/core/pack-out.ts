// Says at the packing table whether a device may go into its box: green with its grade, or red with the one reason that counts most.
import type { InstantMs } from './ids.ts'
import type { ResealAnswer } from './reseal-answer.ts'

/** Why a device must not be packed, the first that applies; `unreadable`: what was scanned names no device. */
export const PACK_REASONS = [
  'unreadable',
  'not-seen',
  'open',
  'not-resealed',
  'alarm',
  'other-order',
  'past-use',
  'too-early',
] as const
export type PackReason = (typeof PACK_REASONS)[number]

/** What the work orders say about the device. */
export interface PackOrder {
  /** Order whose list the device is on; null when it is on none. */
  readonly listed: string | null
  /** Order that is packed here; null: any. */
  readonly wanted: string | null
}

export interface PackOut {
  readonly go: boolean
  readonly why: PackReason | null
  /** As it was scanned, when no device is known by it. */
  readonly serial: string
  readonly grade: string | null
  /** Order of the device, as its run or a list says. */
  readonly order: string | null
  /** When it may go, for `too-early`. */
  readonly from: string | null
  /** It was let through before, at the same outcome. */
  readonly before: string | null
  readonly answer: ResealAnswer
}

/** The one decision of the packing table. `now`: UTC ms. Nothing is green that is not resealed, quiet since, and due. */
export function packOut(
  answer: ResealAnswer,
  { listed, wanted }: PackOrder,
  now: InstantMs,
): PackOut {
  const order = answer.workOrder ?? listed
  const why = reasonOf(answer, { order, listed, wanted }, now)
  const { packedOut } = answer
  return {
    go: why === null,
    why,
    serial: answer.serial,
    grade: answer.grade ?? null,
    order,
    from: why === 'too-early' ? (answer.handOverAfter ?? null) : null,
    before: packedOut?.go === true ? packedOut.at : null,
    answer,
  }
}

interface Orders extends PackOrder {
  readonly order: string | null
}

function reasonOf(answer: ResealAnswer, orders: Orders, now: InstantMs): PackReason | null {
  if (answer.serial === '') return 'unreadable'
  if (answer.answer === 'not-seen') return 'not-seen'
  if (answer.answer === 'open') return 'open'
  if (answer.answer === 'not-resealed') return 'not-resealed'
  if (answer.alarms.length > 0) return 'alarm'
  if (isOther(orders)) return 'other-order'
  // A time that cannot be read is no time that has come.
  if (answer.useBefore !== undefined && !(Date.parse(answer.useBefore) > now)) return 'past-use'
  if (answer.handOverAfter !== undefined && !(Date.parse(answer.handOverAfter) <= now))
    return 'too-early'
  return null
}

/** The run was held against another order, or another order's list names the device. */
function isOther({ order, listed, wanted }: Orders): boolean {
  if (wanted === null) return order !== null && listed !== null && listed !== order
  return order !== wanted || (listed !== null && listed !== wanted)
}
