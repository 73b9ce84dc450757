// TPM2_CreatePrimary: derives a key from a hierarchy's seed; an RSA key takes a chip seconds.
import { defineCommand } from '../command.ts'
import { data, digest, name, pcrSelections, ticket } from '../structures/common.ts'
import { sizedCreationData, sizedPublic, sizedSensitiveCreate } from '../structures/public.ts'

/** Part 3, section 24.1. */
export const CreatePrimary = defineCommand({
  name: 'TPM2_CreatePrimary',
  code: 0x131,
  time: 'keyCreation',
  handles: { primaryHandle: 'auth' },
  request: {
    inSensitive: sizedSensitiveCreate,
    inPublic: sizedPublic,
    outsideInfo: data,
    creationPcr: pcrSelections,
  },
  answerHandle: 'objectHandle',
  answer: {
    outPublic: sizedPublic,
    creationData: sizedCreationData,
    creationHash: digest,
    creationTicket: ticket,
    name,
  },
})
