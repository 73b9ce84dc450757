// Rules about TPM firmware and known attestation failures: what a rule is, and which of them a TPM meets.

/** One rule of the table in station-config; every condition that it names must hold. */
export interface FirmwareRule {
  readonly id: string
  /** Vendor ids; none: any vendor. */
  readonly vendors: readonly string[]
  /** Both ends belong to it; compared by as many numbers as each end has. */
  readonly firmware?: { readonly from: string; readonly to: string }
  /** Numbers, `*` for any: `3.*.0`. */
  readonly firmwareLike?: string
  /** Part of the model in the EK certificate, lower case. */
  readonly model?: string
  /** Kind of EK: `rsa3072`. */
  readonly ek?: string
  /** Build of Windows on the device; both ends belong to it. */
  readonly windows?: { readonly from: string; readonly to: string }
  readonly effect: 'vulnerable' | 'update-advised' | 'known-issue' | 'blocks'
  readonly reason: string
  readonly hint: string
  readonly source: string
  readonly date: string
}

export interface FirmwareSubject {
  readonly vendor: string
  readonly firmware: readonly number[]
  readonly model: string
  readonly ek: string | null
  readonly windows: string | null
}

const numbers = (version: string): readonly number[] => version.split('.').map(Number)

/** -1, 0 or 1 over the numbers that `limit` has: 4.33.12 is equal to the limit 4.33. */
export function compareTo(version: readonly number[], limit: readonly number[]): number {
  for (const [index, part] of limit.entries()) {
    const own = version[index] ?? 0
    if (own !== part) return own < part ? -1 : 1
  }
  return 0
}

/** Both ends belong to the range. */
export const isWithin = (
  version: readonly number[],
  range: { readonly from: string; readonly to: string },
): boolean =>
  compareTo(version, numbers(range.from)) >= 0 && compareTo(version, numbers(range.to)) <= 0

const isLike = (version: readonly number[], pattern: string) =>
  pattern.split('.').every((part, index) => part === '*' || Number(part) === version[index])

/** Does every condition of the rule hold? A condition about something unseen does not. */
export function meets(rule: FirmwareRule, subject: FirmwareSubject): boolean {
  const { vendors, firmware, firmwareLike, model, ek, windows } = rule
  if (vendors.length > 0 && !vendors.includes(subject.vendor)) return false
  if (firmware !== undefined && !isWithin(subject.firmware, firmware)) return false
  if (firmwareLike !== undefined && !isLike(subject.firmware, firmwareLike)) return false
  if (model !== undefined && !subject.model.toLowerCase().includes(model)) return false
  if (ek !== undefined && subject.ek !== ek) return false
  if (windows === undefined) return true
  return subject.windows !== null && isWithin(numbers(subject.windows), windows)
}

export const metRules = (
  rules: readonly FirmwareRule[],
  subject: FirmwareSubject,
): readonly FirmwareRule[] => rules.filter((rule) => meets(rule, subject))
