// TPM2_Load: loads a wrapped key under its parent.
import { defineCommand } from '../command.ts'
import { name } from '../structures/common.ts'
import { privateArea, sizedPublic } from '../structures/public.ts'

/** Part 3, section 12.2. Answers OBJECT_MEMORY if no slot is free. */
export const Load = defineCommand({
  name: 'TPM2_Load',
  code: 0x157,
  time: 'crypto',
  handles: { parentHandle: 'auth' },
  request: { inPrivate: privateArea, inPublic: sizedPublic },
  answerHandle: 'objectHandle',
  answer: { name },
})
