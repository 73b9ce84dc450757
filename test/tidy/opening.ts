// Every file opens with a sentence on why it exists.
import type { SourceFile } from './source.ts'

/** The text of the comment that a file begins with, joined to one line; empty if there is none. */
export function openingOf(text: string): string {
  const body = text.replace(/^#!.*\n/, '')
  const block = /^\/\*\*?([\s\S]*?)\*\//.exec(body)?.[1]
  const lines = /^(?:\/\/.*(?:\n|$))+/.exec(body)?.[0] ?? ''
  return (block ?? lines)
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\/\/+|\*)?\s?/, '').trim())
    .join(' ')
    .trim()
}

/** A sentence: some words, a capital or a name in front, a full stop behind. */
const SENTENCE = /^["'`A-Z0-9].{15,}?[.!?](?:\s|$)/
const WORDS_MIN = 4

export function openingComplaints(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => {
      const opening = openingOf(file.text)
      return !SENTENCE.test(opening) || opening.split(/\s+/).length < WORDS_MIN
    })
    .map(
      (file) =>
        `${file.path} must open with a comment: one sentence on why it exists, with a full stop`,
    )
}
