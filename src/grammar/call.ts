import type { Format } from '../engine/format.js'
import type { JsonSchema, Tool } from '../tools/tools-input.js'
import type { CallWire } from './call-wire.js'
import { JSON_SPELLING } from './json-spelling.js'
import { literal, type Node, sequence } from './node.js'
import { NAMES, writer } from './probe.js'
import { GrammarError } from './problem.js'
import { SchemaGrammar } from './schema-node.js'
import type { ObjectSpelling } from './spelling.js'
import { objectSpelling } from './wire-spelling.js'

/**
 * The grammar of a call of a tool, from its name on.
 * @throws GrammarError if the format cannot write the name, or the keys of its arguments
 */
export function callGrammar(format: Format, wire: CallWire, tool: Tool, loosened: Set<string>): Node {
  const { name } = tool
  checkName(format, wire, name)
  const own = new Set<string>()
  const root = objectSchema(tool.parameters)
  const grammar = new SchemaGrammar(root, own)
  const node = sequence(literal(name), argumentsOf(wire, name, root, grammar))
  for (const what of own) loosened.add(`${name}${what}`)
  return node
}

function argumentsOf(wire: CallWire, name: string, root: JsonSchema, grammar: SchemaGrammar): Node {
  if (wire.arguments === 'json') {
    // Made for what it finds that is loosened.
    grammar.value(root, JSON_SPELLING)
    return sequence(wire.open(name), { kind: 'json', schema: root, root })
  }
  const { none, end } = wire.arguments
  const spelling: ObjectSpelling = {
    ...objectSpelling(wire.arguments),
    open: wire.open(name),
    close: literal(end.replaceAll(NAMES[0], name)),
    empty: none(name),
  }
  return grammar.arguments(root, spelling)
}

/** The schema of arguments, which are an object whatever it says. */
function objectSchema(parameters: JsonSchema | undefined): JsonSchema {
  return typeof parameters === 'object' ? parameters : { type: 'object' }
}

/** A name may be one that the format has no words for, or spells in its own way. */
function checkName(format: Format, wire: CallWire, name: string): void {
  const text = writer(format)({ calls: [{ name, arguments: {} }] })
  if (!text.startsWith(`${wire.texts.begin.replaceAll(NAMES[0], name)}${name}`))
    throw new GrammarError(`${format.id}: the name ${JSON.stringify(name)} is written in a special way`)
}
