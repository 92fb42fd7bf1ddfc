// What a grammar says of texts: is this one of its texts, and what are some of them? Small and slow, and written without a look at
// the notations that grammars are printed in.
import { type Node, plainly } from '../../src/grammar/node.js'
import { jsonValue } from '../../src/grammar/schema-node.js'

/** Is the text one of the grammar's? */
export function accepts(grammar: Node, text: string): boolean {
  const plain = plainer()
  const known = new Map<Node, Map<number, ReadonlySet<number>>>()
  return ends(grammar, 0).has(text.length)

  /** Where a text of the node may end that begins there. */
  function ends(node: Node, from: number): ReadonlySet<number> {
    const places = known.get(node) ?? new Map<number, ReadonlySet<number>>()
    known.set(node, places)
    let found = places.get(from)
    if (found === undefined) {
      places.set(from, new Set())
      found = look(node, from)
      places.set(from, found)
    }
    return found
  }

  function look(node: Node, from: number): ReadonlySet<number> {
    switch (node.kind) {
      case 'literal':
        return new Set(text.startsWith(node.text, from) ? [from + node.text.length] : [])
      case 'characters': {
        const one = setOf(node.of)
        const places = new Set<number>(node.least === 0 ? [from] : [])
        for (let at = from, count = 0; at < text.length && count < node.most && one.test(characterAt(at)); ) {
          at += characterAt(at).length
          if (++count >= node.least) places.add(at)
        }
        return places
      }
      case 'text': {
        const first = node.without.map((marker) => [text.indexOf(marker, from), marker.length] as const)
        const bounds = first.filter(([at]) => at >= 0).map(([at, length]) => at + length - 1)
        const last = Math.min(text.length, ...bounds)
        return new Set(Array.from({ length: last - from + 1 }, (_, i) => from + i))
      }
      case 'sequence': {
        let places: ReadonlySet<number> = new Set([from])
        for (const part of node.parts) places = new Set([...places].flatMap((at) => [...ends(part, at)]))
        return places
      }
      case 'choice':
        return new Set(node.among.flatMap((one) => [...ends(one, from)]))
      case 'repeat': {
        const places = new Set<number>(node.least === 0 ? [from] : [])
        const seen = new Set<number>([from])
        let front = [from]
        for (let count = 1; front.length > 0 && count <= node.most; count++) {
          const next = new Set(front.flatMap((at) => [...ends(node.node, at)]))
          front = [...next].filter((at) => count < node.least || !seen.has(at))
          for (const at of front) seen.add(at)
          if (count >= node.least) for (const at of next) places.add(at)
        }
        return places
      }
      default:
        return ends(plain(node), from)
    }
  }

  function characterAt(at: number): string {
    return String.fromCodePoint(text.codePointAt(at) ?? 0)
  }
}

/** Chances: a number from 0 up to, and without, `below`. */
export type Chance = (below: number) => number

/** A text of the grammar. `words` are what free text is made of. */
export function someText(grammar: Node, chance: Chance, words: readonly string[]): string {
  const plain = plainer()
  return write(grammar, 0)

  function write(node: Node, depth: number): string {
    switch (node.kind) {
      case 'literal':
        return node.text
      case 'characters':
        return Array.from({ length: count(node.least, node.most) }, () => someCharacter(node.of)).join('')
      case 'text': {
        let text = ''
        for (let left = chance(6); left > 0; left--) {
          const more = text + words[chance(words.length)]
          if (!node.without.some((marker) => more.includes(marker))) text = more
        }
        return text
      }
      case 'sequence':
        return node.parts.map((part) => write(part, depth)).join('')
      case 'choice':
        // Deep down the first form is taken, which never leads deeper.
        return write(node.among[depth > 8 ? 0 : chance(node.among.length)] as Node, depth)
      case 'repeat':
        return Array.from({ length: count(node.least, depth > 8 ? node.least : node.most) }, () =>
          write(node.node, depth),
        ).join('')
      default:
        return write(plain(node), depth + 1)
    }
  }

  function count(least: number, most: number): number {
    return least + chance(Math.min(most, least + 3) - least + 1)
  }

  function someCharacter(of: string): string {
    const one = setOf(of)
    const among = [...SOME].filter((character) => one.test(character))
    return among[chance(among.length)] as string
  }
}

const SOME = 'aZ_09fe-+.,:;/\\"\'{}[]()<>|#&%é漢😀 \n\t'

function setOf(of: string): RegExp {
  return new RegExp(`^[${of}]$`, 'u')
}

/** The node that stands for one of the kinds that are made of others: always the same for the same. */
function plainer(): (node: Node) => Node {
  const made = new Map<Node, Node>()
  return (node) => {
    let plain = made.get(node)
    if (plain === undefined) {
      if (node.kind === 'json') plain = jsonValue(node)
      else if (node.kind === 'free') plain = plainly(node)
      else if (node.kind === 'rule') plain = node.node()
      else throw new Error(`${node.kind} is plain`)
      made.set(node, plain)
    }
    return plain
  }
}
