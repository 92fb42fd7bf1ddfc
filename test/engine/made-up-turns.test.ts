import { describe, expect, it } from 'vitest'
import { collect, createParser, formats, type ParserOptions, parse } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'
import { run } from '../support/run.js'
import { shareOf } from '../support/runs.js'

// A tool's result that a model repeats or makes up, and turns of others that it makes up: calls in them are not its own.

const CALL = { name: 'delete_all', arguments: { scope: 'tmp' } }
const TOOLS = [{ name: 'delete_all', inputSchema: { type: 'object', properties: { scope: { type: 'string' } } } }]

/** What stands around a call that is quoted, up to what ends it. */
const TURNS: Record<string, readonly [before: string, behind: string]> = {
  'a result': ['<function_result>\n', '\n</function_result>\n'],
  'a result in capitals': ['<TOOL_RESPONSE>\n', '\n</TOOL_RESPONSE>\n'],
  'a result with an attribute': ['<tool_result name="x">\n', '\n</tool_result>\n'],
  "Hunyuan's results": ['<tool_responses:opensource>\n', '\n</tool_responses:opensource>\n'],
  "FunctionGemma's result": ['<start_function_response>\n', '\n<end_function_response>\n'],
  "LM Studio's result": ['[TOOL_RESULT]\n', '\n[END_TOOL_RESULT]\n'],
  "Gemma's result": ['<|tool_response>\n', '\n<tool_response|>\n'],
  'a turn of a tool': ['<|im_start|>tool\n', '<|im_end|>\n'],
  'a turn of the user': ['<|im_start|>user\nDo it:\n', '\n<|im_start|>assistant\n'],
  'a turn of the user, in the tokens of Llama': [
    '<|start_header_id|>user<|end_header_id|>\n\n',
    '\n<|start_header_id|>assistant<|end_header_id|>\n\n',
  ],
  'a turn of a tool, in the tokens of Llama': ['<|start_header_id|>ipython<|end_header_id|>\n\n', '<|eot_id|>\n'],
  'a turn of the user, in the tokens of Gemma': ['<start_of_turn>user\n', '<end_of_turn>\n<start_of_turn>model\n'],
  'a turn of the user behind the end of its own': [
    'Done.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n',
    '<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
  ],
  'a turn of the user, in the tokens of Llama 4': [
    '<|header_start|>user<|header_end|>\n\n',
    '<|eot|><|header_start|>assistant<|header_end|>\n\n',
  ],
  'a turn of the user, in the tokens of Granite': [
    '<|start_of_role|>user<|end_of_role|>',
    '<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>',
  ],
  'a turn of the user, in the tokens of DeepSeek': ['<｜User｜>', '<｜Assistant｜>'],
  'a turn of the user, in the tokens of Phi': ['<|user|>\n', '<|end|>\n<|assistant|>\n'],
  'a turn of the user, in the tokens of Mistral': ['[INST] ', '[/INST]'],
  'a turn of the environment': ['<|im_start|>environment\n', '<|im_end|>\n'],
  'a turn of a tool, in the tokens of Kimi': ['<|im_system|>tool<|im_middle|>', '<|im_end|>'],
  'a turn of a tool, in the tokens of Gemma': ['<start_of_turn>tool\n', '<end_of_turn>\n<start_of_turn>model\n'],
  'a turn of a tool, in the tokens of Granite': [
    '<|start_of_role|>tool_response<|end_of_role|>',
    '<|start_of_role|>assistant<|end_of_role|>',
  ],
  'a turn of a tool, in the tokens of GLM': ['<|observation|>\n', '<|assistant|>\n'],
  'a turn of a tool, in the tokens of Cohere': [
    '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><results>\n',
    '\n</results><|END_OF_TURN_TOKEN|>',
  ],
  'a turn of a tool, in the tokens of Jamba': ['<|bom|><|tool|> ', '<|eom|><|bom|><|assistant|>'],
  'a turn of a tool, in the tokens of Step': ['<|BOT|>tool\n', '<|EOT|><|BOT|>assistant\n'],
  'a turn of a tool, in the tokens of Seed-OSS': ['<seed:bos>tool\n', '<seed:eos><seed:bos>assistant\n'],
  'a turn of a tool, in the tokens of Ling': ['<role>OBSERVATION</role>\n', '<|role_end|><role>ASSISTANT</role>'],
  'a turn of a tool, in the tokens of EXAONE': ['[|tool|]\n', '[|endofturn|]\n[|assistant|]'],
  'a turn of the user, in the tokens of Gemma 4': ['<|turn>user\n', '<turn|>\n<|turn>model\n'],
}

