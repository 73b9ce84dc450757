// TPM2_Create: makes a new key below a parent and returns it wrapped.
import { defineCommand } from '../command.ts'
import { data, digest, pcrSelections, ticket } from '../structures/common.ts'
import {
  privateArea,
  sizedCreationData,
  sizedPublic,
  sizedSensitiveCreate,
} from '../structures/public.ts'

/** Part 3, section 12.1. */
export const Create = defineCommand({
  name: 'TPM2_Create',
  code: 0x153,
  time: 'keyCreation',
  handles: { parentHandle: 'auth' },
  request: {
    inSensitive: sizedSensitiveCreate,
    inPublic: sizedPublic,
    outsideInfo: data,
    creationPcr: pcrSelections,
  },
  answer: {
    outPrivate: privateArea,
    outPublic: sizedPublic,
    creationData: sizedCreationData,
    creationHash: digest,
    creationTicket: ticket,
  },
})
