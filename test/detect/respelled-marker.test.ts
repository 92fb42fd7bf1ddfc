import { describe, expect, it } from 'vitest'
import { formats, parse } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'

const CALL = { name: 'get_weather', arguments: { city: 'Oslo' } }
const TOOLS = [{ name: 'get_weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }]
/** Special tokens of any format. */
const TOKENS = /<[|｜][^<>|｜]{1,60}[|｜]?>|<[^<>|｜\s]{1,60}[|｜]>|\[[A-Z][A-Z_]{1,40}\]|<\/?｜DSML｜/g

/** Ways in which a server, a tokenizer or the model spells all of them otherwise. */
const WAYS: Record<string, (token: string) => string> = {
  'without their bars': (token) => (token.startsWith('[') ? `<${token.slice(1, -1)}>` : token.replace(/[|｜]/g, '')),
  'in other case': (token) => (token === token.toUpperCase() ? token.toLowerCase() : token.toUpperCase()),
  'with other dashes': (token) => token.replace(/[_▁]/g, '-'),
}

const withTokens = formats().filter((format) => renderOf(format, [CALL], { tools: TOOLS })?.search(TOKENS) !== -1)

describe.each(Object.entries(WAYS))('all special tokens of a call, %s', (_, spell) => {
  it.each(withTokens.map((format) => [format.id, format] as const))('%s: the call, or a word about it', (_, format) => {
    const call = renderOf(format, [CALL], { tools: TOOLS })?.trim() ?? ''
    for (const before of ['', 'So: ', 'So:\n']) {
      const { toolCalls, status } = parse(before + call.replace(TOKENS, spell), { format, tools: TOOLS })
      if (toolCalls.length === 0) expect(status).not.toBe('complete')
      else expect(toolCalls).toMatchObject([CALL])
    }
  })
})

it.each([
  ['kimi-k2', 'Kimi writes <tool_call_begin> before the name (such as get_weather) and then its arguments.'],
  ['kimi-k2', 'So: `<tool_call_begin>functions.get_weather:0<tool_call_argument_begin>{}`.'],
  ['kimi-k2', '<think>Use <tool_call_begin>functions.get_weather:0{}</think>No.'],
  ['kimi-k3', '<open>\n  <get_weather>{x}</get_weather>\n</open>'],
  ['gemma4', 'The tag <tool_call> holds {"name": "get_weather"} in Hermes.'],
])('a sentence about them or code is no loss: %s, %s', (format, text) => {
  expect(parse(text, { format, tools: TOOLS }).status).toBe('complete')
})

/** Formats whose calls stand between tags that are text. */
const withTags = formats().filter((format) => {
  const call = renderOf(format, [CALL], { tools: TOOLS })
  return call !== undefined && call.search(TOKENS) === -1 && /^\s*</.test(call)
})

const TAG_WAYS: Record<string, (tag: string) => string> = {
  'in other case': (tag) => tag.replace(/^<\/?[a-z_:]+/, (word) => word.toUpperCase()),
  'with a blank before the bracket': (tag) => tag.replace(/>$/, ' >'),
  'with a blank behind the bracket': (tag) => tag.replace(/^<\/?/, '$& '),
}

describe.each(Object.entries(TAG_WAYS))('all tags of a call, %s', (_, spell) => {
  it.each(withTags.map((format) => [format.id, format] as const))('%s: the call, or a word about it', (_, format) => {
    const call = renderOf(format, [CALL], { tools: TOOLS })?.trim() ?? ''
    for (const before of ['', 'So:\n']) {
      const text = before + call.replace(/<[^<>]{1,60}>/g, spell)
      const { toolCalls, status } = parse(text, { format, tools: TOOLS })
      if (toolCalls.length === 0) expect(status, text).not.toBe('complete')
      else expect(toolCalls).toMatchObject([CALL])
    }
  })
})

it.each([
  ['hermes', '<TOOL_CALL>'],
  ['qwen3-coder', '<FUNCTION=get_weather>'],
])('a tag of %s in a sentence, or without repairs, is text', (format, tag) => {
  const text = `So: ${tag}\n{"name": "get_weather", "arguments": {"city": 1}`
  expect(parse(text, { format, tools: TOOLS }).status).toBe('complete')
  const call = `<TOOL_CALL>\n<FUNCTION=get_weather>\n<PARAMETER=city>\nOslo\n</PARAMETER>\n</FUNCTION>\n</TOOL_CALL>`
  expect(parse(call, { format: 'qwen3-coder', tools: TOOLS, repair: false }).status).toBe('complete')
})
