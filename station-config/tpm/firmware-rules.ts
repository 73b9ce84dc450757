// Reads the rules about TPM firmware and known attestation failures; data with a source and a date, not code.
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { FirmwareRule } from '../../agent/core/tpm/firmware.ts'
import { type Checked, readChecked } from '../check.ts'
import { capped, type Problem } from '../problem.ts'

/** The rules of this version. */
export const FIRMWARE_RULES_FILE = fileURLToPath(new URL('./firmware-rules.yaml', import.meta.url))

const FILE_MAX = 256 * 1024
const version = z.string().regex(/^\d{1,5}(?:\.\d{1,5}){1,3}$/, 'a version in quotes: "4.33"')
const range = z.strictObject({ from: version, to: version })
const text = z.string().min(1).max(300)
const rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,40}$/, 'small letters, digits, dots and dashes'),
  vendors: z.array(z.string().regex(/^[A-Z0-9]{2,4}$/, 'a vendor id: IFX')).max(20),
  firmware: range.optional(),
  firmwareLike: z
    .string()
    .regex(/^(?:\d{1,5}|\*)(?:\.(?:\d{1,5}|\*)){0,3}$/, 'numbers or *: "3.*.0"')
    .optional(),
  model: z.string().min(2).max(40).toLowerCase().optional(),
  ek: z.enum(['rsa2048', 'rsa3072', 'rsa4096', 'prime256v1', 'secp384r1', 'secp521r1']).optional(),
  windows: range.optional(),
  effect: z.enum(['vulnerable', 'update-advised', 'known-issue', 'blocks']),
  reason: text,
  hint: text,
  source: text,
  date: z.iso.date(),
})
const ruleList = z.strictObject({ rules: z.array(rule).max(500) })
type RawRule = z.infer<typeof rule>

const parts = (one: string) => one.split('.').map(Number)

function isBackward({ from, to }: { readonly from: string; readonly to: string }): boolean {
  const [a, b] = [parts(from), parts(to)]
  const index = a.findIndex((part, at) => part !== b[at])
  return index >= 0 && index < b.length && (a[index] ?? 0) > (b[index] ?? 0)
}

/** Faults that only a whole rule, or all of them, show. */
function faultsOf(rules: readonly RawRule[]): readonly Omit<Problem, 'file' | 'code' | 'line'>[] {
  const ids = rules.map(({ id }) => id)
  return rules.flatMap((one, index) => {
    const faults: Omit<Problem, 'file' | 'code' | 'line'>[] = []
    const add = (key: string, message: string, hint: string) =>
      faults.push({ path: `rules[${index}].${key}`, value: one.id, message, hint })
    if (ids.indexOf(one.id) !== index)
      add('id', 'two rules have this id', 'Give each rule its own id.')
    const { firmware, firmwareLike, model, ek, windows } = one
    for (const [key, limits] of [
      ['firmware', firmware],
      ['windows', windows],
    ] as const)
      if (limits && isBackward(limits))
        add(key, 'it ends before it begins', 'Exchange from and to.')
    if (firmware && parts(firmware.from)[0] !== parts(firmware.to)[0])
      add('firmware', 'it spans two major versions', 'Write one rule for each major version.')
    const isBare = one.vendors.length === 0
    if (isBare && (firmware || firmwareLike) !== undefined)
      add('vendors', 'versions of all vendors are compared', 'Name the vendor.')
    if (isBare && [firmware, firmwareLike, model, ek, windows].every((part) => part === undefined))
      add('vendors', 'the rule holds for every TPM', 'Give it a condition.')
    return faults
  })
}

/** Without keys that are not there, as the core's type has it. */
function plain(one: RawRule): FirmwareRule {
  const { firmware, firmwareLike, model, ek, windows, ...rest } = one
  return {
    ...rest,
    ...(firmware && { firmware }),
    ...(firmwareLike && { firmwareLike }),
    ...(model && { model }),
    ...(ek && { ek }),
    ...(windows && { windows }),
  }
}

/** The rules of `file`, or every problem in it. */
export function loadFirmwareRules(file = FIRMWARE_RULES_FILE): Checked<readonly FirmwareRule[]> {
  const code = 'CONFIG_INVALID'
  const limits = { maxBytes: FILE_MAX, unreadable: 'FILE_UNREADABLE', code } as const
  const { value, problems } = readChecked(ruleList, file, limits)
  if (value === null) return { value: null, problems }
  const faults = faultsOf(value.rules).map((one) => ({ ...one, code, file, line: null }) as const)
  if (faults.length > 0) return { value: null, problems: capped(faults) }
  return { value: value.rules.map(plain), problems: [] }
}
