// The shape of the config file: where things are, never what the flow does. A bay is five lines; all else has defaults.
import { isIP } from 'node:net'
import { z } from 'zod'
import type { Limits } from '../agent/core/rules.ts'
import { boardShape } from './board-layout.ts'
import { LIMIT_TABLE } from './defaults.ts'
import { type Read, readLinkUrl, readScannerUrl, readScreenUrl } from './driver-url.ts'
import { readKeyboardUrl } from './keyboard-url.ts'
import { readButtonsUrl, readLampUrl } from './lamp-url.ts'
import { readPrinterUrl } from './printer-url.ts'
import { shiftsSchema } from './shift-schema.ts'
import { checkLogin, switchShape } from './switch-schema.ts'
import { accountsSchema, webSchema } from './web-schema.ts'
import { HOOKS_MAX, webhookSchema } from './webhook-schema.ts'

/** More bays than any bench PC has ports for. */
export const BAYS_MAX = 256

const ID_HINT = 'Use 1 to 32 letters, digits, - or _: it stands in topics, addresses and barcodes.'

/** A number that a person wrote without quotes is a fine text: `bay: 7`. */
const word = (max: number) =>
  z.union([z.string().min(1).max(max), z.number().int().min(0)]).transform((value) => String(value))

const id = z
  .union([z.string(), z.number().int().min(0)])
  .transform((value) => String(value))
  .superRefine((value, context) => {
    if (/^[A-Za-z0-9_-]{1,32}$/.test(value)) return
    context.addIssue({ code: 'custom', message: 'this is no id', params: { hint: ID_HINT } })
  })

const path = z.string().min(1).max(4_096)

/** A driver's address; what is wrong with it is said by its own parser. */
const address = <T>(read: (text: string) => Read<T>, description: string) =>
  z
    .string()
    .describe(description)
    .superRefine((text, context) => {
      const result = read(text)
      if (!('fault' in result)) return
      const { code, message, hint } = result.fault
      context.addIssue({ code: 'custom', message, params: { hint, code } })
    })

const limitKeys = Object.keys(LIMIT_TABLE) as (keyof Limits)[]
const limitShape = Object.fromEntries(
  limitKeys.map((name) => {
    const { unit, reason, value, min, max } = LIMIT_TABLE[name]
    const range = z.number().int().min(min).max(max)
    return [name, range.optional().describe(`${unit}; default ${value}. ${reason}`)]
  }),
) as Record<keyof Limits, z.ZodOptional<z.ZodNumber>>

const brokerUrl = z.string().superRefine((text, context) => {
  const bad = (message: string, hint: string) =>
    context.addIssue({ code: 'custom', message, params: { hint } })
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['mqtt:', 'mqtts:'].includes(url.protocol))
    bad('this is no address of a broker', 'Write for instance mqtts://broker.example:8883')
  else if (url.username !== '' || url.password !== '')
    bad(
      'a secret stands in the address',
      'Put user and password into files: userFile, passwordFile.',
    )
  else if (url.hostname === '') bad('the host is missing', 'Write mqtts://HOST:8883')
})

const mqtt = z
  .strictObject({
    embedded: z.boolean().optional().describe('The broker that comes with the station'),
    port: z.number().int().min(0).max(65_535).optional().describe('Of the embedded one; 1883'),
    url: brokerUrl.optional().describe('mqtt://host[:port] or mqtts://host[:port]'),
    user: z.string().min(1).max(255).optional().describe('User name'),
    userFile: path.optional().describe('File with the user name, instead of user'),
    passwordFile: path.optional().describe('File with the password'),
    caFile: path.optional().describe('Roots to trust, PEM'),
    certFile: path.optional().describe('Client certificate, PEM'),
    keyFile: path.optional().describe('Key of the client certificate, PEM'),
  })
  .superRefine((value, context) => {
    const bad = (key: string, message: string, hint: string) =>
      context.addIssue({ code: 'custom', path: [key], message, params: { hint } })
    const isOwn = value.url === undefined
    if (!isOwn && value.embedded === true)
      bad('embedded', 'the broker is embedded or has an address, not both', 'Take one of them out.')
    if (isOwn && value.embedded === false)
      bad('url', 'the address of the broker is missing', 'Write url: mqtts://HOST:8883')
    if (!isOwn && value.port !== undefined)
      bad('port', 'the port belongs to the embedded broker', 'Write the port into url.')
    if (value.user !== undefined && value.userFile !== undefined)
      bad('userFile', 'the user stands here and in a file', 'Take one of them out.')
    for (const key of [
      'user',
      'userFile',
      'passwordFile',
      'caFile',
      'certFile',
      'keyFile',
    ] as const)
      if (isOwn && value[key] !== undefined)
        bad(key, 'the embedded broker takes no sign-in', 'Add url, or take it out.')
    if (value.passwordFile !== undefined && (value.user ?? value.userFile) === undefined)
      bad('user', 'a password without a user', 'Add user.')
    if ((value.certFile === undefined) !== (value.keyFile === undefined))
      bad('certFile', 'certificate and key belong together', 'Name certFile and keyFile.')
    const isPlain = /^mqtt:/.test(value.url ?? '')
    if (isPlain && (value.caFile ?? value.certFile) !== undefined)
      bad('url', 'certificates need an encrypted connection', 'Write mqtts:')
  })

