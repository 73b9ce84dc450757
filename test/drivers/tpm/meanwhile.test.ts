// The station's part of an attestation is done during the TPM's, in turns of its own, and never twice or lost.
import { expect, test } from 'vitest'
import { Meanwhile, ownTurn } from '../../../drivers/tpm/meanwhile.ts'

const command = (code: number) => {
  const bytes = Buffer.alloc(10)
  bytes.writeUInt32BE(code, 6)
  return bytes
}
const CREATE = command(0x153)
const QUOTE = command(0x158)
const { signal } = new AbortController()

/** A TPM that answers when it is told to. */
function slowTpm() {
  const asked: PromiseWithResolvers<Uint8Array>[] = []
  const send = () => {
    const one = Promise.withResolvers<Uint8Array>()
    asked.push(one)
    return one.promise
  }
  return { send, answer: () => asked.shift()?.resolve(new Uint8Array(10)) }
}

test('planned work is done while its command runs, and no other, once', async () => {
  const meanwhile = new Meanwhile()
  const tpm = slowTpm()
  const transport = meanwhile.over(tpm)
  let runs = 0
  const result = meanwhile.plan('Create', () => ++runs)
  const quoting = transport.send(QUOTE, signal)
  await ownTurn()
  expect(runs).toBe(0)
  tpm.answer()
  await quoting
  const creating = transport.send(CREATE, signal)
  await ownTurn()
  expect(runs).toBe(1)
  tpm.answer()
  await creating
  expect([result(), result(), runs]).toEqual([1, 1, 1])
})

test('work that is asked for earlier is done at once, and its error comes to who asks', async () => {
  const meanwhile = new Meanwhile()
  const tpm = slowTpm()
  const transport = meanwhile.over(tpm)
  let runs = 0
  const broken = meanwhile.plan('Create', () => {
    runs++
    throw new Error('no log')
  })
  expect(broken).toThrow('no log')
  const creating = transport.send(CREATE, signal)
  await ownTurn()
  tpm.answer()
  await creating
  expect(broken).toThrow('no log')
  expect(runs).toBe(1)
})

test('no two answers are taken up in one turn of the event loop', async () => {
  let turns = 0
  const beat = () => {
    turns++
    if (turns < 100) setImmediate(beat)
  }
  setImmediate(beat)
  const at = await Promise.all(
    Array.from({ length: 10 }, async () => {
      await ownTurn()
      return turns
    }),
  )
  expect(new Set(at).size).toBe(10)
})
