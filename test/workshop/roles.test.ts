// Holds docs/ROLES.md against the table of roles, and the roles against each other: none forgot something by accident.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PERMISSION_NAMES, roleMay } from '../../agent/core/roles.ts'
import { rolesDocument } from '../../scripts/roles/document.ts'

test('docs/ROLES.md is made from the table: run `node scripts/roles-doc.ts`', () => {
  const kept = readFileSync(join(import.meta.dirname, '../../docs/ROLES.md'), 'utf8')
  expect(kept).toBe(rolesDocument())
})

test('an admin may everything, a lead all of an operator, an operator all of a viewer but figures for programs', () => {
  for (const permission of PERMISSION_NAMES) {
    expect(roleMay('admin', permission), permission).toBe(true)
    if (roleMay('operator', permission)) expect(roleMay('lead', permission), permission).toBe(true)
    if (roleMay('viewer', permission) && permission !== 'metrics.read')
      expect(roleMay('operator', permission), permission).toBe(true)
  }
})
