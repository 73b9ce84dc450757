// Runs commands: builds the bytes, sends them, repeats what the TPM wants repeated, checks and reads the answer.
import type { Authorization } from './authorization.ts'
import { authorizations, type Bound, fieldsOf, hashOf, nonces } from './bound.ts'
import { writeFields } from './codec/codec.ts'
import { Reader } from './codec/reader.ts'
import { Writer } from './codec/writer.ts'
import { type AnswerOf, type Command, type RequestOf, TIMEOUTS, type TimeClass } from './command.ts'
import { FlushContext } from './commands/flush-context.ts'
import { type Entity, handleName } from './entity.ts'
import { isTpmFault, TpmFault } from './fault.ts'
import { responseCode, responseText } from './response-code.ts'
import { Deadline, faultOfAbort, type Sleep, sleep } from './timers.ts'
import { HEADER, type TpmTransport } from './transport/transport.ts'
import {
  decodeResponse,
  encodeCommand,
  encodePlain,
  plainParameters,
  responseHeader,
} from './wire.ts'

export interface TpmOptions {
  /** Ends every command and wait; flushing goes on without it. */
  readonly signal?: AbortSignal
  /** Milliseconds by class of command. */
  readonly timeouts?: Partial<Readonly<Record<TimeClass, number>>>
  /** How to wait before a repetition; a simulation brings its own. */
  readonly sleep?: Sleep
}

export interface RunOptions {
  /** One for each handle that wants one, in order; where none is given, a password with its value. */
  readonly auth?: readonly Authorization[]
  /** Sessions that only protect the command: an HMAC session over a command that needs none. */
  readonly extra?: readonly Authorization[]
  readonly signal?: AbortSignal
}

/**
 * Waits before the same bytes are sent again, in ms: swtpm's RETRY is over at once, a chip that tests
 * itself needs up to some seconds. Then the TPM's own code is the fault.
 */
const REPEAT_AFTER_MS = [1, 5, 20, 50, 100, 250, 500, 1000, 1000, 1000, 1000, 1000] as const

/**
 * A flush is housekeeping behind the caller's back: chips take some ms for it, and a relay adds its way. A peer that has
 * fallen silent must not cost the full time of a command for every handle that is owed to it.
 */
const FLUSH_MS = 2000

export class Tpm {
  readonly #transport: TpmTransport
  readonly #options: TpmOptions
  readonly #deadline = new Deadline()
  readonly #unflushed = new Set<number>()
  #isBusy = false
  /** Resolves when the command in flight has ended; made only for one who waits for that. */
  #resting: PromiseWithResolvers<void> | null = null
  #roundTrips = 0
  #hasLostHandle = false
  /** A flush had no answer in time: the next ones are not tried before a command was answered again. */
  #isSilent = false

  constructor(transport: TpmTransport, options: TpmOptions = {}) {
    this.#transport = transport
    this.#options = options
  }

  /** How many commands were sent, repetitions included. */
  get roundTrips(): number {
    return this.#roundTrips
  }

