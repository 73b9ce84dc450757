// The JSON schema of the config file, for editors; `reseal config schema` prints it and a test keeps the file fresh.
import { jsonSchemaOf } from './check.ts'
import { configSchema } from './schema.ts'

/** Text of `station-config/config.schema.json`. */
export function configJsonSchema(): string {
  const { $schema, ...schema } = jsonSchemaOf(configSchema)
  const title = 'Config of a Reseal station'
  return `${JSON.stringify({ $schema, title, ...schema }, null, 2)}\n`
}
