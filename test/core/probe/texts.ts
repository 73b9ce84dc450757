// Reports of probes as texts: made from documented output of Windows and its tools, none of them taken from a real device.

/** tpmtool as its documentation and parsers of it show it in English. */
export const TPMTOOL_ENGLISH = `
-TPM Present: True
-TPM Version: 2.0
-TPM Manufacturer ID: INTC
-TPM Manufacturer Full Name: Intel
-TPM Manufacturer Version: 600.18.41.0
-PPI Version: 1.3
-Is Initialized: True
-Ready For Storage: True
-Ready For Attestation: True
-Is Capable For Attestation: True
-Clear Needed To Recover: False
-Clear Possible: True
-TPM Has Vulnerable Firmware: False
-Bitlocker PCR7 Binding State: 0
-Maintenance Task Complete: True
-TPM Spec Version: 1.38
-TPM Errata Date: Tuesday, January 8, 2019
-PC Client Version: 1.04
-Lockout Information:
-Is Locked Out: False
-Lockout Counter: 0
-Max Auth Fail: 32
-Lockout Interval: 7200s
-Lockout Recovery: 86400s
`
/**
 * A German system. No documented German output was found: the words are our translation, and nothing may hang on them.
 */
export const TPMTOOL_GERMAN = `
-TPM vorhanden: Wahr
-TPM-Version: 2.0
-TPM-Hersteller-ID: INTC
-Ist initialisiert: Wahr
-Bereit für Speicherung: Wahr
-Bereit für Nachweis: Wahr
-Kann für Nachweis verwendet werden: Wahr
-Löschen für Wiederherstellung erforderlich: Falsch
-TPM verfügt über anfällige Firmware: Falsch
-Ist gesperrt: Falsch
`
const lines = (name: string, text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => `${name}=${line}`)

/** Station's time of all texts: 2026-11-23 12:00 UTC. */
export const NOW = Date.UTC(2026, 10, 23, 12)

/** A sound Windows 11 25H2 on an Intel laptop; `more` comes last and wins for names that are read once. */
export function windowsReport(
  change: Readonly<Record<string, string | null>> = {},
  more: readonly string[] = [],
): string {
  const values: Record<string, string | null> = {
    probe: 'windows',
    admin: 'True',
    'os.edition': 'Professional',
    'os.build': '26200',
    'os.revision': '9278',
    'os.display': '25H2',
    'os.kind': 'Client',
    'os.caption': 'Microsoft Windows 11 Pro',
    'smbios.serial': '5CG12345AB',
    'firmware.vendor': 'HP',
    'firmware.version': 'X70 Ver. 01.09.02',
    'firmware.date': '2026-05-11',
    'smbios.manufacturer': 'HP',
    'smbios.model': 'HP EliteBook 840 14 inch G9 Notebook PC',
    'smbios.uuid': '01234567-89AB-CDEF-0123-456789ABCDEF',
    mac: 'C8:5A:CF:00:11:22|Intel(R) Ethernet Connection|2',
    'power.mains': '1',
    'power.battery': '97',
    secureboot: '1',
    'tpm.Present': 'True',
    'tpm.SpecVersion': '2.0, 0, 1.38',
    'tpm.IsReady': 'True',
    'tpm.IsEnabled': 'True',
    'tpm.IsActivated': 'True',
    'tpm.IsOwned': 'True',
    'tpm.IsLockedOut': 'False',
    'tpm.Information': '0',
    'ek.present': 'True',
    'ek.hash': 'AB'.repeat(32),
    'ek.certificates': '1',
    'ek.additional': '0',
    'task.maintenance': 'True',
    clock: `${NOW - 1500}`,
    ...change,
  }
  const own = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${value}`],
  )
  return ['reseal-probe 1', ...own, ...more, ''].join('\n')
}

export const english = () => windowsReport({}, lines('tpmtool', TPMTOOL_ENGLISH))
export const german = (change: Readonly<Record<string, string | null>> = {}) =>
  windowsReport(
    { 'os.caption': 'Microsoft Windows 11 Pro', ...change },
    lines('tpmtool', TPMTOOL_GERMAN),
  )
