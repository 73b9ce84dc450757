// A transport that answers what the test wrote down, and keeps what it was sent.
import { TpmFault, type TpmOptions, type TpmTransport } from '../../drivers/tpm2-ts/index.ts'

export const success = (body: Uint8Array, tag = 0x8001) => {
  const bytes = Buffer.alloc(10 + body.length)
  bytes.writeUInt16BE(tag, 0)
  bytes.writeUInt32BE(bytes.length, 2)
  bytes.set(body, 10)
  return new Uint8Array(bytes)
}
export const refusal = (code: number) => {
  const bytes = Buffer.from('80010000000a00000000', 'hex')
  bytes.writeUInt32BE(code, 6)
  return new Uint8Array(bytes)
}
export const random = success(Uint8Array.of(0, 2, 7, 8))

export type Answer =
  | Uint8Array
  | ((command: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>)

/** A transport that gives one answer after the other, the last one for ever, and keeps what it was sent. */
export function scripted(...answers: readonly Answer[]) {
  const sent: Buffer[] = []
  const transport: TpmTransport = {
    send: async (command, signal) => {
      if (signal.aborted) throw signal.reason
      const answer = answers[Math.min(sent.length, answers.length - 1)]
      sent.push(Buffer.from(command))
      if (answer === undefined) throw new TpmFault('TPM_CLOSED', 'The script is over.')
      return typeof answer === 'function' ? answer(command, signal) : answer
    },
  }
  return { transport, sent }
}

export const silent: Answer = (_, signal) =>
  new Promise((_resolve, reject) => {
    const fail = () => reject(signal.reason)
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail)
  })

/** Sleeps in no time and keeps how long it was asked to. */
export function quick(): TpmOptions & { readonly slept: number[] } {
  const slept: number[] = []
  return {
    slept,
    sleep: async (ms) => {
      slept.push(ms)
    },
  }
}

export async function faultOf(work: Promise<unknown>): Promise<TpmFault> {
  try {
    await work
  } catch (error) {
    if (error instanceof TpmFault) return error
    throw error
  }
  throw new Error('it went well')
}

export const ask = { bytesRequested: 2 }
