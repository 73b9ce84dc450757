// Reads a text file with a bound on its size, so that a wrong path (a disk image, a pipe) is a fault and no hang.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

export type FileText =
  | { readonly text: string }
  | { readonly message: string; readonly hint: string }

/** The reason of a system error in words. */
function reason(error: unknown): { message: string; hint: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT')
    return {
      message: 'there is no such file',
      hint: 'Check the path; it counts from where you are.',
    }
  if (code === 'EACCES' || code === 'EPERM')
    return {
      message: 'it may not be read',
      hint: 'Give the user running reseal the right to read it.',
    }
  if (code === 'ELOOP' || code === 'ENOTDIR' || code === 'ENAMETOOLONG')
    return { message: 'the path leads nowhere', hint: 'Check the path.' }
  return { message: `it cannot be read (${code || String(error)})`, hint: 'Check the file.' }
}

/** The text of a regular file of at most `maxBytes`, UTF-8 with or without a mark; else why not. Never throws. */
export function readText(file: string, maxBytes: number): FileText {
  let handle: number
  try {
    // Without O_NONBLOCK the open of a pipe would wait for a writer for ever.
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return reason(error)
  }
  try {
    const stat = fstatSync(handle)
    if (!stat.isFile())
      return {
        message: 'it is no regular file',
        hint: 'Name a text file, not a directory or device.',
      }
    if (stat.size > maxBytes)
      return {
        message: `it has ${stat.size} bytes, ${maxBytes} are the limit`,
        hint: 'Check that it is the right file; split it if it is.',
      }
    const bytes = Buffer.alloc(stat.size)
    let filled = 0
    while (filled < bytes.length) {
      const got = readSync(handle, bytes, filled, bytes.length - filled, filled)
      if (got === 0) break
      filled += got
    }
    return decode(bytes.subarray(0, filled))
  } catch (error) {
    return reason(error)
  } finally {
    closeSync(handle)
  }
}

function decode(bytes: Uint8Array): FileText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (text.includes('\0'))
      return { message: 'it holds zero bytes', hint: 'Name a text file, saved as UTF-8.' }
    return { text }
  } catch {
    return { message: 'it is no UTF-8 text', hint: 'Save the file as UTF-8.' }
  }
}
