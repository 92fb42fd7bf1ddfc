import type { JsonSchema } from '../tools/tools-input.js'

/**
 * A grammar of texts, as small as the three notations that it is printed in have in common.
 *
 * `text` is any text that holds none of some markers; `json` is a JSON value that fits a schema; `free` is text with blocks
 * in it, each begun by its trigger; `rule` names a grammar that may hold itself.
 */
export type Node =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'characters'; readonly of: string; readonly least: number; readonly most: number }
  | { readonly kind: 'text'; readonly without: readonly string[] }
  | { readonly kind: 'json'; readonly schema: JsonSchema; readonly root: JsonSchema }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly among: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly least: number; readonly most: number }
  | { readonly kind: 'rule'; readonly name: string; readonly node: () => Node }
  | FreeText

/** Text that holds no trigger and none of `without`, with blocks in it: at most `most`. Each block begins with the trigger. */
export interface FreeText {
  readonly kind: 'free'
  readonly trigger: string
  readonly without: readonly string[]
  readonly block: Node
  readonly most: number
}

export const NOTHING: Node = { kind: 'literal', text: '' }

export function literal(text: string): Node {
  return { kind: 'literal', text }
}

/** Characters of a set, written as in a regular expression, without its brackets: `0-9`. */
export function characters(of: string, least: number, most = Number.POSITIVE_INFINITY): Node {
  return { kind: 'characters', of, least, most }
}

/** Any text that holds none of these markers. */
export function textWithout(markers: readonly string[]): Node {
  return { kind: 'text', without: [...new Set(markers)] }
}

/** One after another. Literals that meet are one, and what is empty is left out. */
export function sequence(...nodes: readonly Node[]): Node {
  const parts: Node[] = []
  for (const node of nodes.flatMap((node) => (node.kind === 'sequence' ? node.parts : [node]))) {
    const before = parts.at(-1)
    if (node.kind !== 'literal') parts.push(node)
    else if (before?.kind === 'literal') parts[parts.length - 1] = literal(before.text + node.text)
    else if (node.text !== '') parts.push(node)
  }
  return parts.length === 1 ? (parts[0] as Node) : { kind: 'sequence', parts }
}

export function choice(among: readonly Node[]): Node {
  const different = [...new Map(among.map((node) => [node.kind === 'literal' ? node.text : node, node])).values()]
  return different.length === 1 ? (different[0] as Node) : { kind: 'choice', among: different }
}

export function repeat(node: Node, least = 0, most = Number.POSITIVE_INFINITY): Node {
  if (most === 0) return NOTHING
  return least === 1 && most === 1 ? node : { kind: 'repeat', node, least, most }
}

export function optional(node: Node): Node {
  return node === NOTHING ? node : repeat(node, 0, 1)
}

/** Free text in plainer nodes. */
export function plainly({ trigger, without, block, most }: FreeText): Node {
  const text = textWithout([trigger, ...without])
  return sequence(repeat(sequence(text, block), 0, most), most === 1 ? NOTHING : text)
}
