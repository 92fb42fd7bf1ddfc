import type { ToolCall } from '../../src/index.js'

/**
 * A word of the call's name, keys or values that does not stand in the text, in any of the ways in which formats write
 * strings, nor in the tools; undefined if all do.
 */
export function inventedPart(text: string, call: ToolCall, tools: unknown): string | undefined {
  // A value without a key gets that of the tool's schema.
  const spellings = [...spellingsOf(text), JSON.stringify(tools ?? null)]
  // A literal of Python that a schema made a string is written as JSON has it, and a digit may be a boolean.
  const isCoerced = call.repairs.some(({ kind }) => kind === 'coerced')
  if (isCoerced) spellings.push(asJsonLiterals(text))
  const numbers = new Set(spellings.flatMap(numbersOf))
  const within = (word: string) => spellings.some((spelling) => spelling.includes(word))
  const known = (leaf: string) => wordsOf(leaf).every(within)
  if (!known(call.name)) return call.name
  for (const leaf of leavesOf(call.arguments)) {
    if (typeof leaf === 'string' && !known(leaf)) return leaf
    if (typeof leaf === 'number' && !numbers.has(leaf)) return String(leaf)
    if (typeof leaf !== 'boolean' || spellings.some((spelling) => spelling.toLowerCase().includes(String(leaf))))
      continue
    if (!isCoerced || !numbers.has(Number(leaf))) return String(leaf)
  }
  return undefined
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Keys and leaves, without recursion: the text decides how deep they lie. */
function leavesOf(value: unknown): unknown[] {
  const leaves: unknown[] = []
  const rest = [value]
  for (let next = rest.pop(); next !== undefined || rest.length > 0; next = rest.pop()) {
    if (typeof next !== 'object' || next === null) leaves.push(next)
    else {
      if (!Array.isArray(next)) leaves.push(...Object.keys(next))
      rest.push(...Object.values(next))
    }
  }
  return leaves
}

/**
 * The text as it stands, and with its escapes read once and twice, its entities, and Python's strings or CDATA sections side by
 * side as one.
 */
function spellingsOf(text: string): string[] {
  const once = unescaped(text)
  return [
    text,
    once,
    unescaped(once),
    text.replace(/\\/g, ''),
    entities(text),
    entities(once),
    joined(text),
    joined(once),
  ]
}

function joined(text: string): string {
  return text.replace(/(?:'\s*'|"\s*"|'\s+"|"\s+'|\]\]>(?:<!\[CDATA\[)?)/g, '')
}

function asJsonLiterals(text: string): string {
  return text.replace(/\b(?:True|False|None)\b/g, (word) => (word === 'None' ? 'null' : word.toLowerCase()))
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi, (_, u?: string, x?: string, c?: string) => {
    if (c !== undefined) return ESCAPES[c] ?? c
    return String.fromCharCode(Number.parseInt(u ?? x ?? '', 16))
  })
}

function entities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

function numbersOf(text: string): number[] {
  const found = text.match(/[-+]?(?:0[xob][\da-f_]+|\.?\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?\d+)?)/gi) ?? []
  return found.flatMap((number) => [
    Number(number.replaceAll('_', '')),
    Number.parseFloat(number),
    Math.abs(Number(number)),
  ])
}
