// TPM2_ReadPublic: the public area, name and qualified name of a loaded or persistent object.
import { defineCommand } from '../command.ts'
import { name } from '../structures/common.ts'
import { sizedPublic } from '../structures/public.ts'

/** Part 3, section 12.4. Answers HANDLE if nothing is there. */
export const ReadPublic = defineCommand({
  name: 'TPM2_ReadPublic',
  code: 0x173,
  handles: { objectHandle: 'plain' },
  answer: { outPublic: sizedPublic, name, qualifiedName: name },
})
