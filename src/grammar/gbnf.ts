import { statesWithout } from './automaton.js'
import { type Node, plainly } from './node.js'
import { inSet, times } from './regular.js'
import { jsonValue } from './schema-node.js'

/** The grammar in GBNF, as llama.cpp takes it: `root ::= …` */
export function gbnfOf(grammar: Node): string {
  return new Printer().print(grammar)
}

/** How tightly a node's text must hold together: a part of a choice, of a sequence, or something that is repeated. */
type Bond = 'choice' | 'sequence' | 'unit'

class Printer {
  private readonly rules = new Map<string, string>()
  private readonly names = new Map<Node, string>()
  private readonly uses = new Map<Node, number>()
  private readonly texts = new Map<string, string>()

  print(grammar: Node): string {
    this.count(grammar)
    this.rules.set('root', '')
    this.rules.set('root', this.body(grammar, 'choice'))
    return [...this.rules].map(([name, body]) => `${name} ::= ${body}\n`).join('')
  }

  private count(node: Node): void {
    const uses = (this.uses.get(node) ?? 0) + 1
    this.uses.set(node, uses)
    if (uses > 1) return
    if (node.kind === 'sequence') for (const part of node.parts) this.count(part)
    if (node.kind === 'choice') for (const one of node.among) this.count(one)
    if (node.kind === 'repeat') this.count(node.node)
    if (node.kind === 'free') this.count(node.block)
  }

  /** A node where it stands: by its name, if it has one. */
  private text(node: Node, bond: Bond): string {
    const isNamed = node.kind === 'rule' || node.kind === 'json' || node.kind === 'free'
    const isShared =
      (this.uses.get(node) ?? 0) > 1 && node.kind !== 'literal' && node.kind !== 'characters' && node.kind !== 'text'
    return isNamed || isShared ? this.named(node) : this.body(node, bond)
  }

  private named(node: Node): string {
    const known = this.names.get(node)
    if (known !== undefined) return known
    const stem =
      node.kind === 'rule' ? node.name : node.kind === 'json' ? 'arguments' : node.kind === 'free' ? 'free' : 'part'
    const name = this.fresh(stem)
    this.names.set(node, name)
    this.rules.set(name, '')
    this.rules.set(name, this.body(node, 'choice'))
    return name
  }

  private fresh(stem: string): string {
    let name = stem
    for (let i = 2; this.rules.has(name); i++) name = `${stem}-${i}`
    return name
  }

  private body(node: Node, bond: Bond): string {
    switch (node.kind) {
      case 'literal':
        return quoted(node.text)
      case 'characters':
        return held(
          `[${node.of}]${times(node.least, node.most)}`,
          bond === 'unit' && !(node.least === 1 && node.most === 1),
        )
      case 'text':
        return this.textRule(node.without)
      case 'sequence':
        return held(node.parts.map((part) => this.text(part, 'sequence')).join(' ') || '""', bond === 'unit')
      case 'choice':
        return held(node.among.map((one) => this.text(one, 'choice')).join(' | '), bond !== 'choice')
      case 'repeat':
        return this.text(node.node, 'unit') + times(node.least, node.most)
      case 'free':
        return this.body(plainly(node), bond)
      case 'json':
        return this.inside(jsonValue(node), bond)
      default:
        return this.inside(node.node(), bond)
    }
  }

  /** What a node stands for is met here first, so it is counted now. */
  private inside(node: Node, bond: Bond): string {
    this.count(node)
    return this.body(node, bond)
  }

  private textRule(without: readonly string[]): string {
    const key = JSON.stringify(without)
    const known = this.texts.get(key)
    if (known !== undefined) return known
    const states = statesWithout(without)
    const name = this.fresh('text')
    const names = states.map((_, i) => (i === 0 ? name : `${name}-at-${i}`))
    this.texts.set(key, name)
    for (const [i, { next }] of states.entries()) {
      const others = [...next.keys()].map(inSet).join('')
      const ways = [`[^${others === '' ? '\\x00' : others}] ${name}`]
      for (const [character, state] of next) if (state !== undefined) ways.push(`${quoted(character)} ${names[state]}`)
      this.rules.set(names[i] as string, `(${ways.join(' | ')})?`)
    }
    return name
  }
}

function held(text: string, isGroup: boolean): string {
  return isGroup ? `(${text})` : text
}

function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
  return `"${escaped}"`
}
