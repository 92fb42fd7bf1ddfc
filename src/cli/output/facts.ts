import { columnsOf, wrap } from './screen-text.js'

/** A line of a table of facts: a title, and what it says. Facts that say nothing are left out. */
export type Fact = readonly [title: string, text: string]

/**
 * Facts side by side with their titles, in so many columns, each line indented by two.
 * @example facts([['models', 'Hermes 2 Pro, 3, 4']], 80) // ['  models  Hermes 2 Pro, 3, 4']
 */
export function factLines(facts: readonly Fact[], columns: number): string[] {
  const told = facts.filter(([, text]) => text !== '')
  const width = Math.max(0, ...told.map(([title]) => columnsOf(title)))
  return told.flatMap(([title, text]) =>
    wrap(text, columns - width - 4).map((line, i) => `  ${(i === 0 ? title : '').padEnd(width)}  ${line}`),
  )
}
