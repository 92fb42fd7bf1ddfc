import { readFile } from 'node:fs/promises'
import { isObject } from '../../tools/is-object.js'
import { UsageError } from '../verb.js'
import { parseObject } from './fields.js'
import { readGguf } from './gguf.js'
import { checkFile, decode } from './read-input.js'

/** A chat template and, where the file tells it, the model's name. */
export interface TemplateSource {
  template: string
  name?: string | undefined
  /** Special tokens that the template is given by name: `bos_token`, `eos_token`. */
  tokens?: Readonly<Record<string, string>> | undefined
}

/**
 * The chat template that a file holds: a GGUF file, a tokenizer_config.json or chat_template.json (the one for tools, where
 * there are several), or the template itself.
 * @throws UsageError for a file that cannot be read or holds none
 */
export async function readTemplate(file: string): Promise<TemplateSource> {
  await checkFile(file)
  if (file.toLowerCase().endsWith('.gguf')) {
    const { template, name } = await readGguf(file)
    if (template === undefined) throw new UsageError(`${file} holds no chat template; match by its name instead`)
    return { template, name }
  }
  const text = decode(file, await readFile(file))
  const config = parseObject(text)
  if (config === undefined) return { template: text }
  const template = templateOf(config.chat_template)
  if (template === undefined) {
    throw new UsageError(
      `${file} holds no chat_template; newer models keep it in a file of its own, chat_template.jinja`,
    )
  }
  const name = config.name_or_path ?? config._name_or_path
  return { template, name: typeof name === 'string' ? name : undefined, tokens: tokensOf(config) }
}

/** Tokens stand in a config as they are, or as `{"content": …}`. */
function tokensOf(config: Record<string, unknown>): Record<string, string> {
  const tokens: Record<string, string> = {}
  for (const [key, value] of Object.entries(config)) {
    const text = isObject(value) ? value.content : value
    if (key.endsWith('_token') && typeof text === 'string') tokens[key] = text
  }
  return tokens
}

function templateOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  const named = value.filter((entry) => typeof entry?.template === 'string')
  return (named.find((entry) => entry.name === 'tool_use') ?? named[0])?.template
}
