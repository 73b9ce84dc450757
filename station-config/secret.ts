// Reads the one line of a secret file at the moment it is needed, so that no config ever holds it.
import type { Problem } from './problem.ts'
import { readText } from './read-file.ts'

/** Longer than any password; a certificate named by mistake is refused. */
const SECRET_MAX = 4_096

export type Secret = { readonly secret: string } | { readonly problem: Problem }

/** The first line of a file without its line end; one line only, so that a wrong file is noticed. */
export function readSecret(file: string): Secret {
  const bare = { code: 'FILE_UNREADABLE', file, line: null, path: '', value: '' } as const
  const read = readText(file, SECRET_MAX)
  if (!('text' in read)) return { problem: { ...bare, ...read } }
  const secret = read.text.replace(/\r?\n$/, '')
  if (secret !== '' && !/[\r\n]/.test(secret)) return { secret }
  const message = secret === '' ? 'the file is empty' : 'the file has more than one line'
  return { problem: { ...bare, message, hint: 'Write the secret as the only line of the file.' } }
}
