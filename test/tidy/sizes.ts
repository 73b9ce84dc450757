// Files stay small; one that outgrows the aim is named here with its reason and may only shrink.
import type { SourceFile } from './source.ts'

const AIM = 300
const LIMIT = 500
/** A soft aim: a longer function is mentioned, not refused. */
const FUNCTION_AIM = 100

/** The ratchet: files over 300 lines, how long they may be, and why. */
export const LARGE_FILES: Readonly<
  Record<string, { readonly lines: number; readonly why: string }>
> = {
  'test/core/flow/world.ts': {
    lines: 430,
    why: 'engine, device and operator of one bay share a queue and a clock; apart they would tell no story',
  },
}

/** Tables that may be longer than any limit: one language is one table, so that a further one is one file to translate. */
const TABLES = /^agent\/dashboard\/words\//

const lineCount = (file: SourceFile) => file.text.replace(/\n$/, '').split('\n').length

function sizeComplaint(file: SourceFile, large: typeof LARGE_FILES): string | null {
  const lines = lineCount(file)
  const named = large[file.path]
  if (TABLES.test(file.path)) return null
  if (lines > LIMIT) return `${file.path} has ${lines} lines, ${LIMIT} is the limit: split it`
  if (named === undefined) {
    return lines > AIM
      ? `${file.path} has ${lines} lines, the aim is ${AIM}: split it, or name it in test/tidy/sizes.ts with the reason`
      : null
  }
  if (lines <= AIM) return `${file.path} is small again: take it out of test/tidy/sizes.ts`
  if (lines > named.lines)
    return `${file.path} grew from ${named.lines} to ${lines} lines: split it`
  return null
}

export function sizeComplaints(files: readonly SourceFile[], large = LARGE_FILES): string[] {
  const paths = new Set(files.map((file) => file.path))
  const gone = Object.keys(large).filter((path) => !paths.has(path))
  return [
    ...files.map((file) => sizeComplaint(file, large)).filter((complaint) => complaint !== null),
    ...gone.map((path) => `${path} is gone: take it out of test/tidy/sizes.ts`),
  ]
}

/** Functions at the left margin that are longer than a person takes in at once. */
export function longFunctions(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    [...file.code.matchAll(/^(?:export )?(?:async )?function\*? (\w+)[\s\S]*?\n\}/gm)]
      .map((match) => ({ name: match[1], lines: match[0].split('\n').length }))
      .filter(({ lines }) => lines > FUNCTION_AIM)
      .map(
        ({ name, lines }) => `${file.path}: ${name} has ${lines} lines, the aim is ${FUNCTION_AIM}`,
      ),
  )
}
