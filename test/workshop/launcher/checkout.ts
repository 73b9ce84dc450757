// A checkout in a temporary folder: the real launcher, a program of our own, no network.
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

export const ROOT = resolve(import.meta.dirname, '../../..')

export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reseal-launcher-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An empty lock file and nothing installed. */
export function checkout(): string {
  const root = emptyFolder()
  writeFileSync(join(root, 'package-lock.json'), '{ "packages": {} }')
  return root
}

/** The Node of this test stands in for the pinned one. */
export function installRuntime(root: string): void {
  const bin = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(process.execPath, join(bin, 'node'))
}

/** A checkout with the launcher and `program` as its agent/main.ts, installed if `isInstalled`. */
export function checkoutWith(program: string, isInstalled = true): string {
  const root = checkout()
  cpSync(join(ROOT, 'scripts'), join(root, 'scripts'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  mkdirSync(join(root, 'agent'))
  writeFileSync(join(root, 'agent/main.ts'), program)
  if (isInstalled) {
    installRuntime(root)
    writeFileSync(join(root, 'node_modules/.package-lock.json'), '{ "packages": {} }')
  }
  return root
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Collects what a process prints until it ends. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (text) => {
    stdout += text
  })
  child.stderr?.on('data', (text) => {
    stderr += text
  })
  return new Promise((done) => {
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }))
  })
}

export function launchIn(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, [join(root, 'scripts/launch.js'), ...args], {
    cwd: join(root, 'agent'),
    env: { ...process.env, ...env },
  })
}
