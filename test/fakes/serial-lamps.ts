// Serial lamps on a pseudo terminal: the Adafruit tower, LCUS relays and fit-statUSB take the bytes of facts/hardware §4.1.
import { type PtyPair, ptyPair } from './pty.ts'

export interface SerialLamp {
  readonly pty: PtyPair
  look(): string
  /** Bytes that it took. */
  readonly taken: () => number
  /** What it did not understand. */
  readonly odd: readonly string[]
}

const NAMES = [
  ['red', 1],
  ['yellow', 2],
  ['green', 4],
  ['buzzer', 8],
] as const

/** Its state survives when the agent goes: nothing but bytes and loss of power changes it. */
export async function towerDouble(left = 0): Promise<SerialLamp & { state: number }> {
  const odd: string[] = []
  let taken = 0
  const tower = { state: left }
  const pty = await ptyPair((bytes) => {
    for (const byte of bytes) {
      taken++
      const bits = byte & 0x0f
      if (byte >> 4 === 1) tower.state |= bits
      else if (byte >> 4 === 2) tower.state &= ~bits
      else odd.push(byte.toString(16))
    }
  })
  return {
    pty,
    odd,
    taken: () => taken,
    look: () =>
      NAMES.filter(([, bit]) => (tower.state & bit) !== 0)
        .map(([name]) => name)
        .join('+') || 'dark',
    get state() {
      return tower.state
    },
  }
}

/** Frames of four bytes; one with a wrong sum is nothing. */
export async function lcusDouble(wired: readonly string[]): Promise<SerialLamp> {
  const odd: string[] = []
  const on = new Set<number>()
  let taken = 0
  let rest: number[] = []
  const pty = await ptyPair((bytes) => {
    rest.push(...bytes)
    for (; rest.length >= 4; rest = rest.slice(4)) {
      const [head = 0, channel = 0, state = 0, sum = 0] = rest
      taken += 4
      if (head !== 0xa0 || ((head + channel + state) & 0xff) !== sum || state > 1)
        odd.push(Buffer.from(rest.slice(0, 4)).toString('hex'))
      else if (state === 1) on.add(channel)
      else on.delete(channel)
    }
  })
  const look = () => wired.filter((_, at) => on.has(at + 1)).join('+') || 'dark'
  return { pty, odd, look, taken: () => taken }
}

/** Lines of text. */
export async function fitstatDouble(): Promise<SerialLamp> {
  const odd: string[] = []
  let taken = 0
  let text = ''
  let colour = 'dark'
  const pty = await ptyPair((bytes) => {
    taken += bytes.length
    text += Buffer.from(bytes).toString('latin1')
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) {
      const match = /^B#([0-9A-F]{6})$/.exec(line)
      if (match === null) odd.push(line)
      else colour = match[1] === '000000' ? 'dark' : `#${match[1]?.toLowerCase()}`
    }
  })
  return { pty, odd, taken: () => taken, look: () => colour }
}
