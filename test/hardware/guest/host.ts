// The wire between a program in the machine and the host: JSON lines over a virtio port.
import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

const PORTS = '/sys/class/virtio-ports'
const NAME = 'reseal.control'
const POLL_MS = 20
const ANSWER_MS = 30_000

type Answer = Readonly<Record<string, unknown>>

function openPort(): number {
  for (const port of readdirSync(PORTS)) {
    if (readFileSync(join(PORTS, port, 'name'), 'utf8').trim() !== NAME) continue
    return openSync(join('/dev', port), constants.O_RDWR | constants.O_NONBLOCK)
  }
  throw new Error(`no virtio port ${NAME}: this runs only in the virtual machine`)
}

class Host {
  readonly #fd = openPort()
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #asked = 0
  #rest = ''

  /** Tells the host something; a full port is tried again, so that no line is lost or cut. */
  say(say: string, more: Answer = {}): void {
    const bytes = Buffer.from(`${JSON.stringify({ say, ...more })}\n`)
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.#fd, bytes, at)
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error.code !== 'EAGAIN') throw error
      }
    }
  }

  /** Asks the host to do something, and waits until it is done. */
  async ask(what: string, more: Answer = {}): Promise<Answer> {
    const id = ++this.#asked
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve))
    this.say('ask', { id, what, ...more })
    const end = performance.now() + ANSWER_MS
    while (this.#waiting.has(id)) {
      this.#read()
      if (performance.now() > end) throw new Error(`the host did not answer: ${what}`)
      if (this.#waiting.has(id)) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    return answered
  }

  #read(): void {
    const bytes = Buffer.alloc(4096)
    try {
      // An unconnected port reads as ended; it is simply read again.
      this.#rest += bytes.toString('utf8', 0, readSync(this.#fd, bytes))
    } catch {
      return
    }
    const lines = this.#rest.split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const answer: Answer = JSON.parse(line)
      const id = Number(answer['id'])
      this.#waiting.get(id)?.(answer)
      this.#waiting.delete(id)
    }
  }

  close(): void {
    closeSync(this.#fd)
  }
}

export const host: Host = new Host()
