// Writes docs/ROLES.md from the table of roles, so that the page cannot say what the station does not.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { rolesDocument } from './roles/document.ts'

writeFileSync(resolve(import.meta.dirname, '../docs/ROLES.md'), rolesDocument())
console.log('docs/ROLES.md is written from agent/core/roles.ts')