const TEXTS = formats().flatMap((format) => {
  const call = renderOf(format, [CALL], { tools: TOOLS })?.trim() ?? ''
  return call === '' ? [] : [[format.id, format, call] as const]
})

function read(text: string, options: ParserOptions) {
  const whole = parse(text, options)
  expect(collect(run(createParser, options, [...text]))).toEqual(whole)
  return whole
}

it('nearly all formats render the call', () => expect(TEXTS.length).toBeGreaterThan(65))

describe.each(shareOf(TEXTS))('%s', (_, format, call) => {
  it.each(Object.entries(TURNS))('reads no call in %s', (_turn, [before, behind]) => {
    for (const one of [format, 'auto' as const]) {
      const { toolCalls, incomplete } = read(`${before}${call}${behind}I ignore it.`, { format: one, tools: TOOLS })
      expect([...toolCalls, ...incomplete]).toEqual([])
    }
  })

  it.each(Object.entries(TURNS))('reads no complete call in %s that does not end', (_turn, [before]) => {
    expect(read(`${before}${call}`, { format, tools: TOOLS }).toolCalls).toEqual([])
  })
})

describe('hermes', () => {
  const call = '<tool_call>\n{"name": "delete_all", "arguments": {"scope": "tmp"}}\n</tool_call>'

  it('reads a call in its own turn behind one of the user', () => {
    const text = `<|im_start|>user\n${call}\n<|im_start|>assistant\n${call}`
    const { toolCalls, notes } = read(text, { format: 'hermes', tools: TOOLS })
    expect(toolCalls).toMatchObject([CALL])
    expect(notes.map(({ code }) => code)).toContain('quoted-call')
  })

  it('tells why a call is not complete in a turn that does not end', () => {
    const { incomplete, notes } = read(`<|im_start|>user\nrun it\n${call}`, { format: 'hermes', tools: TOOLS })
    expect(incomplete).toMatchObject([{ name: 'delete_all', status: 'malformed' }])
    expect(notes.at(-1)?.message).toContain('<|im_start|>user before it never closes')
  })

  it('reads a call behind such a token in the middle of a line', () => {
    const { toolCalls } = read(`ChatML writes <|im_start|>user there.\n${call}`, { format: 'hermes', tools: TOOLS })
    expect(toolCalls).toMatchObject([CALL])
  })
})

it('harmony reads no call in a result right behind the end of a message', () => {
  const own = '<|channel|>commentary to=functions.delete_all <|constrain|>json<|message|>{"scope": "a"}<|call|>'
  for (const gap of ['', '\n'])
    for (const space of ['', '\n']) {
      const text = `${own}${gap}<tool_response>${space}${own}${space}</tool_response>`
      const { toolCalls, notes } = read(text, { format: 'harmony', tools: TOOLS })
      expect(toolCalls).toMatchObject([{ arguments: { scope: 'a' } }])
      expect(notes.map(({ code }) => code)).toEqual(['quoted-call'])
    }
})

describe('react', () => {
  const action = 'Action: delete_all\nAction Input: {"scope": "tmp"}'

  it.each(['Observation:\n', 'Observation: done\nThought: more\n'])('completes no call behind a made-up %j', (made) => {
    for (const format of ['react', 'auto'] as const) {
      const { toolCalls, incomplete, status, notes } = read(`${action}\n${made}${action}`, { format, tools: TOOLS })
      expect({ toolCalls, incomplete, status }).toMatchObject({
        toolCalls: [CALL],
        incomplete: [{ name: 'delete_all', status: 'malformed' }],
        status: 'malformed',
      })
      expect(notes.at(-1)?.message).toContain('it follows a result that the model made up (Observation:)')
    }
  })

  it.each([
    ['before all calls', `Observation: done\n${action}`],
    ['in the middle of a line', `${action}\nThe Observation: none.\n${action}`],
  ])('reads calls behind the word %s', (_, text) => {
    const { toolCalls, status } = read(text, { format: 'react', tools: TOOLS })
    expect(status).toBe('complete')
    expect(toolCalls.at(-1)).toMatchObject(CALL)
  })
})
