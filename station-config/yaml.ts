// The one place that reads YAML (and JSON, which is YAML): with line numbers, bounds, and no silent change of a text.
import { isAlias, isCollection, isScalar, LineCounter, parseDocument, visit } from 'yaml'

export interface YamlMistake {
  readonly line: number | null
  readonly message: string
  readonly hint: string
}
export interface YamlDocument {
  readonly value: unknown
  readonly mistakes: readonly YamlMistake[]
  /** The line of a path, or of its nearest parent that stands in the file; null when the file is empty. */
  lineOf(path: readonly PropertyKey[]): number | null
}

/** Our documents are three or four deep; more is a mistake or an attack on the stack. */
const DEPTH_MAX = 32

const mistake = (line: number | null, message: string, hint: string): YamlMistake => ({
  line,
  message,
  hint,
})

/** Nesting by brackets and by dashes, counted before the parser recurses into it. */
function tooDeep(text: string): boolean {
  let depth = 0
  for (const char of text) {
    if (char === '[' || char === '{') depth++
    else if (char === ']' || char === '}') depth = Math.max(0, depth - 1)
    if (depth > DEPTH_MAX) return true
  }
  return /^\s*(?:- ){33}/m.test(text)
}

/**
 * The plain value of a YAML 1.2 text. Anchors and tags are refused: a config is read by people, and an alias can blow
 * up to any size. A number that would not print back as it stands (`007`, `1e5`, 20 digits) stays a text, so that no
 * serial number or bay name is changed on its way.
 */
export function readYaml(text: string): YamlDocument {
  try {
    return parsed(text)
  } catch (error) {
    // The parser is recursive: block nesting without brackets can still end its stack.
    const why = error instanceof Error ? firstLine(error.message) : String(error)
    return {
      value: undefined,
      lineOf: () => null,
      mistakes: [mistake(null, `it cannot be parsed (${why})`, 'Check that it is the right file.')],
    }
  }
}

function parsed(text: string): YamlDocument {
  const none = { value: undefined, lineOf: () => null }
  if (tooDeep(text))
    return {
      ...none,
      mistakes: [mistake(null, 'it is nested too deeply', 'Check that it is the right file.')],
    }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    stringKeys: true,
    version: '1.2',
  })
  const lineAt = (offset: number | undefined) =>
    offset === undefined ? null : lines.linePos(offset).line
  const mistakes: YamlMistake[] = document.errors.map((error) =>
    mistake(lineAt(error.pos[0]), firstLine(error.message), hintFor(error.code)),
  )
  visit(document, {
    Alias: (_, node) => {
      const hint = 'Write the value out where it is used.'
      mistakes.push(mistake(lineAt(node.range?.[0]), 'anchors and aliases are not read', hint))
    },
    Pair: (_, { key }) => {
      // It would vanish into the prototype of what is read, without a word.
      if (isScalar(key) && key.value === '__proto__')
        mistakes.push(mistake(lineAt(key.range?.[0]), 'no key has this name', 'Take it out.'))
    },
    Scalar: (_, node) => {
      const isChanged =
        typeof node.value === 'number' &&
        node.source !== undefined &&
        String(node.value) !== node.source
      if (isChanged) node.value = node.source
    },
  })
  for (const warning of document.warnings)
    mistakes.push(mistake(lineAt(warning.pos[0]), firstLine(warning.message), 'Take the tag out.'))
  return {
    value: mistakes.length === 0 ? (document.toJS({ maxAliasCount: 0 }) as unknown) : undefined,
    mistakes,
    lineOf(path) {
      for (let length = path.length; length >= 0; length--) {
        const keys = path.slice(0, length)
        const node = length === 0 ? document.contents : document.getIn(keys, true)
        const hasRange = isScalar(node) || isCollection(node) || isAlias(node)
        if (hasRange && node.range) return lineAt(node.range[0])
      }
      return null
    },
  }
}

const firstLine = (message: string) => (message.split('\n')[0] ?? '').replace(/[.:]$/, '')

function hintFor(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'Keep one of the two.'
  if (code === 'TAB_AS_INDENT') return 'Indent with blanks.'
  if (code === 'MULTIPLE_DOCS') return 'Keep one document in the file.'
  return 'Check indentation, quotes and colons at this line.'
}
