import type { Plugin } from 'rollup'
import { parseAst } from 'rollup/parseAst'

type Statement = ReturnType<typeof parseAst>['body'][number]
type Initial = Extract<Statement, { type: 'VariableDeclaration' }>['declarations'][number]['init']
type Expression = NonNullable<Initial>

interface Place {
  readonly start: number
  readonly end: number
}

/**
 * Lets bundlers leave out what nobody uses of a file that holds many modules. They may drop a whole file that is unused
 * (`"sideEffects": false`), but within a file no constant whose value is worked out while it loads: that could do more
 * than give a value. In these sources nothing does, so each such `const X = expression` becomes a call of a function that
 * is marked as pure, and an import that only keeps the order of loading goes: bundlers warn of it.
 * `npm run check -- package` looks whether bundlers then drop everything.
 */
export const droppableCode: Plugin = {
  name: 'droppable-code',
  renderChunk(code) {
    let result = ''
    let end = 0
    for (const statement of parseAst(code).body) {
      for (const { start, end: to, replaced } of editsOf(statement, code)) {
        result += code.slice(end, start) + replaced
        end = to
      }
    }
    return { code: result + code.slice(end), map: null }
  },
}

function editsOf(statement: Statement, code: string): (Place & { replaced: string })[] {
  if (isImportForOrder(statement)) return [{ ...placeOf(statement), replaced: '' }]
  if (statement.type !== 'VariableDeclaration') return []
  const initials = statement.declarations.map(({ init }) => init)
  return initials
    .filter((init): init is Expression => init !== null && init !== undefined && !isPlain(init))
    .map(placeOf)
    .map(({ start, end }) => ({ start, end, replaced: `/* @__PURE__ */ (() => (${code.slice(start, end)}))()` }))
}

function isImportForOrder(statement: Statement): boolean {
  return (
    statement.type === 'ImportDeclaration' &&
    statement.specifiers.length === 0 &&
    String(statement.source.value).startsWith('.')
  )
}

/** Rollup's nodes have their place, which the types of ESTree do not tell. */
function placeOf(node: Statement | Expression): Place {
  const { start, end } = node as unknown as Place
  return { start, end }
}

/** Whether bundlers know by themselves that an expression only gives a value. */
function isPlain(node: Expression): boolean {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return true
    case 'TemplateLiteral':
      return node.expressions.length === 0
    case 'ArrayExpression':
      return node.elements.every((one) => one !== null && one.type !== 'SpreadElement' && isPlain(one))
    case 'ObjectExpression':
      return node.properties.every(
        (one) => one.type === 'Property' && !one.computed && isPlain(one.value as Expression),
      )
    default:
      return false
  }
}
