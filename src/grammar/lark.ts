import { type Node, plainly } from './node.js'
import { escaped, times } from './regular.js'
import { jsonValue } from './schema-node.js'

/** The grammar in Lark's notation, as llguidance takes it: `start: …` */
export function larkOf(grammar: Node): string {
  return new Printer().print(grammar)
}

/**
 * llguidance cuts a text into lexemes before its grammar sees it, and takes the longest. So what is regular stands in one lexeme,
 * with all that ends it: a text that runs up to a marker would else take the marker's first characters.
 */
class Printer {
  private readonly lines = new Map<string, string>()
  private readonly names = new Map<Node, string>()
  private readonly plain = new Map<Node, Node>()
  private readonly regular = new Map<Node, boolean>()

  print(grammar: Node): string {
    this.lines.set('start', '')
    this.lines.set('start', this.rule(grammar))
    return [...this.lines].map(([name, body]) => `${name}: ${body}\n`).join('')
  }

  /** A node as part of a rule: its name, or what stands for it. */
  private rule(node: Node): string {
    if (this.isRegular(node)) return this.lexeme(node)
    switch (node.kind) {
      case 'sequence':
        return this.runs(node.parts)
          .map((run) => this.rule(run))
          .join(' ')
      case 'choice':
        return `(${node.among.map((one) => this.rule(one)).join(' | ')})`
      case 'repeat':
        return `(${this.rule(node.node)})${times(node.least, node.most)}`
      default: {
        const known = this.names.get(node)
        if (known !== undefined) return known
        const name = this.fresh(node.kind === 'rule' ? node.name.replaceAll('-', '_') : node.kind)
        this.names.set(node, name)
        this.lines.set(name, '')
        this.lines.set(name, this.rule(this.plainOf(node)))
        return name
      }
    }
  }

  /** The parts of a sequence, with those that are regular and stand together as one. */
  private runs(parts: readonly Node[]): Node[] {
    const runs: Node[][] = []
    for (const part of parts) {
      const last = runs.at(-1)
      if (last?.[0] !== undefined && this.isRegular(part) && this.isRegular(last[0])) last.push(part)
      else runs.push([part])
    }
    return runs.map((run) => (run.length === 1 ? (run[0] as Node) : { kind: 'sequence', parts: run }))
  }

  private isRegular(node: Node): boolean {
    let known = this.regular.get(node)
    if (known === undefined) {
      if (node.kind === 'sequence') known = node.parts.every((part) => this.isRegular(part))
      else if (node.kind === 'choice') known = node.among.every((one) => this.isRegular(one))
      else if (node.kind === 'repeat') known = this.isRegular(node.node)
      else if (node.kind === 'json') known = this.isRegular(this.plainOf(node))
      else known = node.kind !== 'rule' && node.kind !== 'free'
      this.regular.set(node, known)
    }
    return known
  }

  private lexeme(node: Node): string {
    if (node.kind === 'literal') return quoted(node.text)
    const known = this.names.get(node)
    if (known !== undefined) return known
    const name = this.fresh(node.kind === 'text' ? 'TEXT' : 'PART')
    this.names.set(node, name)
    this.lines.set(name, '')
    this.lines.set(name, this.inLexeme(node))
    return name
  }

  private inLexeme(node: Node): string {
    switch (node.kind) {
      case 'literal':
        return quoted(node.text)
      case 'characters':
        return `/[${node.of.replaceAll('/', '\\/')}]${times(node.least, node.most)}/`
      case 'text': {
        const markers = node.without.map(escaped).join('|')
        return node.without.length === 0 ? '/(?s:.*)/' : `/(?s:.*)/ & ~/(?s:.*)(${markers})(?s:.*)/`
      }
      case 'sequence':
        return node.parts.map((part) => this.part(part)).join(' ')
      case 'choice':
        return `(${node.among.map((one) => this.part(one)).join(' | ')})`
      case 'repeat':
        return `(${this.part(node.node)})${times(node.least, node.most)}`
      default:
        return this.inLexeme(this.plainOf(node))
    }
  }

  /** Texts have lexemes of their own, since what they hold not binds less tightly than a sequence. */
  private part(node: Node): string {
    return node.kind === 'text' || node.kind === 'json' ? this.lexeme(node) : this.inLexeme(node)
  }

  private plainOf(node: Node): Node {
    let plain = this.plain.get(node)
    if (plain === undefined) {
      if (node.kind === 'json') plain = jsonValue(node)
      else if (node.kind === 'free') plain = plainly(node)
      else plain = node.kind === 'rule' ? node.node() : node
      this.plain.set(node, plain)
    }
    return plain
  }

  private fresh(stem: string): string {
    let name = stem
    for (let i = 2; this.lines.has(name); i++) name = `${stem}_${i}`
    return name
  }
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
