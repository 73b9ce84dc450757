// What Windows must be for the technician flow, each with verdict and hint: edition, version, TPM 2.0, a physical device.
import type { TpmCheck, TpmVerdict } from '../facts.ts'
import { isVirtualMachine } from '../tpm/vendors.ts'
import type { ProbeReport } from './report.ts'
import { machineSighting, windowsSighting } from './windows.ts'

/**
 * EditionID of the registry -> the name Microsoft uses (facts/autopilot §0, 7). N and KN are the same editions without
 * media parts; they are not named there, so they are a question for a person.
 */
const EDITIONS: Readonly<Record<string, string>> = {
  Professional: 'Pro',
  ProfessionalEducation: 'Pro Education',
  ProfessionalWorkstation: 'Pro for Workstations',
  Enterprise: 'Enterprise',
  Education: 'Education',
  EnterpriseS: 'Enterprise LTSC',
}
/** Never in the technician flow: no join to an organisation. */
const NEVER = /^(?:Core|CoreN|CoreSingleLanguage|CoreCountrySpecific|Starter|Cloud|CloudN)$/
const LIKE = /^(.*?)(?:N|KN)$/

/** Windows 10 1903 (Microsoft: pre-provisioning needs it or later). */
const BUILD_MIN = 18_362

interface Release {
  readonly build: number
  readonly name: string
  /** Last day with updates, UTC ms: of Pro, of Enterprise and Education, of Enterprise LTSC when there is one. */
  readonly pro: number
  readonly enterprise: number
  readonly ltsc?: number
}
const day = (text: string) => Date.parse(`${text}T23:59:59Z`)

/**
 * Microsoft's lifecycle pages (Windows 10 and 11 Home and Pro, Enterprise and Education, LTSC 2019/2021/2024), as known
 * in 2026; from memory, so that a build that is not here is a question and no refusal.
 */
export const RELEASES: readonly Release[] = [
  { build: 18_362, name: '10 1903', pro: day('2020-12-08'), enterprise: day('2020-12-08') },
  { build: 18_363, name: '10 1909', pro: day('2021-05-11'), enterprise: day('2022-05-10') },
  { build: 19_041, name: '10 2004', pro: day('2021-12-14'), enterprise: day('2021-12-14') },
  { build: 19_042, name: '10 20H2', pro: day('2022-05-10'), enterprise: day('2023-05-09') },
  { build: 19_043, name: '10 21H1', pro: day('2022-12-13'), enterprise: day('2022-12-13') },
  {
    build: 19_044,
    name: '10 21H2',
    pro: day('2023-06-13'),
    enterprise: day('2024-06-11'),
    ltsc: day('2027-01-12'),
  },
  { build: 19_045, name: '10 22H2', pro: day('2025-10-14'), enterprise: day('2025-10-14') },
  { build: 22_000, name: '11 21H2', pro: day('2023-10-10'), enterprise: day('2024-10-08') },
  { build: 22_621, name: '11 22H2', pro: day('2024-10-08'), enterprise: day('2025-10-14') },
  { build: 22_631, name: '11 23H2', pro: day('2025-11-11'), enterprise: day('2026-11-10') },
  {
    build: 26_100,
    name: '11 24H2',
    pro: day('2026-10-13'),
    enterprise: day('2027-10-12'),
    ltsc: day('2029-10-09'),
  },
  { build: 26_200, name: '11 25H2', pro: day('2027-10-12'), enterprise: day('2028-10-10') },
]

const check = (id: string, verdict: TpmVerdict, value: string, hint = ''): TpmCheck => ({
  id,
  verdict,
  value,
  source: 'probe',
  hint,
})

