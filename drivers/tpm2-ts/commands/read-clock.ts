// TPM2_ReadClock: times and restarts as the TPM counts them.
import { defineCommand } from '../command.ts'
import { timeInfo } from '../structures/common.ts'

/** Part 3, section 29.1. A changed `restartCount` means that the TPM restarted in between. */
export const ReadClock = defineCommand({
  name: 'TPM2_ReadClock',
  code: 0x181,
  answer: { currentTime: timeInfo },
})
