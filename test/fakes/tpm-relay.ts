// A relay between a client and its TPM that changes what the test wants changed.
import type { OpenTransport, TpmTransport } from '../../drivers/tpm2-ts/index.ts'

/** Carries on what it is given, after the change that the test asks for. */
export class Relay implements TpmTransport {
  readonly #transport: OpenTransport
  readonly seen: Buffer[] = []
  onCommand: (bytes: Buffer) => void = () => {}
  onAnswer: (bytes: Buffer) => void = () => {}

  constructor(transport: OpenTransport) {
    this.#transport = transport
  }

  async send(command: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const asked = Buffer.from(command)
    this.onCommand(asked)
    const answer = Buffer.from(await this.#transport.send(asked, signal))
    this.onAnswer(answer)
    this.seen.push(asked, answer)
    return answer
  }

  honest(): void {
    this.onCommand = () => {}
    this.onAnswer = () => {}
  }
}
