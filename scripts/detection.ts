/**
 * Tells in how many fixtures of all formats `detect` names the right format first: its own, or one that reads the text alike.
 *
 *     npm run detection             the figure, and those formats of which a fixture is named wrong
 *     npm run detection -- --list   with each of these fixtures, and what it is taken for
 */
import { namedFixtures, rightOf } from '../test/detect/named.js'

const named = namedFixtures(new URL('../fixtures/', import.meta.url))
const count = (verdict: string) => named.filter((one) => one.verdict === verdict).length
const share = ((100 * rightOf(named)) / named.length).toFixed(1)
console.log(`${rightOf(named)} of ${named.length} fixtures are named right: ${share} of 100`)
console.log(
  `  by its own format ${count('own')}, by one that reads it alike ${count('alike')}, no call ${count('no call')}`,
)

const wrong = named.filter(({ verdict }) => verdict === 'wrong')
for (const format of new Set(wrong.map(({ format }) => format))) {
  const own = wrong.filter((one) => one.format === format)
  console.log(`  ${format}: ${own.length} wrong`)
  if (process.argv.includes('--list')) for (const { id, found } of own) console.log(`    ${id}: ${found ?? 'nothing'}`)
}
