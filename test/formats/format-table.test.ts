import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withTable } from '../../scripts/format-table.js'

it('the table of formats in the README is that of the formats (npm run docs:formats writes it)', () => {
  const readme = readFileSync(new URL('../../parsers/README.md', import.meta.url), 'utf8')
  expect(readme).toBe(withTable(readme))
})
