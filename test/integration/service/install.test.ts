// The installer in a system tree of its own: this machine's files below, a throw-away layer above, root changed into it.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../fakes/pty.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const INSTALL_MS = 300_000

/** Keeps the mounts of the tree in a namespace of their own: they go when this process goes. */
const HOLDER = `
  set -e
  cd "$1"
  mount -t tmpfs tmpfs .
  cd "$1"
  mkdir upper work tree
  mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work tree
  mount --bind /dev tree/dev
  mount -t proc proc tree/proc
  echo mounted
  exec sleep 900
`

/** Asks for the board until it is served, 30 s at most. */
const ASK = `
  (async () => {
    for (let n = 0; n < 300; n++) {
      const page = await fetch(\\"http://127.0.0.1:8080/\\").then((it) => it.text(), () => null)
      if (page !== null) return console.log(/<title>[^<]*/.exec(page)[0])
      await new Promise((go) => setTimeout(go, 100))
    }
  })()
`

let folder = ''
let holder: ReturnType<typeof spawn> | null = null

interface Said {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A shell line inside the tree, as root. */
function inside(line: string): Said {
  const enter = ['-t', String(holder?.pid), '-m', 'chroot', join(folder, 'tree')]
  const shell = ['/usr/bin/env', '-u', 'NODE_OPTIONS', 'bash', '-c', `cd / && ${line}`]
  const end = spawnSync('nsenter', [...enter, ...shell], { encoding: 'utf8', timeout: INSTALL_MS })
  return { code: end.status, out: end.stdout, err: end.stderr }
}
const must = (line: string): string => {
  const { code, out, err } = inside(line)
  if (code !== 0) throw new Error(`${line}: ${code}\n${out}${err}`)
  return out.trim()
}
const install = (...args: readonly string[]) =>
  inside(`bash /src/scripts/install.sh ${args.join(' ')}`)
const current = () => must('basename "$(readlink /opt/reseal/current)"')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reseal-install-'))
  holder = spawn('unshare', [
    '-m',
    '--propagation',
    'private',
    'bash',
    '-c',
    HOLDER,
    'holder',
    folder,
  ])
  let said = ''
  holder.stdout?.on('data', (chunk: Buffer) => {
    said += String(chunk)
  })
  holder.stderr?.on('data', (chunk: Buffer) => {
    said += String(chunk)
  })
  await until(`the tree to be mounted (${said})`, () => said.includes('mounted'), 20_000)
  // What is committed: others may be writing in the work tree.
  must(`git -c safe.directory=* clone -q --no-hardlinks ${ROOT} /src`)
  must('git -C /src config user.name bench && git -C /src config user.email bench@example.com')
})