  /** Handles that could not be flushed, because the TPM did not answer. */
  get unflushed(): readonly number[] {
    return [...this.#unflushed]
  }

  /** True once a command that loads something had no answer: the TPM may hold it under a handle that nobody was told. */
  get hasLostHandle(): boolean {
    return this.#hasLostHandle
  }

  /**
   * Sends a command and reads its answer. Throws a `TpmFault`: `TPM_RESPONSE` with the TPM's own code,
   * `TPM_INTEGRITY` if a session finds the answer altered, or what the transport says.
   */
  async run<C extends Command>(
    command: C,
    request: RequestOf<C>,
    options: RunOptions = {},
  ): Promise<AnswerOf<C>> {
    if (this.#isBusy) throw new TpmFault('TPM_BUSY', 'A command is in flight.')
    const ms = this.#options.timeouts?.[command.time] ?? TIMEOUTS[command.time]
    const outer = both(this.#options.signal, options.signal)
    const signal = this.#deadline.start(ms, command.name, outer)
    this.#isBusy = true
    try {
      const answer = (await this.#exchange(command, request, options, signal)) as AnswerOf<C>
      this.#isSilent = false
      return answer
    } finally {
      this.#deadline.stop()
      this.#rest()
    }
  }

  /**
   * Flushes an object or a session, also after the caller's signal aborted. Never throws: what could
   * not be flushed is in `unflushed`. A handle that the TPM no longer knows is flushed already.
   * It takes 2 s at most; after one that had no answer, others are not tried until the TPM answers a command.
   * It waits for a command in flight: `return tpm.run(…)` without an await leaves the block, and its
   * `await using`, before the answer is there.
   */
  async flush(handle: number): Promise<void> {
    while (this.#isBusy) {
      this.#resting ??= Promise.withResolvers<void>()
      await this.#resting.promise
    }
    this.#isBusy = true
    try {
      await this.#flush(handle)
    } finally {
      this.#rest()
    }
  }

  #rest(): void {
    this.#isBusy = false
    this.#resting?.resolve()
    this.#resting = null
  }

  async #flush(handle: number): Promise<void> {
    if (this.#isSilent) {
      this.#unflushed.add(handle)
      return
    }
    const { signal: _, ...options } = this.#options
    const quick = Math.min(options.timeouts?.quick ?? FLUSH_MS, FLUSH_MS)
    const own = new Tpm(this.#transport, { ...options, timeouts: { ...options.timeouts, quick } })
    try {
      await own.run(FlushContext, { flushHandle: handle })
      this.#unflushed.delete(handle)
    } catch (error) {
      if (isTpmFault(error, 'TPM_RESPONSE') && error.response?.name === 'HANDLE') return
      this.#isSilent = isTpmFault(error, 'TPM_TIMEOUT')
      this.#unflushed.add(handle)
    } finally {
      this.#roundTrips += own.roundTrips
    }
  }

  #exchange(
    command: Command,
    request: object,
    options: RunOptions,
    signal: AbortSignal,
  ): Promise<unknown> {
    const values = request as Readonly<Record<string, unknown>>
    const entities = command.tables.handles.map(([key]) => values[key] as Entity)
    const auths = authorizations(command, entities, options)
    return auths.length === 0
      ? this.#plain(command, request, entities, signal)
      : this.#authorized(command, request, entities, auths, signal)
  }

  async #authorized(
    command: Command,
    request: object,
    entities: readonly Entity[],
    auths: readonly Bound[],
    signal: AbortSignal,
  ): Promise<unknown> {
    const to = new Writer()
    writeFields(command.tables.request, to, request)
    const parameters = to.take()
    for (const { auth, entity } of auths) auth.prepare(entity)
    for (const { auth } of auths) auth.encrypt(parameters)
    const names = entities.map((entity) => entity.name)
    const cpHash = hashOf(() => [handleName(command.code), ...names, parameters])
    const bytes = encodeCommand(
      command.code,
      entities.map((entity) => entity.handle),
      parameters,
      auths.map(({ auth, entity }, index) =>
        auth.authorize({ parametersHash: cpHash, entity, otherNonces: nonces(auths, index) }),
      ),
    )
    const answer = await this.#send(command, bytes, signal)
    return this.#loaded(command, answer, (loaded) => {
      const raw = decodeResponse(answer, loaded !== null, auths.length)
      const rpHash = hashOf(() => [handleName(0), handleName(command.code), raw.parameters])
      for (const [index, { auth, entity }] of auths.entries()) {
        const response = raw.auths[index]
        if (response === undefined) throw new TpmFault('TPM_GARBLED', 'A session has no answer.')
        auth.check(response, { parametersHash: rpHash, entity, otherNonces: new Uint8Array(0) })
      }
      for (const { auth } of auths) auth.decrypt(raw.parameters)
      return fieldsOf(command, new Reader(raw.parameters), loaded)
    })
  }

  /** A command without sessions: nothing to sign, one buffer for all of it. Most commands are such. */
  async #plain(
    command: Command,
    request: object,
    entities: readonly Entity[],
    signal: AbortSignal,
  ): Promise<unknown> {
    const handles = entities.map((entity) => entity.handle)
    const bytes = encodePlain(command.code, handles, (to) =>
      writeFields(command.tables.request, to, request),
    )
    const answer = await this.#send(command, bytes, signal)
    return this.#loaded(command, answer, (loaded) =>
      fieldsOf(command, plainParameters(answer, loaded !== null), loaded),
    )
  }

  /** Reads an answer; the handle that it brings is flushed when the rest cannot be read. */
  #loaded<T>(
    command: Command,
    answer: Uint8Array,
    read: (loaded: number | null) => T,
  ): T | Promise<never> {
    if (command.answerHandle === null) return read(null)
    const loaded = this.#loadedHandle(answer)
    try {
      return read(loaded)
    } catch (error) {
      // Whatever it is, it must not stay loaded because its description could not be believed.
      return this.#flush(loaded).then(() => Promise.reject(error))
    }
  }

  #loadedHandle(answer: Uint8Array): number {
    try {
      return new Reader(answer, HEADER).u32()
    } catch (error) {
      this.#hasLostHandle = true
      throw error
    }
  }

  /** The answer to a command that was accepted; the same bytes are sent again while the TPM asks for it. */
  async #send(command: Command, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    for (let repeat = 0; ; repeat += 1) {
      this.#roundTrips += 1
      let answer: Uint8Array
      try {
        answer = await this.#transport.send(bytes, signal)
      } catch (error) {
        throw this.#lost(command, error, signal)
      }
      const { code } = this.#header(command, answer)
      if (code === 0) return answer
      const response = responseCode(code)
      const wait = REPEAT_AFTER_MS[repeat]
      if (!response.isTransient || wait === undefined) {
        const sentence = `${command.name} answered ${responseText(response)}.`
        throw new TpmFault('TPM_RESPONSE', sentence, { response })
      }
      await this.#wait(wait, signal)
    }
  }

  /** A header that is none: what the command loaded stays unknown. */
  #header(command: Command, answer: Uint8Array) {
    try {
      return responseHeader(answer)
    } catch (error) {
      if (command.answerHandle !== null) this.#hasLostHandle = true
      throw error
    }
  }

  #lost(command: Command, error: unknown, signal: AbortSignal): unknown {
    if (command.answerHandle !== null && !isTpmFault(error, 'TPM_UNREACHABLE')) {
      this.#hasLostHandle = true
    }
    // A transport of somebody else may reject with the signal's reason, whatever that is.
    return signal.aborted && !isTpmFault(error) ? faultOfAbort(signal) : error
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await (this.#options.sleep ?? sleep)(ms, signal)
    } catch (error) {
      if (signal.aborted) throw faultOfAbort(signal)
      throw error
    }
  }
}

function both(one: AbortSignal | undefined, other: AbortSignal | undefined) {
  return one !== undefined && other !== undefined ? AbortSignal.any([one, other]) : (one ?? other)
}
