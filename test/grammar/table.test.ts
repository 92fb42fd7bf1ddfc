import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withGrammars } from '../../scripts/grammar-table.js'

it('the table of grammars in the README is that of the formats (npm run docs:grammars writes it)', () => {
  const readme = readFileSync(new URL('../../src/grammar/README.md', import.meta.url), 'utf8')
  expect(readme).toBe(withGrammars(readme))
})
