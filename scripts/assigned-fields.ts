import type { Plugin } from 'rollup'
import { parseAst } from 'rollup/parseAst'

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/**
 * Takes out the declarations of fields that the constructor assigns first of all: of `constructor(private readonly cursor)`
 * esbuild makes a field without a value, and an assignment. Fields that are assigned later stay declared, so that the objects of a
 * class have one shape.
 */
export const assignedFields: Plugin = {
  name: 'assigned-fields',
  transform(code) {
    let result = ''
    let end = 0
    for (const { start, end: to } of declarationsIn(parseAst(code) as unknown as Node)) {
      result += code.slice(end, start)
      end = to
    }
    return { code: result + code.slice(end), map: null }
  },
}

function declarationsIn(node: Node): Node[] {
  if (node.type === 'ClassBody') {
    const members = node.body as Node[]
    const names = assignedBy(members.find(({ kind }) => kind === 'constructor'))
    return members.flatMap((member) =>
      member.type === 'PropertyDefinition' && !member.static && member.value === null && names.has(nameOf(member.key))
        ? member
        : declarationsIn(member),
    )
  }
  return Object.values(node).flat().filter(isNode).flatMap(declarationsIn)
}

/** The fields that a constructor assigns its parameters to, before it does anything else: `this.cursor = cursor`. */
function assignedBy(made: Node | undefined): Set<string> {
  const names = new Set<string>()
  const { body } = ((made?.value as Node | undefined)?.body ?? { body: [] }) as { body: Node[] }
  for (const { expression } of body) {
    const { type, left, right, callee } = (expression ?? {}) as Node & { left?: Node; right?: Node; callee?: Node }
    if (callee?.type === 'Super') continue
    const name = nameOf(left?.property)
    const isOwn = type === 'AssignmentExpression' && (left?.object as Node | undefined)?.type === 'ThisExpression'
    if (!isOwn || name === '' || nameOf(right) !== name) break
    names.add(name)
  }
  return names
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

function nameOf(node: unknown): string {
  return isNode(node) && node.type === 'Identifier' ? String(node.name) : ''
}
