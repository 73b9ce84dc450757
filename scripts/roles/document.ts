// The text of docs/ROLES.md: every role against every permission, as agent/core/roles.ts has them.
import { AUDITED } from '../../agent/core/audit.ts'
import {
  PERMISSION_NAMES,
  PERMISSIONS,
  ROLE_WORDS,
  ROLES,
  roleMay,
} from '../../agent/core/roles.ts'

export function rolesDocument(): string {
  const cells = (permission: (typeof PERMISSION_NAMES)[number]) =>
    ROLES.map((role) => (roleMay(role, permission) ? 'yes' : '–')).join(' | ')
  return `# Roles

Made from \`agent/core/roles.ts\` by \`node scripts/roles-doc.ts\`. Each cell is tried over HTTP against the real server
(\`test/integration/web/security-roles.test.ts\`). Without accounts, on loopback, whoever comes is the local console and may
do everything. Scopes of a token are names of this table.

${ROLES.map((role) => `- **${role}**: ${ROLE_WORDS[role]}`).join('\n')}

| permission | lets a person | ${ROLES.join(' | ')} |
|---|---|${ROLES.map(() => '---').join('|')}|
${PERMISSION_NAMES.map((name) => `| \`${name}\` | ${PERMISSIONS[name].does} | ${cells(name)} |`).join('\n')}

Whoever is signed in may see the own session, sign out, change the own password, and show a badge at a kiosk.

## What the audit keeps

| word | what was done |
|---|---|
${Object.entries(AUDITED)
  .map(([word, does]) => `| \`${word}\` | ${does} |`)
  .join('\n')}
`
}
