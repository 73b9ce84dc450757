// What the bench PC is made of, for `reseal doctor` and the metrics; slow to ask, so it is asked apart and kept a while.
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../agent/ports.ts'

export interface Inventory {
  readonly nics: readonly {
    readonly name: string
    readonly mac: string
    readonly isUp: boolean
    readonly isVirtual: boolean
    /** Mb/s. */
    readonly speed: number | null
    readonly carriesDefaultRoute: boolean
  }[]
  /** Bytes. */
  readonly disks: readonly {
    readonly mount: string
    readonly size: number
    readonly free: number
  }[]
  /** Bytes. */
  readonly memory: { readonly total: number; readonly available: number }
  /** Of the processor, degrees Celsius; null where no sensor tells. */
  readonly temperature: number | null
}

/** Temperature is the fastest of these to change, and nothing is decided by it. */
const AGE_MS = 60_000
/** 24 network cards take about 1 s to ask (hardware page 6.1); a stuck disk may take for ever. */
const ASK_MS = 20_000

export interface HostInventory {
  /** At most a minute old; null when it could not be asked. Never rejects, and never blocks the event loop. */
  read(): Promise<Inventory | null>
}

// Times are real ones: on a virtual bench the PC is no faster.
const ask = (clock: Clock): Promise<Inventory | null> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./inventory-worker.ts', import.meta.url))
    const end = (inventory: Inventory | null) => {
      cancel()
      resolve(inventory)
      void worker.terminate()
    }
    const cancel = clock.after(ASK_MS * clock.rate, () => end(null))
    worker.once('message', (inventory: Inventory) => end(inventory))
    worker.once('error', () => end(null))
    worker.once('exit', () => end(null))
  })

/** Asks when somebody wants to know; nothing runs before that, and one asking serves all who wait for it. */
export function openInventory(options: { readonly clock: Clock }): HostInventory {
  const { clock } = options
  let last: { readonly asked: number; readonly answer: Promise<Inventory | null> } | null = null
  return {
    read() {
      if (last === null || clock.mono() - last.asked > AGE_MS * clock.rate) {
        last = { asked: clock.mono(), answer: ask(clock) }
      }
      return last.answer
    },
  }
}
