// Parses probe.ps1 by a real grammar of PowerShell: it has not run on Windows yet, but it is a program without a slip of syntax.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Language, type Node, Parser } from 'web-tree-sitter'

const SCRIPT = readFileSync(join(import.meta.dirname, '../../../drivers/probe/probe.ps1'), 'utf8')
const GRAMMAR = join(
  import.meta.dirname,
  '../../../node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm',
)
let parser: Parser

beforeAll(async () => {
  await Parser.init()
  parser = new Parser()
  parser.setLanguage(await Language.load(readFileSync(GRAMMAR)))
})

function rootOf(text: string): Node {
  const tree = parser.parse(text)
  if (tree === null) throw new Error('nothing was parsed')
  return tree.rootNode
}

function* all(node: Node): Iterable<Node> {
  yield node
  for (const child of node.children) if (child !== null) yield* all(child)
}

const slips = (text: string) =>
  [...all(rootOf(text))]
    .filter((node) => node.isError || node.isMissing)
    .map((node) => `${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`)

describe('probe.ps1', () => {
  it('is PowerShell, and a slip would be seen', () => {
    expect(slips(SCRIPT)).toEqual([])
    expect(slips(SCRIPT.replace('function Get-Report {', 'function Get-Report'))).not.toEqual([])
    expect(slips(SCRIPT.replace('try {', 'try'))).not.toEqual([])
  })

  it('calls only functions that it defines, and commands that Windows PowerShell 5.1 has', () => {
    const nodes = [...all(rootOf(SCRIPT))]
    const defined = nodes
      .filter(({ type }) => type === 'function_name')
      .map(({ text }) => text.toLowerCase())
    expect(defined.length).toBeGreaterThan(20)
    const called = nodes
      .filter(({ type }) => type === 'command_name')
      .map(({ text }) => text.toLowerCase())
    const known = new Set(
      `ForEach-Object Get-ChildItem Get-CimInstance Get-ItemProperty Get-ScheduledTaskInfo Get-TpmEndorsementKeyInfo
       Get-WinEvent Invoke-CimMethod Join-Path New-Object Select-Object Set-StrictMode Test-Path Write-Host`
        .toLowerCase()
        .split(/\s+/),
    )
    expect(called.filter((name) => !defined.includes(name) && !known.has(name))).toEqual([])
  })

  it('writes no file, loads no code, and uses nothing newer than 5.1', () => {
    const code = SCRIPT.replace(/^\s*#.*$/gm, '')
    const leaves =
      /Out-File|Set-Content|Add-Content|Export-|New-Item|Set-ItemProperty|Add-Type|Invoke-Expression|Invoke-WebRequest|Start-Process/i
    expect(leaves.exec(code)).toBeNull()
    // Ternary, null-coalescing and chains came with 7.
    expect(/\?\?|&&|\|\||\?\./.exec(code)).toBeNull()
    expect([...SCRIPT].every((letter) => letter.charCodeAt(0) < 128)).toBe(true)
  })
})
