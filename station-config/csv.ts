// Reads comma- or semicolon-separated text as spreadsheets write it: quotes, doubled quotes, line breaks in quotes.

export interface CsvRow {
  /** Line of the file where the row begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}
export type Csv =
  | { readonly rows: readonly CsvRow[] }
  | { readonly line: number; readonly message: string; readonly hint: string }

/** A header has it more often outside of quotes: spreadsheets of many countries write semicolons. */
function separatorOf(text: string): string {
  const head = (text.split(/\r?\n/, 1)[0] ?? '').replace(/"[^"]*"/g, '')
  const times = (mark: string) => head.split(mark).length
  return [',', ';', '\t'].reduce((best, mark) => (times(mark) > times(best) ? mark : best))
}

/** The rows of a text (RFC 4180, any of the three separators, any line end); rows of blanks are left out. */
export function readCsv(text: string): Csv {
  const separator = separatorOf(text)
  const rows: CsvRow[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let wasQuoted = false
  let line = 1
  let began = 1
  const endCell = () => {
    cells.push(wasQuoted ? cell : cell.trim())
    cell = ''
    wasQuoted = false
  }
  const endRow = () => {
    endCell()
    if (cells.some((one) => one !== '')) rows.push({ line: began, cells })
    cells = []
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '\n') line++
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') cell += text[at++]
      else isQuoted = false
    } else if (char === '"') {
      if (cell.trim() !== '' || wasQuoted)
        return {
          line,
          message: 'a quote inside of a cell',
          hint: 'Quote the whole cell and double the quote.',
        }
      cell = ''
      isQuoted = wasQuoted = true
    } else if (char === separator) endCell()
    else if (char === '\n') {
      endRow()
      began = line
    } else if (char !== '\r' && !(wasQuoted && char === ' ')) {
      if (wasQuoted)
        return { line, message: 'text after a closing quote', hint: 'Quote the whole cell.' }
      cell += char
    }
  }
  if (isQuoted) return { line: began, message: 'a quote is never closed', hint: 'Close the quote.' }
  if (cell !== '' || cells.length > 0 || wasQuoted) endRow()
  return { rows }
}
