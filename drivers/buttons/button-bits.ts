// Which bits of an input report are buttons, read from the report descriptor; pure, and safe for any bytes.

/** One button: its bit in the reports of one id. `key` counts from 0 in the order of the descriptor. */
export interface ButtonBit {
  /** Report id, 0 when the peripheral has none: then no id stands in front of the data either. */
  readonly report: number
  /** Offset in the data behind the id. */
  readonly bit: number
  readonly key: number
}

/** HID Usage Tables: Button page; System Control and Consumer keys of one bit are buttons too on foot switches. */
const BUTTON_PAGES: readonly number[] = [0x09, 0x0c]
/** More buttons than an operator can tell apart; the rest is not followed. */
const BUTTONS_MAX = 32
const DESCRIPTOR_MAX = 4096

// Short items of HID 1.11 §6.2.2: tag and type in the upper six bits, size in the lower two.
const USAGE_PAGE = 0x04
const REPORT_SIZE = 0x74
const REPORT_ID = 0x84
const REPORT_COUNT = 0x94
const PUSH = 0xa4
const POP = 0xb4
const INPUT = 0x80
const LONG_ITEM = 0xfe
/** Flags of an input: padding, and an array of usages instead of one bit for each. */
const CONSTANT = 0x01
const VARIABLE = 0x02

interface Globals {
  readonly page: number
  readonly size: number
  readonly count: number
  readonly report: number
}

/** The buttons of a descriptor; none for one that is broken before its first button. */
export function buttonBitsOf(descriptor: Uint8Array): readonly ButtonBit[] {
  const bytes = descriptor.subarray(0, DESCRIPTOR_MAX)
  const buttons: ButtonBit[] = []
  const used = new Map<number, number>()
  const stack: Globals[] = []
  let now: Globals = { page: 0, size: 0, count: 0, report: 0 }
  for (let at = 0; at < bytes.length; ) {
    const prefix = bytes[at] ?? 0
    if (prefix === LONG_ITEM) {
      at += 3 + (bytes[at + 1] ?? 0)
      continue
    }
    const length = [0, 1, 2, 4][prefix & 3] ?? 0
    const value = numberAt(bytes, at + 1, length)
    at += 1 + length
    switch (prefix & 0xfc) {
      case USAGE_PAGE:
        now = { ...now, page: value }
        break
      case REPORT_SIZE:
        now = { ...now, size: value }
        break
      case REPORT_COUNT:
        now = { ...now, count: value }
        break
      case REPORT_ID:
        now = { ...now, report: value }
        break
      case PUSH:
        if (stack.length < 16) stack.push(now)
        break
      case POP:
        now = stack.pop() ?? now
        break
      case INPUT:
        takeInput(now, value, used, buttons)
        break
    }
  }
  return buttons
}

function takeInput(
  { page, size, count, report }: Globals,
  flags: number,
  used: Map<number, number>,
  buttons: ButtonBit[],
): void {
  const from = used.get(report) ?? 0
  used.set(report, from + size * count)
  const isBits = size === 1 && (flags & (CONSTANT | VARIABLE)) === VARIABLE
  if (!isBits || !BUTTON_PAGES.includes(page)) return
  for (let n = 0; n < count && buttons.length < BUTTONS_MAX; n++)
    buttons.push({ report, bit: from + n, key: buttons.length })
}

function numberAt(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let n = 0; n < length; n++) value += (bytes[at + n] ?? 0) * 256 ** n
  return value
}

/** Which of the buttons a report speaks of are down; buttons of other reports are not in the answer. */
export function pressedIn(
  buttons: readonly ButtonBit[],
  bytes: Uint8Array,
): ReadonlyMap<number, boolean> {
  const hasIds = buttons.some(({ report }) => report !== 0)
  const report = hasIds ? (bytes[0] ?? 0) : 0
  const data = hasIds ? bytes.subarray(1) : bytes
  const states = new Map<number, boolean>()
  for (const button of buttons) {
    const byte = data[button.bit >> 3]
    if (button.report === report && byte !== undefined)
      states.set(button.key, ((byte >> (button.bit & 7)) & 1) === 1)
  }
  return states
}