function edition({ os }: ProbeReport): TpmCheck {
  const id = 'windows-edition'
  if (os.kind !== null && os.kind !== 'Client')
    return check(
      id,
      'HOLD',
      os.kind,
      'Start the probe in the installed Windows, not in a set-up system.',
    )
  if (os.edition === null)
    return check(id, 'HOLD', 'not told', 'Find out which edition the device has.')
  const name = Object.hasOwn(EDITIONS, os.edition) ? EDITIONS[os.edition] : undefined
  if (name !== undefined) return check(id, 'GO', name)
  if (NEVER.test(os.edition))
    return check(
      id,
      'NO-GO',
      os.edition,
      'Pre-provisioning needs Pro, Enterprise or Education: upgrade the edition or image the device.',
    )
  const like = LIKE.exec(os.edition)?.[1]
  const hint =
    like !== undefined && Object.hasOwn(EDITIONS, like)
      ? 'An N edition is on no list of Microsoft for Autopilot; let remote IT decide.'
      : 'This edition is on no list of Microsoft for Autopilot; let remote IT decide.'
  return check(id, 'HOLD', os.edition, hint)
}

function supportEnd(release: Release, edition: string | null): number {
  if (edition === 'EnterpriseS' && release.ltsc !== undefined) return release.ltsc
  return /^(?:Enterprise|Education)/.test(edition ?? '') ? release.enterprise : release.pro
}

function windowsVersion({ os }: ProbeReport, now: number): TpmCheck {
  const id = 'windows-version'
  if (os.build === null)
    return check(id, 'HOLD', 'not told', 'Find out which version the device has.')
  const build = Number(os.build.split('.', 1)[0])
  const shown = `${os.display === null ? '' : `${os.display} `}${os.build}`
  if (build < BUILD_MIN)
    return check(
      id,
      'NO-GO',
      shown,
      'Pre-provisioning needs Windows 10 1903 or later: image the device anew.',
    )
  const release = RELEASES.find((one) => one.build === build)
  if (release === undefined)
    return check(
      id,
      'HOLD',
      shown,
      'This build is not known here; let remote IT say whether it is supported.',
    )
  const value = `Windows ${release.name} (${os.build})`
  const end = supportEnd(release, os.edition)
  if (end >= now) return check(id, 'GO', value)
  const since = new Date(end).toISOString().slice(0, 10)
  return check(
    id,
    'HOLD',
    `${value}, without updates since ${since}`,
    'Update Windows, unless extended updates are paid for.',
  )
}

function tpm2(report: ProbeReport, now: number): TpmCheck {
  const id = 'windows-tpm'
  const flags = windowsSighting(report, now)?.flags
  if (flags?.present === false)
    return check(id, 'NO-GO', 'none', 'Switch the TPM on in the firmware set-up.')
  const version = flags?.version ?? null
  if (version === null) return check(id, 'HOLD', 'not told', 'Start the probe as administrator.')
  return version === '2.0'
    ? check(id, 'GO', version)
    : check(
        id,
        'NO-GO',
        version,
        'Switch the TPM to 2.0 in the firmware, if it can; else the device is not fit.',
      )
}

function physical(report: ProbeReport, allowsTest: boolean): TpmCheck {
  const id = 'physical-device'
  const machine = machineSighting(report)
  if (machine === null)
    return check(
      id,
      'HOLD',
      'not told',
      'Look at the device: virtual machines cannot be pre-provisioned.',
    )
  const value = `${machine.manufacturer} ${machine.model}`
  if (isVirtualMachine(machine) && allowsTest)
    return check(id, 'GO', `${value}, accepted for tests`)
  return isVirtualMachine(machine)
    ? check(id, 'NO-GO', value, 'Virtual machines cannot be pre-provisioned.')
    : check(id, 'GO', value)
}

/**
 * The four prerequisites; only that of the machine when the probe runs on another system. `now`: UTC ms; `allowsTest`:
 * virtual machines pass, and their row says so.
 */
export function prerequisites(
  report: ProbeReport,
  now: number,
  allowsTest: boolean,
): readonly TpmCheck[] {
  if (report.probe !== 'windows') return [physical(report, allowsTest)]
  return [
    edition(report),
    windowsVersion(report, now),
    tpm2(report, now),
    physical(report, allowsTest),
  ]
}