/** A name of the kernel: an interface (15 bytes at most), or a namespace below /run/netns. */
const kernelName = (max: number, what: string) =>
  z.string().regex(new RegExp(`^(?![.-])[A-Za-z0-9._-]{1,${max}}$`), `this is no name of ${what}`)

const bayNetwork = z
  .strictObject({
    interface: kernelName(15, 'a network interface')
      .optional()
      .describe('Card whose address the checks are bound to; it needs a route of its own'),
    netns: kernelName(64, 'a network namespace')
      .optional()
      .describe('Network namespace that stands in the bay network; the surest way'),
    dns: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .min(1)
      .max(3)
      .optional()
      .describe('DNS servers of the bay network; else those of the PC or namespace'),
    accept: z
      .array(z.string().min(1).max(253))
      .max(50)
      .default([])
      .describe('Hosts that only warn here'),
  })
  .refine((one) => one.interface === undefined || one.netns === undefined, {
    message: 'an interface or a namespace, not both',
  })

const bayProbe = z.strictObject({
  bayAddress: z.boolean().describe('In place of probe.bayAddress, for this bay'),
})

const bay = z.strictObject({
  bay: id.describe('Id of the bay, as on its label'),
  link: address(readLinkUrl, 'nic:<interface>, snmp://<switch>/<port> or virtual:'),
  keyboard: address(
    readKeyboardUrl,
    'ch9329:<path>, hidg:<path>, pikvm-mcu:<path>, manual: or virtual:',
  ).default('manual:'),
  lamp: address(
    readLampUrl,
    'none:, or a lamp of drivers/README.md: blink1:<serial>, tower:<path>',
  ).default('none:'),
  screen: address(readScreenUrl, 'operator: (a person looks) or virtual:').default('operator:'),
  buttons: address(
    readButtonsUrl,
    'Buttons that answer at the bay: none:, hid:<serial or port>, patlite:',
  ).default('none:'),
  adapter: z
    .enum(['device', 'bench'])
    .default('device')
    .describe('Whose MAC the wire shows; bench: a dock or adapter that stays in the bay'),
  windows: z
    .union([z.literal(10), z.literal(11)])
    .default(11)
    .describe('Generation, when no order says it'),
  echo: z.boolean().default(true).describe('Ask for the lock-key echo before keys are pressed'),
  keepAwake: z.boolean().default(false).describe('Press F15 now and then while it provisions'),
  summonPlace: z
    .enum(['first-page', 'signin'])
    .default('signin')
    .describe('Page that the options are summoned on; wired devices go to the sign-in page'),
  order: word(64).optional().describe('Work order that this bay is bound to'),
  networkCheck: z.boolean().default(true).describe("Check the bay's network before a run"),
  network: bayNetwork.optional().describe('Where the checks are asked from; else by the link'),
  probe: bayProbe.optional().describe('What differs for probes at this bay'),
})

const scanner = z.strictObject({
  scanner: address(readScannerUrl, 'serial:<path> · hid-pos:[<USB serial number or port>]'),
  bay: id.optional().describe('Bay that the scanner hangs at; without it, it serves all'),
})

const networkSwitch = z
  .strictObject({ switch: id.describe('Id that link: snmp://<id>/... names'), ...switchShape })
  .superRefine((value, context) =>
    checkLogin(value, (key, message, hint) =>
      context.addIssue({ code: 'custom', path: [key], message, params: { hint } }),
    ),
  )

