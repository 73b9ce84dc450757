// How calls reach a writer or reader: over a message port into a thread of its own, or by the same code in this one.
import { parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'
import { StationError } from '../fault.ts'
import { faultOf } from './database.ts'
import type { Failure } from './ops.ts'

export type Mode = 'thread' | 'in-process'

/** Something that answers a batch of questions in their order, and can be closed. */
export interface Answerer<Q, A> {
  flush(questions: readonly Q[]): readonly A[]
  close(): void
}
export interface Channel<Q, A> {
  ask(question: Q): Promise<A>
  /** True while an answer is awaited. */
  readonly busy: boolean
  /** What is asked before it is still answered. */
  close(): Promise<void>
}

interface Waiting<Q, A> {
  readonly question: Q
  readonly resolve: (answer: A) => void
  readonly reject: (error: unknown) => void
}

/** Questions of one turn of the event loop are answered together, in the order they were asked. */
export class LocalChannel<Q, A> implements Channel<Q, A> {
  readonly #answerer: Answerer<Q, A>
  #waiting: Waiting<Q, A>[] = []
  #closed = false

  constructor(answerer: Answerer<Q, A>) {
    this.#answerer = answerer
  }

  get busy(): boolean {
    return this.#waiting.length > 0
  }

  ask(question: Q): Promise<A> {
    if (this.#closed) return Promise.reject(closedFault())
    const { promise, resolve, reject } = Promise.withResolvers<A>()
    if (this.#waiting.length === 0) setImmediate(() => this.#flush())
    this.#waiting.push({ question, resolve, reject })
    return promise
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#flush()
    this.#answerer.close()
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    if (waiting.length === 0) return
    try {
      const answers = this.#answerer.flush(waiting.map(({ question }) => question))
      waiting.forEach(({ resolve }, index) => {
        resolve(answers[index] as A)
      })
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }
}

const closedFault = () => new StationError('STATION_LEDGER_FAULT', 'the ledger is closed')

/** New objects of a thread, MB: rows that live for one flush. The default lets each thread grow by 48. */
const SMALL = { maxYoungGenerationSizeMb: 4 }

/** What a thread is started with; `bell` counts the messages, so that it can sleep until the next. */
interface Start<D> {
  readonly data: D
  readonly bell: Int32Array
}
interface Batch<A> {
  readonly answers: readonly A[]
}
interface Opened<H> {
  readonly opened: H
}
interface Failed {
  readonly failure: Failure
}

/**
 * Questions of one turn travel as one array; the thread takes all arrays that came while it was flushing as one batch.
 * Answers come back in the order of the questions, so no ids are needed.
 */
export class ThreadChannel<Q, A> implements Channel<Q, A> {
  readonly #worker: Worker
  readonly #bell: Int32Array
  readonly #ended: Promise<void>
  #posting: Q[] = []
  #waiting: Waiting<Q, A>[] = []
  #first = 0
  #closed = false

  constructor(worker: Worker, bell: Int32Array) {
    this.#worker = worker
    this.#bell = bell
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => resolve())
    })
    worker.on('message', (batch: Batch<A>) => this.#take(batch.answers))
    worker.once('error', (error) => {
      this.#lose(error)
      // An assertion in a shared part ends the process (architecture: engine rule 12); the next one resumes.
      queueMicrotask(() => {
        throw error
      })
    })
    worker.once('exit', () => this.#lose(closedFault()))
  }

  /**
   * Starts the thread of `url` with `data`, and waits until it is open; `hello` is what it said then.
   * @throws StationError what its opening threw
   */
  static async open<Q, A, H>(
    url: URL,
    data: unknown,
  ): Promise<{ channel: ThreadChannel<Q, A>; hello: H }> {
    const bell = new Int32Array(new SharedArrayBuffer(4))
    const start: Start<unknown> = { data, bell }
    const worker = new Worker(url, { workerData: start, resourceLimits: SMALL })
    const said = await new Promise<Opened<H> | Failed>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', (error) => reject(faultOf(error, 'ledger thread', '.')))
      worker.once('exit', () => reject(closedFault()))
    })
    if ('failure' in said) {
      await worker.terminate()
      throw new StationError(said.failure.code, said.failure.where)
    }
    return { channel: new ThreadChannel<Q, A>(worker, bell), hello: said.opened }
  }

  get busy(): boolean {
    return this.#waiting.length > this.#first
  }

  ask(question: Q): Promise<A> {
    if (this.#closed) return Promise.reject(closedFault())
    const { promise, resolve, reject } = Promise.withResolvers<A>()
    if (this.#posting.length === 0) queueMicrotask(() => this.#post())
    this.#posting.push(question)
    this.#waiting.push({ question, resolve, reject })
    return promise
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#post()
      this.#closed = true
      this.#send(null)
    }
    await this.#ended
  }

  #post(): void {
    if (this.#posting.length === 0) return
    const posting = this.#posting
    this.#posting = []
    this.#send(posting)
  }

  #send(message: readonly Q[] | null): void {
    this.#worker.postMessage(message)
    Atomics.add(this.#bell, 0, 1)
    Atomics.notify(this.#bell, 0)
  }

  #take(answers: readonly A[]): void {
    for (const answer of answers) this.#waiting[this.#first++]?.resolve(answer)
    if (this.#first < this.#waiting.length) return
    this.#waiting = []
    this.#first = 0
  }

  #lose(error: unknown): void {
    this.#closed = true
    const lost = this.#waiting.slice(this.#first)
    this.#waiting = []
    this.#first = 0
    for (const { reject } of lost) reject(faultOf(error, 'ledger thread', '.'))
  }
}

/** The other end: a worker's whole life. `open` makes the answerer from what the parent sent along. */
export function serve<D, Q, A, H>(open: (data: D) => { answerer: Answerer<Q, A>; hello: H }): void {
  const port = parentPort
  if (port === null) throw new Error('this file is the body of a worker thread')
  let answerer: Answerer<Q, A>
  const { data, bell } = workerData as Start<D>
  try {
    const made = open(data)
    answerer = made.answerer
    port.postMessage({ opened: made.hello })
  } catch (error) {
    const { code, where } = faultOf(error, 'ledger thread', '.')
    port.postMessage({ failure: { code, where } })
    return
  }
  // The thread sleeps in `Atomics.wait` and not in its event loop: waking there takes a third of the time, and one bay
  // alone waits for that once per commit.
  for (let last = false; !last; ) {
    const seen = Atomics.load(bell, 0)
    const questions: Q[] = []
    for (;;) {
      const batch: readonly Q[] | null | undefined = receiveMessageOnPort(port)?.message
      if (batch === undefined) break
      if (batch === null) last = true
      else questions.push(...batch)
    }
    if (questions.length > 0) port.postMessage({ answers: answerer.flush(questions) })
    else if (!last) Atomics.wait(bell, 0, seen)
  }
  answerer.close()
  port.close()
}
