import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'

/** A regular expression as it stands in a source file. */
export interface SourcePattern {
  file: string
  /** Its text, with slashes and flags; for `new RegExp(…)` the whole expression. */
  pattern: string
}

/** The TypeScript files of a folder and its folders, with `/` between them. */
export function sourcesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.ts')).map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
}

/** Patterns of formats that model names are matched against. */
const MODEL_NAMES = ['modelPatterns', 'thinkingModels']

/** The regular expressions of a file, but for those that are matched against the names of models. */
export function patternsOf(file: string): SourcePattern[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true)
  const found: SourcePattern[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && MODEL_NAMES.includes(node.name.getText())) return
    const made = ts.isNewExpression(node) || ts.isCallExpression(node) ? node.expression.getText() === 'RegExp' : false
    if (made || ts.isRegularExpressionLiteral(node)) found.push({ file, pattern: node.getText() })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Can it match without a bound: `*`, `+` or `{n,}` outside a class, or a pattern that is put together at run time? */
export function isUnbounded(pattern: string): boolean {
  if (!pattern.startsWith('/')) return true
  let inClass = false
  for (let i = 1; i < pattern.length; i++) {
    const c = pattern[i]
    if (c === '\\') i++
    else if (inClass) inClass = c !== ']'
    else if (c === '[') inClass = true
    else if (c === '*' || c === '+') return true
    else if (c === '{' && /^\{\d+,\}/.test(pattern.slice(i))) return true
  }
  return false
}
