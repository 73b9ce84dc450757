// Tables of the virtual world: makers, labels per language, customers, lines of the status page, red codes.
import type { Language, VirtualOrder, Windows } from './spec.ts'

export const MAKERS: readonly (readonly [
  manufacturer: string,
  models: readonly string[],
  prefix: string,
])[] = [
  ['Lenovo', ['ThinkPad T14 Gen 5', 'ThinkPad X1 Carbon Gen 12', 'ThinkCentre M70q Gen 4'], 'PF'],
  ['Dell Inc.', ['Latitude 5450', 'Latitude 7350', 'OptiPlex Micro 7020'], 'DX'],
  ['HP', ['EliteBook 840 G11', 'ProBook 450 G10', 'Elite Mini 800 G9'], '5CG'],
  ['Microsoft Corporation', ['Surface Laptop 6'], '0F'],
]
/** Models without a battery: every cable pulled is power lost. */
export const MAINS_ONLY = /Centre|OptiPlex|Mini/

/** Entries of the options dialog as shown; English after facts/autopilot §2.2, the others are translations. */
export const LABELS: Readonly<
  Record<
    Language,
    {
      readonly install: string
      readonly preProvision: Readonly<Record<Windows, string>>
      readonly logs: string
      readonly reset: string
    }
  >
> = {
  en: {
    install: 'Install provisioning package',
    preProvision: {
      10: 'Windows Autopilot provisioning',
      11: 'Pre-provision with Windows Autopilot',
    },
    logs: 'Export logs',
    reset: 'Reset',
  },
  de: {
    install: 'Bereitstellungspaket installieren',
    preProvision: {
      10: 'Vorabbereitstellung mit Windows Autopilot',
      11: 'Vorabbereitstellung mit Windows Autopilot',
    },
    logs: 'Protokolle exportieren',
    reset: 'Zurücksetzen',
  },
  fr: {
    install: 'Installer le package de provisionnement',
    preProvision: {
      10: 'Préprovisionner avec Windows Autopilot',
      11: 'Préprovisionner avec Windows Autopilot',
    },
    logs: 'Exporter les journaux',
    reset: 'Réinitialiser',
  },
  es: {
    install: 'Instalar paquete de aprovisionamiento',
    preProvision: {
      10: 'Aprovisionar previamente con Windows Autopilot',
      11: 'Aprovisionar previamente con Windows Autopilot',
    },
    logs: 'Exportar registros',
    reset: 'Restablecer',
  },
}
/** The menu of 2026 (facts/autopilot §0, 1). Its Next completes the device association. */
export const MENU_2026: readonly string[] = ['Scan QR code', 'Export device information']

export const VIRTUAL_ORDERS: readonly [VirtualOrder, VirtualOrder] = [
  {
    order: 'VB-1001',
    customer: 'Contoso',
    tenantDomain: 'contoso.example',
    profile: 'Contoso Standard',
    user: 'any',
    models: [],
    join: 'entra',
    pageTimeoutMs: 60 * 60_000,
  },
  {
    order: 'VB-1002',
    customer: 'Fabrikam',
    tenantDomain: 'fabrikam.example',
    profile: 'Fabrikam Kiosk',
    user: 'none',
    models: [],
    join: 'entra',
    pageTimeoutMs: 60 * 60_000,
  },
]

/** Lines of the enrolment status page with typical lengths in seconds (facts/autopilot §3.4). */
export const ACTIVITIES: readonly (readonly [activity: string, from: number, to: number])[] = [
  ['Securing your hardware', 40, 240],
  ["Joining your organization's network", 20, 90],
  ['Registering your device for mobile management', 20, 120],
  ['Preparing your device for mobile management', 60, 300],
  ['Security policies (1 of 1 applied)', 10, 60],
  ['Certificates (No setup needed)', 5, 20],
  ['Network connections (No setup needed)', 5, 20],
  ['Apps (1 of 6 installed)', 120, 300],
  ['Apps (3 of 6 installed)', 120, 360],
  ['Apps (5 of 6 installed)', 90, 300],
]
/** Segments at which TPM, enrolment and app errors show. */
export const TPM_SEGMENT = 0
export const ENROL_SEGMENT = 2
export const APPS_SEGMENT = 8

/**
 * `device`: the device cannot be provisioned as it stands · `heals`: a later Retry works · `bench`: Retry never works
 * and the cause is not the device's · `noise`: shown behind the real code and to be ignored. Rows of facts/autopilot
 * §5.3 and §0, 10; a test holds this list against the table of the agent's core.
 */
export type CodeNature = 'device' | 'heals' | 'bench' | 'noise'
export const VIRTUAL_CODES: readonly (readonly [
  code: string,
  nature: CodeNature,
  segment: number,
])[] = [
  ['0x800705B4', 'heals', TPM_SEGMENT],
  ['0x81039001', 'heals', TPM_SEGMENT],
  ['0x81039023', 'device', TPM_SEGMENT],
  ['0x81039024', 'device', TPM_SEGMENT],
  ['0x81039025', 'noise', TPM_SEGMENT],
  ['0x80070490', 'device', TPM_SEGMENT],
  ['0x801C03EA', 'device', TPM_SEGMENT],
  ['0x801C0003', 'device', ENROL_SEGMENT],
  ['0x801C03F3', 'device', ENROL_SEGMENT],
  ['0x80190190', 'bench', TPM_SEGMENT],
  ['0x80190194', 'bench', TPM_SEGMENT],
  ['0x800C0003', 'heals', TPM_SEGMENT],
  ['0x80180014', 'device', ENROL_SEGMENT],
  ['0x80180018', 'device', ENROL_SEGMENT],
  ['0x80180005', 'device', ENROL_SEGMENT],
  ['0x8018000A', 'device', ENROL_SEGMENT],
  ['0x80180022', 'device', ENROL_SEGMENT],
  ['0x80180003', 'device', ENROL_SEGMENT],
  ['0x80180020', 'device', ENROL_SEGMENT],
  ['0x80180026', 'device', ENROL_SEGMENT],
  ['0x8018002B', 'device', ENROL_SEGMENT],
  ['0xC1036501', 'device', ENROL_SEGMENT],
  ['0x80070774', 'device', ENROL_SEGMENT],
  ['0x80004005', 'device', ENROL_SEGMENT],
  ['0x800706FD', 'device', ENROL_SEGMENT],
  ['0x87D1041C', 'device', APPS_SEGMENT],
  ['0x8007064C', 'device', ENROL_SEGMENT],
]
/** A code that stands in no table: the station must hold. */
export const UNLISTED_CODE = '0x8024402C'
