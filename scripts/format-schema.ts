// Writes the JSON Schema of files that describe a format (`npm run docs:schema`) from their types, with what the types'
// comments say. One source: what TypeScript takes, a file may hold.
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

const TYPES = ['src/described/format-description.ts', 'src/engine/format.ts']
const SCHEMA = 'src/described/format.schema.json'

type Schema = Record<string, unknown>

/** The schema of a `FormatDescription`, with one definition for each type that it names. */
export function formatSchema(): Schema {
  const declared = new Map(TYPES.flatMap(declarationsIn))
  const $defs: Record<string, Schema> = {}

  function refer(name: string): Schema {
    const declaration = declared.get(name)
    if (declaration === undefined) throw new Error(`format-schema: ${name} is declared in none of ${TYPES.join(', ')}`)
    if (!(name in $defs)) {
      // Before its members, which may name it too.
      $defs[name] = {}
      const about = docOf(declaration)
      const body = ts.isInterfaceDeclaration(declaration)
        ? objectOf(membersOf(declaration))
        : schemaOf(declaration.type)
      $defs[name] = { ...(about === '' ? {} : { description: about }), ...body }
    }
    return { $ref: `#/$defs/${name}` }
  }

  /** Its own, behind those of what it extends. */
  function membersOf({ heritageClauses, members }: ts.InterfaceDeclaration): ts.TypeElement[] {
    const parents = (heritageClauses ?? []).flatMap(({ types }) => types.map((type) => declared.get(type.getText())))
    return [...parents.flatMap((one) => membersOf(one as ts.InterfaceDeclaration)), ...members]
  }

  function objectOf(members: readonly ts.TypeElement[]): Schema {
    const properties = members.filter(ts.isPropertySignature)
    return {
      type: 'object',
      properties: Object.fromEntries(
        properties.map((member) => {
          const about = docOf(member)
          const schema = schemaOf(member.type as ts.TypeNode)
          return [keyOf(member), about === '' ? schema : { description: about, ...schema }]
        }),
      ),
      required: properties.filter(({ questionToken }) => questionToken === undefined).map(keyOf),
      additionalProperties: false,
    }
  }

  function schemaOf(type: ts.TypeNode): Schema {
    if (ts.isTypeOperatorNode(type)) return schemaOf(type.type)
    if (ts.isArrayTypeNode(type)) return { type: 'array', items: schemaOf(type.elementType) }
    if (ts.isTypeLiteralNode(type)) return objectOf(type.members)
    if (ts.isLiteralTypeNode(type)) return { const: literalOf(type) }
    if (ts.isUnionTypeNode(type)) return unionOf(type)
    if (type.kind === ts.SyntaxKind.StringKeyword) return { type: 'string' }
    if (type.kind === ts.SyntaxKind.NumberKeyword) return { type: 'number' }
    if (type.kind === ts.SyntaxKind.BooleanKeyword) return { type: 'boolean' }
    if (!ts.isTypeReferenceNode(type)) throw new Error(`format-schema: what is ${type.getText()}?`)
    const [first, second] = type.typeArguments ?? []
    const name = type.typeName.getText()
    if (name === 'Text') return { type: 'string', minLength: 1 }
    if (name === 'Some') return { type: 'array', minItems: 1, items: schemaOf(first as ts.TypeNode) }
    if (name === 'Readonly') return schemaOf(first as ts.TypeNode)
    if (name === 'Record') return { type: 'object', additionalProperties: schemaOf(second as ts.TypeNode) }
    return refer(name)
  }

  /** Words, or objects of which `family` says which one it is. */
  function unionOf({ types }: ts.UnionTypeNode): Schema {
    const words = types.filter(ts.isLiteralTypeNode).map(literalOf)
    const others = types.filter((type) => !ts.isLiteralTypeNode(type))
    if (others.length === 0) return { enum: words }
    if (words.length > 0) {
      const named = others.map((type) => declared.get(type.getText()))
      const all = named.flatMap((one) =>
        one !== undefined && ts.isTypeAliasDeclaration(one) ? (unionWords(one.type) ?? []) : [],
      )
      return { enum: [...all, ...words] }
    }
    const branches = others.map((type) => {
      const name = type.getText()
      const branch = declared.get(name) as ts.InterfaceDeclaration
      const family = branch.members.filter(ts.isPropertySignature).find((member) => keyOf(member) === 'family')
      return { family: literalOf(family?.type as ts.LiteralTypeNode), ref: refer(name) }
    })
    return {
      type: 'object',
      properties: { family: { enum: branches.map(({ family }) => family) } },
      required: ['family'],
      // Not `oneOf`: so that an error names the field of the grammar that was meant.
      allOf: branches.map(({ family, ref }) => ({
        if: { properties: { family: { const: family } }, required: ['family'] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: ref,
      })),
    }
  }

  const root = refer('FormatDescription')
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A format of callsift',
    ...root,
    $defs,
  }
}

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration

function declarationsIn(file: string): [string, Declaration][] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true)
  return source.statements.flatMap((statement): [string, Declaration][] =>
    ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
      ? [[statement.name.text, statement]]
      : [],
  )
}

function keyOf(member: ts.PropertySignature): string {
  return (member.name as ts.Identifier).text
}

function literalOf({ literal }: ts.LiteralTypeNode): string | number | boolean {
  if (ts.isStringLiteral(literal)) return literal.text
  if (ts.isNumericLiteral(literal)) return Number(literal.text)
  return literal.kind === ts.SyntaxKind.TrueKeyword
}

function unionWords(type: ts.TypeNode): unknown[] | undefined {
  return ts.isUnionTypeNode(type) ? type.types.filter(ts.isLiteralTypeNode).map(literalOf) : undefined
}

/** The comment of a declaration as one text, without its example. */
function docOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  return (ts.getTextOfJSDocComment(comment?.comment) ?? '').replace(/\s{0,80}\n\s{0,80}/g, ' ').trim()
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(SCHEMA, `${JSON.stringify(formatSchema(), null, 2)}\n`)
