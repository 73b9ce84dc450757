// Writes package-lock.json anew from package.json: run it after every change of a dependency.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './launcher/checkout.js'
import { Failure, failureText } from './launcher/failure.js'
import { outerEnv } from './launcher/install.js'
import { runQuietly } from './launcher/run.js'

// npm beside an installed node_modules forgets version and hash of packages for other platforms, and
// `npm ci` refuses such a lock file. In an empty folder it has nothing to forget.
const folder = mkdtempSync(join(tmpdir(), 'reseal-lock-'))
try {
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    if (existsSync(join(ROOT, name))) copyFileSync(join(ROOT, name), join(folder, name))
  }
  // A package of our own is a link in the lock file, and npm looks at the folder that it leads to.
  for (const own of JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).workspaces ?? []) {
    mkdirSync(join(folder, own), { recursive: true })
    copyFileSync(join(ROOT, own, 'package.json'), join(folder, own, 'package.json'))
  }
  const args = ['install', '--package-lock-only', '--ignore-scripts', '--loglevel=error']
  const { code, output } = await runQuietly('npm', args, { cwd: folder, env: outerEnv() })
  if (code === 0) {
    copyFileSync(join(folder, 'package-lock.json'), join(ROOT, 'package-lock.json'))
    process.stdout.write('package-lock.json is up to date; the next start installs it.\n')
  } else {
    const sentence = `npm could not resolve package.json (code ${code}).`
    process.stderr.write(failureText(new Failure('SETUP_INSTALL_FAILED', sentence, output)))
    process.exitCode = 3
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
