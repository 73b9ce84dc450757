// The shape of a webhook in the config: where it goes, what it hears, and which addresses it may be sent to.
import { isIP } from 'node:net'
import { z } from 'zod'

export const HOOKS_MAX = 16

const path = z.string().min(1).max(4_096)

const target = z.string().superRefine((text, context) => {
  const bad = (message: string, hint: string) =>
    context.addIssue({ code: 'custom', message, params: { hint } })
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['https:', 'http:'].includes(url.protocol))
    bad('this is no address of a receiver', 'Write for instance https://erp.example/reseal')
  else if (url.username !== '' || url.password !== '')
    bad('a secret stands in the address', 'Messages are signed: the receiver checks the signature.')
})

const network = z.string().superRefine((text, context) => {
  const [address = '', bits, more] = text.split('/')
  const family = isIP(address)
  const most = family === 4 ? 32 : 128
  const isBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  if (family !== 0 && isBits && more === undefined) return
  const hint = 'Write an address such as 10.1.2.3, or a network such as 10.1.0.0/16.'
  context.addIssue({ code: 'custom', message: 'this is no address or network', params: { hint } })
})

export const webhookSchema = (id: z.ZodType<string, string | number>) =>
  z
    .strictObject({
      webhook: id.describe('Id that queue, page and commands call it by'),
      url: target.describe('https address of the receiver; a redirect is not followed'),
      secretFile: path.describe('File whose only line is the secret; whsec_... is taken as base64'),
      events: z
        .array(z.enum(['record', 'alarm']))
        .min(1)
        .max(2)
        .default(['record', 'alarm'])
        .describe('What it hears: closed runs, alarms'),
      allow: z
        .array(network)
        .max(32)
        .default([])
        .describe('Addresses and networks that it may be sent to though they are not public'),
      plainLoopback: z
        .boolean()
        .default(false)
        .describe('http: is allowed, to a receiver on this PC alone'),
      caFile: path.optional().describe('Roots to trust in place of the system, PEM'),
    })
    .superRefine(({ url, plainLoopback, caFile }, context) => {
      const bad = (key: string, message: string, hint: string) =>
        context.addIssue({ code: 'custom', path: [key], message, params: { hint } })
      const isPlain = url.startsWith('http:')
      if (isPlain && !plainLoopback)
        bad('url', 'messages do not go in plain text', 'Write https:, or plainLoopback: true.')
      if (isPlain && caFile !== undefined)
        bad('caFile', 'certificates need an encrypted connection', 'Write https:')
    })
