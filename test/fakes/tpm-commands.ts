// Every command of tpm2-ts, and commands and answers taken apart as a TPM would.
import * as tpm2 from '../../drivers/tpm2-ts/index.ts'
import {
  type AuthCommand,
  authCommand,
  type Command,
  decodeResponse,
  encodeCommand,
  type Fields,
  Reader,
  struct,
} from '../../drivers/tpm2-ts/index.ts'

function isCommand(value: unknown): value is Command {
  return typeof value === 'object' && value !== null && 'answerHandle' in value
}

export const COMMANDS: readonly Command[] = Object.values<unknown>(tpm2).filter(isCommand)

/** A codec over the fields of a request or an answer, for commands known only at run time. */
export const record = (fields: Fields) => struct(fields) as tpm2.Codec<Record<string, unknown>>

export function commandByCode(code: number): Command {
  const command = COMMANDS.find((one) => one.code === code)
  if (command === undefined) throw new Error(`no command has the code 0x${code.toString(16)}`)
  return command
}

interface TakenApart {
  readonly command: Command
  readonly handles: readonly number[]
  readonly auths: readonly AuthCommand[]
  readonly request: Record<string, unknown>
}

/** Reads a whole command. */
export function readCommand(bytes: Uint8Array): TakenApart {
  const from = new Reader(bytes)
  const hasSessions = from.u16() === tpm2.ST.SESSIONS
  from.u32()
  const command = commandByCode(from.u32())
  const handles = Object.keys(command.handles).map(() => from.u32())
  const auths: AuthCommand[] = []
  if (hasSessions) {
    const area = from.inner(from.u32())
    while (area.left > 0) auths.push(authCommand.read(area))
  }
  const request = record(command.request).read(from)
  from.end(command.name)
  return { command, handles, auths, request }
}

/** Writes it back. */
export function writeCommand({ command, handles, auths, request }: TakenApart): Uint8Array {
  return encodeCommand(command.code, handles, tpm2.encode(record(command.request), request), auths)
}

/** Reads the fields of an answer. */
export function readAnswer(command: Command, bytes: Uint8Array, authCount: number) {
  const raw = decodeResponse(bytes, command.answerHandle !== null, authCount)
  return { raw, fields: tpm2.decode(record(command.answer), raw.parameters) }
}
