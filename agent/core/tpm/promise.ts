// The sentence that stands wherever a TPM verdict is shown: on the command line, on the board, and in reports.

/** What neither verdict can promise. */
export const NO_PROMISE =
  "Neither verdict promises that Microsoft's attestation service accepts the device."
