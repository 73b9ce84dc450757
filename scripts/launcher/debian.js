// The Debian packages that tests use, and how they come onto the machine.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { alone } from './alone.js'
import { Failure } from './failure.js'
import { runQuietly } from './run.js'

/** Package and the program by which its presence is checked; a new test part gets its line here. */
export const DEBIAN_PACKAGES = [
  { name: 'mosquitto', program: 'mosquitto' },
  { name: 'mosquitto-clients', program: 'mosquitto_sub' },
  { name: 'socat', program: 'socat' },
  { name: 'iproute2', program: 'ip' },
  { name: 'dnsmasq-base', program: 'dnsmasq' },
  { name: 'snmpd', program: 'snmpd' },
  { name: 'nftables', program: 'nft' },
  { name: 'udhcpc', program: 'udhcpc' },
  { name: 'openssl', program: 'openssl' },
  { name: 'chromium', program: 'chromium' },
  { name: 'procps', program: 'ps' },
  { name: 'systemd', program: 'systemd-analyze' },
  { name: 'swtpm', program: 'swtpm' },
  { name: 'swtpm-tools', program: 'swtpm_setup' },
  { name: 'tpm2-tools', program: 'tpm2_getcap' },
  { name: 'prometheus', program: 'promtool' },
]

/** What the virtual hardware machine needs besides; `npm test` goes without. */
export const HARDWARE_PACKAGES = [
  { name: 'qemu-system-x86', program: 'qemu-system-x86_64' },
  { name: 'busybox-static', program: 'busybox' },
  { name: 'e2fsprogs', program: 'mkfs.ext4' },
  { name: 'iproute2', program: 'ip' },
  { name: 'systemd', program: 'systemd-notify' },
  { name: 'socat', program: 'socat' },
  { name: 'swtpm', program: 'swtpm' },
  { name: 'swtpm-tools', program: 'swtpm_setup' },
]

/** @typedef {readonly { name: string, program: string }[]} Packages */
/** @typedef {{ isRoot: boolean, path: string, tool: typeof runQuietly, say: (line: string) => void }} Machine */

/** @returns {Machine} */
const thisMachine = () => ({
  isRoot: process.getuid?.() === 0,
  path: process.env['PATH'] ?? '',
  tool: runQuietly,
  say: (line) => process.stderr.write(`${line}\n`),
})

/**
 * The packages whose program is nowhere. Servers stand in sbin, which a user's search path often lacks.
 * @param {string} path
 * @param {Packages} [packages]
 */
export function missingPackages(path, packages = DEBIAN_PACKAGES) {
  const folders = [...path.split(delimiter), '/usr/sbin', '/sbin']
  return packages
    .filter(({ program }) => !folders.some((folder) => existsSync(join(folder, program))))
    .map(({ name }) => name)
}

/** @param {readonly string[]} names */
const aptLine = (names) => `apt-get install -y --no-install-recommends ${names.join(' ')}`

/**
 * @param {Machine} [machine]
 * @param {Packages} [packages]
 * @returns {Promise<NodeJS.Signals | null>}
 */
export async function debianPackages(machine = thisMachine(), packages = DEBIAN_PACKAGES) {
  if (missingPackages(machine.path, packages).length === 0) return null
  return alone('apt-get', () => installMissing(machine, packages))
}

/** The packages of the virtual hardware machine. */
export const hardwarePackages = () => debianPackages(thisMachine(), HARDWARE_PACKAGES)

/**
 * @param {Machine} machine
 * @param {Packages} packages
 * @returns {Promise<NodeJS.Signals | null>}
 */
async function installMissing({ isRoot, path, tool, say }, packages) {
  const names = missingPackages(path, packages)
  if (names.length === 0) return null
  const sentence = `These Debian packages are missing: ${names.join(', ')}.`
  if (!isRoot) throw new Failure('SETUP_DEBIAN_PACKAGES', sentence, aptLine(names))
  say(`reseal: installing Debian packages for the tests: ${names.join(', ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Another apt-get may run on a fresh machine: wait for its lock instead of failing.
  const install = `apt-get update && ${aptLine(names)} -o DPkg::Lock::Timeout=300`
  const end = await tool('sh', ['-c', install], { env })
  if (end.asked !== null || end.signal !== null) return end.asked ?? end.signal
  const still = missingPackages(path, packages)
  if (end.code === 0 && still.length === 0) return null
  const output = `${end.output.trimEnd()}\n${aptLine(still.length > 0 ? still : names)}`
  throw new Failure('SETUP_DEBIAN_PACKAGES', sentence, output)
}
