// Writes docs/ERRORS.md from the fault tables, so that the page cannot say what the program does not.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { errorsDocument } from './errors/document.ts'

const file = resolve(import.meta.dirname, '../docs/ERRORS.md')
writeFileSync(file, errorsDocument())
console.log('docs/ERRORS.md is written from agent/fault.ts and scripts/launcher/failure.js')
