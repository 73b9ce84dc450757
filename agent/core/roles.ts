// Who may do what at the station: the one table of roles and permissions, behind every HTTP route and docs/ROLES.md.

/** `it`: remote IT of a customer; sees only the work orders that its account names. */
export const ROLES = ['viewer', 'operator', 'lead', 'it', 'admin'] as const
export type Role = (typeof ROLES)[number]

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'A screen in the hall, a guest or a manager: looks and changes nothing.',
  operator: 'Works at the bays: answers, scans, ends runs, packs out.',
  lead: 'Leads the shift: lets held devices go on, closes bays, imports work orders.',
  it: "Remote IT of a customer: looks up devices and runs of its own work orders, nothing of others'.",
  admin: 'Owns the bench: accounts, tokens, audit, webhooks, and all that a lead may.',
}

interface PermissionRow {
  /** What it lets a person do, as it stands in docs/ROLES.md. */
  readonly does: string
  readonly roles: readonly Role[]
}

const may = (does: string, ...roles: readonly Role[]): PermissionRow => ({ does, roles })
const ALL = ROLES
const HALL = ['viewer', 'operator', 'lead', 'admin'] as const
const FLOOR = ['operator', 'lead', 'admin'] as const
const LEADS = ['lead', 'admin'] as const

export const PERMISSIONS = {
  'health.read': may('Ask whether the station lives and is ready', ...ALL),
  'metrics.read': may('Read the figures for Prometheus', 'viewer', 'lead', 'it', 'admin'),
  'bays.read': may('See the board, its bays and their events', ...HALL),
  'bays.answer': may('Answer and take back at a bay, scan, retry, abort, lamp test', ...FLOOR),
  'bays.release': may('Let a device go on that is held for the lead', ...LEADS),
  'bays.service': may('Take a bay out of service and back, switch its network port', ...LEADS),
  'photos.add': may('Add a photo to a run', ...FLOOR),
  'runs.read': may('Read closed runs', ...ALL),
  'people.read': may('See assigned users and operators by name in answers', ...FLOOR, 'it'),
  'devices.read': may('Look up whether a device is resealed', ...ALL),
  'labels.print': may('Print labels and command barcodes', ...FLOOR),
  'packout.scan': may('Scan at the packing table', ...FLOOR),
  'throughput.read': may('See figures, shift reports and their exports', ...HALL),
  'orders.read': may('See work orders and their progress', ...ALL),
  'orders.import': may('Import and close work orders', ...LEADS),
  'exports.read': may('Export records and look-ups in bulk', 'lead', 'it', 'admin'),
  'webhooks.manage': may('Set up webhooks and look after their dead letters', 'admin'),
  'audit.read': may('Read and export who did what', 'admin'),
  'accounts.manage': may('Make, change and end accounts, tokens and badges', 'admin'),
} as const satisfies Readonly<Record<string, PermissionRow>>

export type Permission = keyof typeof PERMISSIONS
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as readonly Permission[]

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)
export const isPermission = (text: string): text is Permission => Object.hasOwn(PERMISSIONS, text)

/** True when a role may; scopes of a token narrow it further. */
export const roleMay = (role: Role, permission: Permission): boolean =>
  (PERMISSIONS[permission].roles as readonly Role[]).includes(role)
