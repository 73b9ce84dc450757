// Debian's own kernel for the virtual machine, fetched once by apt-get and kept outside the checkout.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The package that always depends on the newest kernel of the release. */
const META_PACKAGE = 'linux-image-amd64'
const FETCH_MS = 300_000

export interface Kernel {
  /** As Debian names it: linux-image-6.1.0-56-amd64_6.1.192-2. */
  readonly name: string
  /** The file that QEMU boots. */
  readonly image: string
  /** Files of the modules that were asked for and of those they need, in the order in which they load. */
  readonly modules: readonly string[]
}

const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'reseal', 'kernel')

/**
 * The kernel with these modules, from the cache if it is there: after the first time nothing is fetched.
 * Delete the cache folder to get a newer one.
 * @throws Error with what apt-get or dpkg-deb said
 */
export async function debianKernel(modules: readonly string[]): Promise<Kernel> {
  const cache = cacheFolder()
  mkdirSync(cache, { recursive: true })
  const deb = cachedPackage(cache) ?? (await fetchPackage(cache))
  const name = basename(deb, '_amd64.deb')
  const stamp = createHash('sha256').update(modules.join()).digest('hex').slice(0, 12)
  const folder = join(cache, `${name}-${stamp}`)
  if (!existsSync(folder)) await unpack(deb, folder, modules)
  const order: string[] = JSON.parse(readFileSync(join(folder, 'order.json'), 'utf8'))
  return {
    name,
    image: join(folder, 'vmlinuz'),
    modules: order.map((file) => join(folder, 'modules', file)),
  }
}

const cachedPackage = (cache: string): string | undefined =>
  readdirSync(cache)
    .filter((name) => name.endsWith('.deb'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(cache, name))
    .at(-1)

async function fetchPackage(cache: string): Promise<string> {
  const folder = mkdtempSync(join(cache, 'fetch-'))
  try {
    const name = await newestKernel().catch(async () => {
      // A fresh machine has no package lists yet; only root can fetch them.
      await run('apt-get', ['update', '-o', 'DPkg::Lock::Timeout=300'], { timeout: FETCH_MS })
      return newestKernel()
    })
    await run('apt-get', ['download', name], { cwd: folder, timeout: FETCH_MS })
    const [file] = readdirSync(folder)
    if (file === undefined) throw new Error(`apt-get download ${name} brought no file`)
    renameSync(join(folder, file), join(cache, file))
    return join(cache, file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function newestKernel(): Promise<string> {
  const { stdout } = await run('apt-cache', ['depends', '--important', META_PACKAGE])
  const name = /Depends: (linux-image-[\w.+-]+)/.exec(stdout)?.[1]
  if (name === undefined) throw new Error(`apt-cache knows no ${META_PACKAGE}: apt-get update`)
  return name
}

/** Takes the kernel and the few modules that are used out of the package: the rest of it is 400 MB. */
async function unpack(deb: string, folder: string, wanted: readonly string[]): Promise<void> {
  const work = mkdtempSync(join(cacheFolder(), 'unpack-'))
  try {
    const tree = join(work, 'tree')
    await run('dpkg-deb', ['-x', deb, tree], { timeout: FETCH_MS })
    const boot = readdirSync(join(tree, 'boot')).find((name) => name.startsWith('vmlinuz-'))
    if (boot === undefined) throw new Error(`${deb} has no kernel`)
    const made = join(work, 'made')
    mkdirSync(join(made, 'modules'), { recursive: true })
    cpSync(join(tree, 'boot', boot), join(made, 'vmlinuz'))
    const order = loadOrder(join(tree, 'lib', 'modules'), wanted)
    for (const path of order) cpSync(path, join(made, 'modules', basename(path)))
    writeFileSync(join(made, 'order.json'), JSON.stringify(order.map((path) => basename(path))))
    renameSync(made, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The kernel takes - and _ in the name of a module for the same. */
const plain = (module: string): string => basename(module, '.ko').replaceAll('-', '_')

/** Each module behind those it needs, as its own .modinfo section names them. */
function loadOrder(tree: string, wanted: readonly string[]): string[] {
  const files = new Map<string, string>()
  for (const path of readdirSync(tree, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.ko')) files.set(plain(path), join(tree, path))
  }
  const order = new Set<string>()
  const add = (module: string): void => {
    const path = files.get(plain(module))
    if (path === undefined) throw new Error(`this kernel has no module ${module}`)
    if (order.has(path)) return
    const needs = /\0depends=([^\0]*)\0/.exec(readFileSync(path, 'latin1'))?.[1] ?? ''
    for (const need of needs.split(',').filter((name) => name !== '')) add(need)
    order.add(path)
  }
  for (const module of wanted) add(module)
  return [...order]
}
