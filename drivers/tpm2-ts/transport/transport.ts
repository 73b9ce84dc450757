// The way to a TPM: one method, bytes in, bytes out.

/** What a transport owes; a relay or a double implements it in a few lines. */
export interface TpmTransport {
  /**
   * Sends one whole command and resolves with one whole response, header included. One command is in
   * flight at a time (`TPM_BUSY`). Rejects with a `TpmFault`. When the signal aborts, it rejects at
   * once and never takes a late answer for that of the next command.
   */
  send(command: Uint8Array, signal: AbortSignal): Promise<Uint8Array>
}

/** A transport that holds a connection; `await using` closes it. */
export interface OpenTransport extends TpmTransport, AsyncDisposable {
  close(): Promise<void>
}

export interface TransportOptions {
  /** The largest response that is taken, in bytes; TPM_PT_MAX_RESPONSE_SIZE is 4,096 on known TPMs. */
  readonly responseMax?: number
}

/** PC Client Platform TPM Profile, TPM_PT_MAX_COMMAND_SIZE and _RESPONSE_SIZE: 4,096. */
export const RESPONSE_MAX = 4096
export const COMMAND_MAX = 4096
/** Tag, size and code (Part 1, section "Command/Response Header"). */
export const HEADER = 10
