// Takes comments and strings apart from code, so that a rule is not fooled by what a text only mentions.

/** After these a slash opens a regular expression; after a name or a closing bracket it divides. */
const BEFORE_REGEX = /(?:^|[=(,:[!&|?{};+\-*%<>~^])$|\b(?:return|typeof|case|in|of|await|yield)$/

interface Parts {
  readonly code: string
  readonly comments: string
  readonly uncommented: string
}

type Kind = 'code' | 'comment' | 'text'

/** Where the token at `at` ends, and what it is. */
function token(source: string, at: number, codeBefore: string): { end: number; kind: Kind } {
  const two = source.slice(at, at + 2)
  const first = source[at] ?? ''
  if (two === '//') return { end: indexOr(source.indexOf('\n', at), source), kind: 'comment' }
  if (two === '/*')
    return { end: indexOr(source.indexOf('*/', at + 2), source, 2), kind: 'comment' }
  if (first === "'" || first === '"') return { end: quotedEnd(source, at), kind: 'text' }
  if (first === '/' && BEFORE_REGEX.test(codeBefore.trimEnd())) {
    return { end: quotedEnd(source, at), kind: 'text' }
  }
  return { end: at + 1, kind: 'code' }
}

const indexOr = (index: number, source: string, length = 0) =>
  index === -1 ? source.length : index + length

/**
 * The end of a string or regular expression. It never goes beyond its line: an unclosed quote is an
 * apostrophe in the text of a page.
 */
function quotedEnd(source: string, from: number): number {
  const quote = source[from]
  let inBrackets = false
  for (let at = from + 1; at < source.length; at += 1) {
    const char = source[at]
    if (char === '\n') return at
    if (char === '\\') at += 1
    else if (quote === '/' && char === '[') inBrackets = true
    else if (quote === '/' && char === ']') inBrackets = false
    else if (char === quote && !inBrackets) return at + 1
  }
  return source.length
}

/** The end of a template's text from `from`: its closing backtick or the `${` of the next hole. */
function templateEnd(source: string, from: number): number {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1
    else if (source[at] === '`') return at + 1
    else if (source.startsWith('${', at)) return at + 2
  }
  return source.length
}

const blank = (text: string) => text.replace(/[^\n]/g, ' ')
/** Keeps the quotes, so that `''` still reads as a value. */
const hollow = (text: string) =>
  text.length < 2 ? text : `${text[0]}${blank(text.slice(1, -1))}${text.at(-1)}`

export function split(source: string): Parts {
  let code = ''
  let comments = ''
  let uncommented = ''
  const add = (text: string, kind: Kind) => {
    code += kind === 'code' ? text : kind === 'text' ? hollow(text) : blank(text)
    comments += kind === 'comment' ? text : blank(text)
    uncommented += kind === 'comment' ? blank(text) : text
  }
  /** One count of open braces per template hole that we are in. */
  const holes: number[] = []
  for (let at = 0; at < source.length; ) {
    const char = source[at]
    const isHoleEnd = char === '}' && holes.at(-1) === 0
    if (char === '`' || isHoleEnd) {
      if (isHoleEnd) holes.pop()
      const end = templateEnd(source, at + 1)
      if (source.startsWith('${', end - 2) && source[end - 1] === '{') holes.push(0)
      add(source.slice(at, end), 'text')
      at = end
      continue
    }
    if (holes.length > 0 && (char === '{' || char === '}')) {
      holes[holes.length - 1] = (holes.at(-1) ?? 0) + (char === '{' ? 1 : -1)
    }
    const { end, kind } = token(source, at, code.slice(-40))
    add(source.slice(at, end), kind)
    at = end
  }
  return { code, comments, uncommented }
}
