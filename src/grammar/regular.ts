import type { Node } from './node.js'

/**
 * A node as a regular expression, of what all notations share: sets, groups, `|`, `?`, `*`, `{m,n}`.
 * @returns undefined for what is none: text without markers, schemas, rules
 */
export function regularExpression(node: Node): string | undefined {
  switch (node.kind) {
    case 'literal':
      return escaped(node.text)
    case 'characters':
      return `[${node.of}]${times(node.least, node.most)}`
    case 'sequence':
      return joined(node.parts, '')
    case 'choice':
      return group(joined(node.among, '|'))
    case 'repeat': {
      const inside = group(regularExpression(node.node))
      return inside === undefined ? undefined : inside + times(node.least, node.most)
    }
    default:
      return undefined
  }
}

/** How often: nothing for once. */
export function times(least: number, most: number): string {
  if (most === 1) return least === 1 ? '' : '?'
  if (most !== Number.POSITIVE_INFINITY) return least === most ? `{${least}}` : `{${least},${most}}`
  return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`
}

function joined(nodes: readonly Node[], by: string): string | undefined {
  const parts: string[] = []
  for (const node of nodes) {
    const part = regularExpression(node)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return parts.join(by)
}

function group(inside: string | undefined): string | undefined {
  return inside === undefined ? undefined : `(?:${inside})`
}

/** A text where it stands by itself. */
export function escaped(text: string): string {
  return text
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
}

/** A character in a set. */
export function inSet(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  return '[]\\^-'.includes(character) ? `\\${character}` : character
}
