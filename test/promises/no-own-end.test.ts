import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { getFormat, parse } from '../../src/index.js'
import { exemptionOf, exemptionTable, NO_OWN_END } from './no-own-end.js'

it('SECURITY.md lists the calls that more text may change, as the promise on prefixes exempts them', () => {
  expect(readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8')).toContain(exemptionTable())
})

it.each(NO_OWN_END.map((one) => [one.what, one] as const))('an exemption is needed: %s', (_, exemption) => {
  const { format, text, more } = exemption.example
  const options = { format, tools: { f: true, brave_search: true } }
  const [call] = parse(text, options).toolCalls
  expect(call).toBeDefined()
  if (call === undefined) return
  expect(exemptionOf(call, getFormat(format), text)).toBe(exemption)
  const [same] = parse(text + more, options).toolCalls
  expect(same && [same.name, same.argumentsText]).not.toEqual([call.name, call.argumentsText])
})
