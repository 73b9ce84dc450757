// How makers print serial numbers, and which bar code beside it is taken for one: a table, none of it a reason to refuse alone.

export type Maker = 'dell' | 'hp' | 'lenovo' | 'microsoft'

interface MakerRule {
  readonly maker: Maker
  /** Names by which firmware and work orders call the maker or its model families. */
  readonly names: RegExp
  /** The whole serial number, in upper case. */
  readonly serial: RegExp
  /** Its form for a person. */
  readonly form: string
  /** Other codes on the same label that a scanner may catch instead: what they are. */
  readonly others: readonly { readonly form: RegExp; readonly what: string }[]
}

/**
 * Forms as the makers' support pages and labels show them; not yet held against a shelf of real devices, so a number that
 * breaks the form is flagged for a person and taken all the same.
 */
export const MAKER_RULES: readonly MakerRule[] = [
  {
    maker: 'dell',
    names: /\bdell\b|latitude|optiplex|\bprecision\b|\bxps\b|vostro|inspiron/i,
    serial: /^[A-Z0-9]{7}$/,
    form: 'the service tag: 7 letters and digits',
    others: [{ form: /^\d{9,11}$/, what: 'the express service code' }],
  },
  {
    maker: 'hp',
    names: /\bhp\b|hewlett|elitebook|probook|zbook|elitedesk|prodesk|elite\s*x2/i,
    serial: /^[A-Z0-9]{10}$/,
    form: '10 letters and digits',
    others: [{ form: /^[A-Z0-9]{6,7}(?:#[A-Z0-9]{3})?$/, what: 'the product number' }],
  },
  {
    maker: 'lenovo',
    names: /lenovo|thinkpad|thinkcentre|thinkbook|thinkstation/i,
    serial: /^[A-Z0-9]{8}$/,
    form: '8 letters and digits',
    others: [{ form: /^[0-9][0-9A-Z]{9}$/, what: 'the machine type and model' }],
  },
  {
    maker: 'microsoft',
    names: /microsoft|surface/i,
    serial: /^\d{12}$/,
    form: '12 digits',
    others: [],
  },
]

/** Lenovo's long code: 1S, ten characters of machine type and model, eight of serial number. */
const LENOVO_LONG = /^1S[0-9A-Z]{10}([0-9A-Z]{8})$/

/** The number itself where a maker's code carries more than it; else the text as it is. Upper case in, upper case out. */
export const bareSerial = (serial: string): string => LENOVO_LONG.exec(serial)?.[1] ?? serial

/** The maker that a model or manufacturer name belongs to; null when it is none of the table. */
export const makerOf = (name: string): Maker | null =>
  MAKER_RULES.find(({ names }) => names.test(name))?.maker ?? null

export interface SerialFlag {
  readonly maker: Maker
  /** A sentence for the operator. */
  readonly words: string
}

/** Why a serial number is not what this maker prints, in words; null when it fits or the maker is not known. */
export function flagOf(serial: string, maker: Maker | null): SerialFlag | null {
  const rule = MAKER_RULES.find((one) => one.maker === maker)
  if (rule === undefined || rule.serial.test(serial)) return null
  const other = rule.others.find(({ form }) => form.test(serial))
  const words =
    other === undefined
      ? `This number is not as ${rule.maker} prints it (${rule.form}).`
      : `This looks like ${other.what}, not like ${rule.form}.`
  return { maker: rule.maker, words }
}
