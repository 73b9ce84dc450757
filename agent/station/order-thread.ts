// Has files of orders read in a thread that lives only for that, and takes the list over piece by piece.
import { Worker } from 'node:worker_threads'
import { OrderGathering, type OrderPiece } from '../../station-config/order-pieces.ts'
import type { FileMarks } from '../../station-config/order-store.ts'
import { OrderBook } from '../../station-config/orders.ts'
import type { Problem } from '../../station-config/problem.ts'
import { StationError } from '../fault.ts'
import type { Clock } from '../ports.ts'
import type { OrderJob, OrderReport } from './order-worker.ts'

/** Real ms; 100,000 serial numbers with a ZtdId each, the most there can be, took 3.3 s as YAML. */
const READ_MS = 60_000
/** MB; the same took under 384. 16 MB of something else shall not take all that the PC has. */
const HEAP_MB = 1_024
/** New objects, MB: the run time keeps for later what a thread once had, and with its own choice that is 60 MB more. */
const YOUNG_MB = 4

export interface ReadOrders {
  readonly marks: FileMarks
  /** null when there is a problem. */
  readonly book: OrderBook | null
  readonly problems: readonly Problem[]
}

export interface OrderThreadOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Real ms. */
  readonly limitMs?: number
  /** MB. */
  readonly heapMb?: number
}

const unread = (where: string, cause?: unknown) =>
  new StationError('STATION_ORDERS_UNREAD', where, cause === undefined ? {} : { cause })

/**
 * Reads and checks in a worker thread; between two pieces of the list the event loop has a turn.
 * @throws StationError STATION_ORDERS_UNREAD when it takes too long, too much memory, or the thread breaks
 */
export function readInThread(job: OrderJob, options: OrderThreadOptions): Promise<ReadOrders> {
  const { clock, signal, limitMs = READ_MS, heapMb = HEAP_MB } = options
  const { promise, resolve, reject } = Promise.withResolvers<ReadOrders>()
  if (signal.aborted) return Promise.reject(unread('the station stops'))
  const worker = new Worker(new URL('./order-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const late = () => reject(unread(`not read within ${limitMs / 1000} s`))
  const stopped = () => reject(unread('the station stops'))
  const cancel = clock.after(limitMs * clock.rate, late)
  signal.addEventListener('abort', stopped, { once: true })
  const list = new OrderGathering()
  let report: OrderReport | null = null
  const ask = () => worker.postMessage('next')
  worker.on('message', (said: OrderReport | OrderPiece | null) => {
    if (report === null) report = said as OrderReport
    else if (said !== null) list.add(said as OrderPiece)
    else {
      const { marks, problems, isWhole } = report
      const book = isWhole ? new OrderBook(list.orders) : null
      return resolve({ marks, problems, book })
    }
    // Answers that are there already are all taken in one turn: the next is asked for in the next one.
    setImmediate(ask)
  })
  worker.once('error', (error) => reject(unread(reasonOf(error, heapMb), error)))
  worker.once('exit', (code) => reject(unread(`the thread ended with ${code}`)))
  return promise.finally(() => {
    cancel()
    signal.removeEventListener('abort', stopped)
    worker.removeAllListeners()
    // An error while it ends has nobody to tell any more.
    worker.on('error', () => undefined)
    return worker.terminate()
  })
}

function reasonOf(error: unknown, heapMb: number): string {
  if (!(error instanceof Error)) return String(error)
  const isFull = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return isFull ? `more than ${heapMb} MB of memory` : error.message
}