const minutes = (value: number) => value * 60_000
const estimate = z.strictObject({
  p50Ms: z
    .number()
    .int()
    .min(minutes(1))
    .max(minutes(24 * 60))
    .describe('Half are done by then'),
  p90Ms: z
    .number()
    .int()
    .min(minutes(1))
    .max(minutes(24 * 60))
    .describe('Nine of ten are done'),
})

/** Only an address of the device network: the intake must not be reachable from anywhere else by accident. */
const listen = z.string().superRefine((text, context) => {
  const bad = (message: string, hint: string) =>
    context.addIssue({ code: 'custom', message, params: { hint } })
  const { address, port } = listenOf(text)
  if (isIP(address) === 0 || port === null)
    bad('this is no address with a port', 'Write for instance 10.20.0.1:8443 or [fd00::1]:8443')
  else if (/^(?:0\.0\.0\.0|::)$/.test(address))
    bad('this listens everywhere', "Write the station's address in the device network.")
})

const probe = z.strictObject({
  listen: listen.describe('Address and port on the device network; port 0 = any free one'),
  roots: path.optional().describe('PEM files of TPM vendors that are trusted; data/tpm-roots'),
  allowTestTpm: z
    .boolean()
    .default(false)
    .describe('Accept software TPMs and virtual machines; for tests, and written into the record'),
  bayAddress: z
    .boolean()
    .default(false)
    .describe('Let a probe in without a code at the bay whose own card of this PC it comes by'),
})

/** The two parts of `10.20.0.1:8443` or `[fd00::1]:8443`. */
export function listenOf(text: string): { readonly address: string; readonly port: number | null } {
  const [, six, four, digits] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/i.exec(text) ?? []
  const port = Number(digits)
  return { address: six ?? four ?? '', port: port <= 65_535 ? port : null }
}

export const configSchema = z.strictObject({
  site: id.default('site').describe('Name of the facility'),
  station: id.default('station').describe('Name of this bench PC'),
  data: path.optional().describe('Directory of the ledger; --data wins'),
  web: webSchema.prefault({}),
  accounts: accountsSchema
    .optional()
    .describe('Who may sign in at the board; without it nobody signs in, on loopback only'),
  mqtt: mqtt.prefault({}),
  keepJournalDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe('Days that inputs and sent messages are kept; records stay for ever'),
  keepPhotoDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(365)
    .describe('Days that photos of runs are kept; their digests stay in the chain for ever'),
  rate: z
    .number()
    .min(0)
    .max(1_000)
    .optional()
    .describe('Speed of a virtual bench; 1 = a run in about 40 s'),
  orders: z.array(path).max(100).default([]).describe('Work order files'),
  printer: address(
    readPrinterUrl,
    'Label printer: tcp:<host>[:<port>] or file:<path>, ?size=4x2|2x1&dpi=203|300&language=en|de|es',
  ).optional(),
  limits: z.strictObject(limitShape).default({}).describe('Only what differs from the defaults'),
  shifts: shiftsSchema.prefault({}).describe('When people work, for figures and shift reports'),
  estimate: estimate.optional().describe('Until the ledger knows how long provisioning takes'),
  probe: probe
    .optional()
    .describe('Lets probes on devices report and relay their TPM; off without it'),
  bays: z.array(bay).min(1).max(BAYS_MAX),
  switches: z.array(networkSwitch).max(64).default([]),
  traps: z
    .strictObject({ listen: listen.describe('Address and UDP port that switches send traps to') })
    .optional()
    .describe('Makes edges at switches arrive at once; the poll tells the same later'),
  scanners: z.array(scanner).max(BAYS_MAX).default([]),
  webhooks: z.array(webhookSchema(id)).max(HOOKS_MAX).default([]),
  board: boardShape.optional().describe('How the tiles stand on the board; without it they flow'),
})

/** What a person writes. */
export type ConfigInput = z.input<typeof configSchema>
/** With all defaults filled in; limits hold only the overrides. */
export type RawConfig = z.output<typeof configSchema>
export type RawBay = RawConfig['bays'][number]
export type RawSwitch = RawConfig['switches'][number]
export type RawScanner = RawConfig['scanners'][number]
export type RawWebhook = RawConfig['webhooks'][number]
