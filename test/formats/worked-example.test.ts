import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { type Format, parse, render } from '../../src/index.js'
import { type Case, expected, optionsOf, outcome } from '../support/case.js'

const readme = readFileSync(new URL('../../parsers/README.md', import.meta.url), 'utf8')

/** The first block of a language in the guide. */
function block(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?\n)\`\`\``, 's').exec(readme) ?? []
  if (code === undefined) throw new Error(`parsers/README.md has no block of ${language}`)
  return code
}

// As deep as parsers/, from where its imports are written, but where neither git nor a build finds what a killed run leaves.
const file = new URL('../../reports/worked-example.ts', import.meta.url)
mkdirSync(new URL('.', file), { recursive: true })
writeFileSync(file, block('ts'))
afterAll(() => rmSync(file))

describe('the worked example of parsers/README.md', () => {
  it('reads its own fixture, and what it renders', async () => {
    const { harbour } = (await import(/* @vite-ignore */ file.href)) as { harbour: Format }
    const fixture = JSON.parse(block('json')) as Case
    const options = { ...optionsOf(fixture), format: harbour }
    expect(outcome(parse(fixture.completion, options), fixture)).toEqual(expected(fixture))
    const calls = [{ name: 'tide', arguments: { port: 'Moss' } }]
    expect(parse(render(calls, { format: harbour }), options).toolCalls).toMatchObject(calls)
  })
})
