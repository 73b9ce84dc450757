// TPM2_GetCapability: what the TPM is, has and holds; `capability.ts` beside the commands reads whole groups.
import { u32 } from '../codec/codec.ts'
import { defineCommand } from '../command.ts'
import { capabilityData } from '../structures/capability.ts'
import { yesNo } from '../structures/common.ts'

/** Part 3, section 30.2. `capability` is one of `CAP`; `moreData` 1 asks for another call. */
export const GetCapability = defineCommand({
  name: 'TPM2_GetCapability',
  code: 0x17a,
  request: { capability: u32, property: u32, propertyCount: u32 },
  answer: { moreData: yesNo, data: capabilityData },
})