afterAll(() => {
  holder?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe('the installer', () => {
  test('says every step of a dry run and changes nothing', () => {
    const { code, out } = install('--dry-run')
    expect(code).toBe(0)
    expect(out).toMatch(/^would: build \/opt\/reseal\/releases\/0\.1\.0-[0-9a-f]{12} from \/src$/m)
    expect(out).toMatch(/^would: install .*reseal\.service /m)
    expect(inside('ls /opt/reseal /etc/reseal /etc/systemd/system/reseal.service').code).not.toBe(0)
    expect(inside('id reseal').code).not.toBe(0)
  })

  test('refuses what is no Debian, and options that it does not know', () => {
    must('mkdir -p /else/etc && printf "ID=ubuntu\\nVERSION_ID=24.04\\n" >/else/etc/os-release')
    const foreign = install('--root', '/else')
    expect(foreign.code).toBe(3)
    expect(foreign.err).toMatch(/^reseal: SETUP_PLATFORM: .*this is ubuntu 24\.04/m)
    expect(install('--sideways').code).toBe(2)
  })

  test(
    'installs a release that runs as its own user with the unit’s own command line',
    () => {
      const { code, err } = install()
      expect({ code, err }).toMatchObject({ code: 0 })
      expect(must('stat -c "%U %G %a" /etc/reseal/station.yaml')).toBe('root reseal 640')
      expect(must('stat -c "%U %a" /var/lib/reseal')).toBe('reseal 700')
      expect(must('id -nG reseal')).toBe('reseal dialout plugdev')
      // What only builds and tests is not part of a station.
      expect(inside('ls -d /opt/reseal/current/node_modules/vitest').code).not.toBe(0)
      const start = must("sed -n 's/^ExecStart=//p' /etc/systemd/system/reseal.service")
      // A network of its own: ports 8080 and 1883 may be taken outside.
      const served = must(`unshare -n bash -c '
        ip link set lo up
        cd /var/lib/reseal
        setpriv --reuid=reseal --regid=reseal --init-groups ${start} >/tmp/station.log 2>&1 &
        /opt/reseal/current/bin/node -e "${ASK}"
        kill $!; wait $!; echo "ended $?"
      '`)
      expect(served).toMatch(/<title>Reseal[^<]*\nended 0$/)
      expect(must('find /var/lib/reseal/virtual -name "*.db" -user reseal | wc -l')).not.toBe('0')
    },
    INSTALL_MS,
  )

  test(
    'run again from newer sources it upgrades, keeps config and ledger, and can go back',
    () => {
      const first = current()
      must('echo "# mine" >>/etc/reseal/station.yaml && echo kept >/var/lib/reseal/witness')
      must('cd /src && echo "# newer" >>.editorconfig && git commit -qam newer')
      expect(install().code).toBe(0)
      const second = current()
      expect(second).not.toBe(first)
      expect(must('tail -n 1 /etc/reseal/station.yaml; cat /var/lib/reseal/witness')).toBe(
        '# mine\nkept',
      )
      // The same sources again: nothing is built, nothing changes.
      expect(install().err).toContain('is there already')
      expect(current()).toBe(second)
      expect(install('--rollback').code).toBe(0)
      expect(current()).toBe(first)
      expect(install('--rollback').code).toBe(0)
      expect(current()).toBe(second)
    },
    INSTALL_MS,
  )

  test('a start that takes minutes is waited for, one that fails is told', () => {
    // A service manager that starts it after 70 s by its watch, and a watch on which a second is a hundredth.
    must(`mkdir -p /run/systemd/system /fake && cd /fake
      printf '#!/bin/sh\\nexit 0\\n' >udevadm
      printf '#!/bin/sh\\necho >>/fake/seconds; exec /bin/sleep 0.01\\n' >sleep
      cat >systemctl <<'END'
#!/bin/sh
case $1 in
  is-active) echo activating; exit 3 ;;
  restart)
    while [ "$(wc -l </fake/seconds)" -lt "$(cat /fake/needs)" ]; do /bin/sleep 0.02; done
    exit "$(cat /fake/answer)" ;;
esac
END
      chmod +x * && : >seconds && echo 70 >needs && echo 0 >answer`)
    const back = () => inside('PATH=/fake:$PATH bash /src/scripts/install.sh --rollback')
    const slow = back()
    expect(slow.err).toMatch(/still activating after 30 s[\s\S]*after 60 s[\s\S]*the station runs/)
    expect(slow.code).toBe(0)
    must(': >/fake/seconds && echo 1 >/fake/needs && echo 1 >/fake/answer')
    const failed = back()
    expect(failed.err).toMatch(/^reseal: STATION_HARDWARE_MISSING: .*did not start/m)
    expect(failed.code).toBe(3)
    must('rm -rf /run/systemd/system /fake')
  })

  test('a release that does not accept the config of the bench does not take over', () => {
    const before = current()
    must('echo "surprise: 1" >>/etc/reseal/station.yaml')
    const { code, err } = install('--rollback')
    expect(code).toBe(2)
    expect(err).toContain('CONFIG_INVALID')
    expect(current()).toBe(before)
    must('sed -i "/^surprise/d" /etc/reseal/station.yaml')
  })

  test('the remover keeps config and ledger unless it is told otherwise', () => {
    expect(must('bash /src/scripts/uninstall.sh --dry-run')).toMatch(
      /^would: rm -rf \/opt\/reseal/m,
    )
    must('test -e /opt/reseal/current')
    must('bash /src/scripts/uninstall.sh')
    expect(inside('ls -d /opt/reseal').code).not.toBe(0)
    must('test -e /etc/reseal/station.yaml && test -e /var/lib/reseal/witness')
    must('bash /src/scripts/uninstall.sh --purge')
    expect(inside('ls -d /etc/reseal').code).not.toBe(0)
    expect(inside('ls -d /var/lib/reseal').code).not.toBe(0)
    expect(inside('id reseal').code).not.toBe(0)
  })
})

test('both scripts are sound shell', () => {
  for (const script of ['install.sh', 'uninstall.sh'])
    execFileSync('bash', ['-n', join(ROOT, 'scripts', script)])
})
