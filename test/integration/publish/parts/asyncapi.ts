// Holds messages against station-config/asyncapi.yaml: the topic names the channel, the channel its schemas.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv, type AnySchema, type ValidateFunction } from 'ajv'
import { parse } from 'yaml'

const FILE = resolve(import.meta.dirname, '../../../../station-config/asyncapi.yaml')

interface Ref {
  readonly $ref: string
}
export interface Document {
  readonly asyncapi: string
  readonly channels: Readonly<
    Record<string, { readonly address: string | null; readonly messages: Record<string, Ref> }>
  >
  readonly operations: Readonly<Record<string, { readonly channel: Ref }>>
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly payload: Ref }>>
    readonly schemas: Readonly<Record<string, unknown>>
  }
}

export const asyncapi = parse(readFileSync(FILE, 'utf8')) as Document

/** Readers must bear new fields, so the document allows them; what we send must all be described. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, closed(part)]))
  const isOpen = 'properties' in copy && !('additionalProperties' in copy)
  return isOpen ? { ...copy, additionalProperties: false } : copy
}

const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, allErrors: true })
// The document's own word around the schemas; strict mode refuses what it does not know.
ajv.addKeyword('components')
ajv.addSchema({ components: closed(asyncapi.components) } as AnySchema, 'asyncapi')
const compiled = new Map<string, ValidateFunction>()

function schemaOf(ref: Ref): ValidateFunction {
  const name = ref.$ref.split('/').at(-1) ?? ''
  const payload = asyncapi.components.messages[name]?.payload.$ref ?? 'missing'
  const found = compiled.get(payload) ?? ajv.compile({ $ref: `asyncapi${payload}` })
  compiled.set(payload, found)
  return found
}

/** Names of the channels whose address the topic fits. */
export function channelsOf(topic: string): string[] {
  return Object.entries(asyncapi.channels)
    .filter(([, { address }]) => {
      if (address === null) return false
      const pattern = address.replace(/\{\w+\}/g, '[A-Za-z0-9_.-]+')
      return new RegExp(`^${pattern}$`).test(topic)
    })
    .map(([name]) => name)
}

/** Problems of a payload on a channel; empty when one of the channel's messages fits. */
export function channelProblems(channel: string, payload: unknown): string[] {
  const messages = Object.values(asyncapi.channels[channel]?.messages ?? {})
  if (messages.length === 0) return [`no channel ${channel}`]
  const problems = messages.map((ref) => {
    const validate = schemaOf(ref)
    return validate(payload) ? [] : [ajv.errorsText(validate.errors, { separator: '; ' })]
  })
  return problems.some((found) => found.length === 0) ? [] : problems.flat()
}

/** Problems of a message as it came; a topic outside our tree must be an answer. */
export function messageProblems(topic: string, payload: unknown): string[] {
  const [channel] = topic.startsWith('reseal/v1/') ? channelsOf(topic) : []
  const found = channelProblems(channel ?? 'answer', payload)
  return found.map((problem) => `${topic}: ${problem}`)
}
