// `tpm-roots`: who is trusted to make TPMs, as PEM files in a directory that the user fills.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import {
  certificatePem,
  readCertificates,
  readRoots,
  type StoredCertificate,
} from '../../drivers/tpm/index.ts'
import { StationError } from '../fault.ts'
import { type CliIo, DEFAULT_DATA, print, printJson } from './io.ts'

/** Where roots are kept when nobody says. */
export const DEFAULT_ROOTS = join(DEFAULT_DATA, 'tpm-roots')
/** A root that ends within this time is worth a word. */
const SOON_MS = 90 * 24 * 60 * 60 * 1000

interface Options {
  readonly roots: string
  readonly json?: boolean
}

const day = (ms: number) => new Date(Math.min(ms, 8.64e15)).toISOString().slice(0, 10)

interface Listed {
  readonly file: string
  readonly subject: string
  readonly fingerprint: string
  readonly notAfter: string
  readonly kind: 'root' | 'issuer'
  readonly state: 'ok' | 'soon' | 'expired'
}

function listed({ file, certificate, isRoot }: StoredCertificate, now: number): Listed {
  const { subject, fingerprint, notAfter } = certificate
  const state = notAfter < now ? 'expired' : notAfter < now + SOON_MS ? 'soon' : 'ok'
  const kind = isRoot ? 'root' : 'issuer'
  return { file, subject: subject.text, fingerprint, notAfter: day(notAfter), kind, state }
}

const lineOf = ({ kind, state, notAfter, fingerprint, subject, file }: Listed) =>
  `${kind.padEnd(6)} ${state.padEnd(7)} until ${notAfter}  ${fingerprint}  ${subject}  (${file})`

async function list(io: CliIo, { roots, json }: Options, isCheck: boolean): Promise<void> {
  const { entries, problems } = readRoots(roots)
  const all = entries.map((entry) => listed(entry, io.clock.now()))
  const isBad = problems.length > 0 || all.some(({ state }) => state === 'expired')
  if (isCheck && (isBad || !all.some(({ kind }) => kind === 'root'))) io.exit(1)
  if (json === true) return printJson(io, { directory: roots, certificates: all, problems })
  for (const one of all) if (!isCheck || one.state !== 'ok') await print(io, lineOf(one))
  for (const problem of problems) await print(io, `bad    ${problem}`)
  const count = (kind: Listed['kind']) => all.filter((one) => one.kind === kind).length
  await print(io, `${count('root')} roots and ${count('issuer')} issuers in ${roots}`)
  if (count('root') === 0)
    await print(io, 'No root is trusted yet; docs/TPM.md says where vendors publish theirs.')
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new StationError('FILE_UNREADABLE', file, { cause: error })
  }
}

/** One file for each certificate, named by its fingerprint, so that adding twice changes nothing. */
async function add(io: CliIo, file: string, { roots, json }: Options): Promise<void> {
  const added: Listed[] = []
  const found = readCertificates(file, bytesOf(file))
  for (const entry of found) {
    const target = join(roots, `${entry.certificate.fingerprint}.pem`)
    try {
      mkdirSync(roots, { recursive: true })
      if (!existsSync(target)) writeFileSync(target, certificatePem(entry.certificate))
    } catch (error) {
      throw new StationError('FILE_UNREADABLE', target, { cause: error })
    }
    added.push(listed({ ...entry, file: target }, io.clock.now()))
  }
  if (json === true) return printJson(io, { directory: roots, certificates: added, problems: [] })
  for (const one of added) await print(io, lineOf(one))
  await print(io, 'Compare each fingerprint with what its vendor publishes before you rely on it.')
}

export function addTpmRoots(program: Command, io: CliIo): void {
  const roots = program
    .command('tpm-roots')
    .description('the roots that are trusted for EK certificates')
  const common = (name: string, text: string) =>
    roots
      .command(name)
      .option('--roots <dir>', 'directory of PEM files', DEFAULT_ROOTS)
      .option('--json', 'one JSON document')
      .description(text)
  common('list', 'who is trusted: kind, expiry, fingerprint, file').action((options: Options) =>
    list(io, options, false),
  )
  common('check', 'exit 1 if there is no root, or one is expired or cannot be read').action(
    (options: Options) => list(io, options, true),
  )
  common('add', 'trusts the certificates of a file')
    .argument('<file>', 'PEM or DER')
    .action((file: string, options: Options) => add(io, file, options))
}
