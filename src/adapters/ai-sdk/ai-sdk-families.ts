/**
 * How families of models are told of their tools where no chat template does it. The markup is what each family was trained
 * on; the words around it are ours. A model's own words are in its chat template: see `ai-sdk-template.ts`.
 */

import { isObject } from '../../tools/is-object.js'
import type { FunctionTool, ToolPrompt, ToolRequest, WriteResult } from './ai-sdk-prompt.js'
import { typeScriptTools } from './ai-sdk-typescript.js'

/** Writes the system text that tells a model of its tools. `example` is a call in the syntax of the format. */
export type DescribeTools = (request: ToolRequest, example: string) => string

interface Family {
  /** Where the tools are told; default: behind the system text. */
  readonly where?: 'behindSystem' | 'beforeFirst' | 'beforeLast'
  readonly tell?: (tools: readonly FunctionTool[], example: string) => string
  readonly writeResult?: WriteResult
}

/** Most families: tools as JSON, one a line, between tags, and results between tags. */
const USUAL: Required<Family> = {
  where: 'behindSystem',
  tell: (tools, example) =>
    inTags(
      tools.map((tool) => JSON.stringify(asOpenAi(tool))),
      example,
    ),
  writeResult: (content, name) => `<tool_response>\n${JSON.stringify({ name, content })}\n</tool_response>`,
}

const DEEPSEEK_V3: Family = {
  tell: (tools, example) => {
    const sections = tools.map(({ name, description = '', inputSchema }) => {
      return `### ${name}\nDescription: ${description}\n\nParameters: ${JSON.stringify(inputSchema)}`
    })
    return `## Tools\nYou can use these tools:\n\n${sections.join('\n\n')}\n\n${howToCall(example)}`
  },
  writeResult: (content) => `<｜tool▁output▁begin｜>${textOf(content)}<｜tool▁output▁end｜>`,
}

/** DeepSeek from V3.2 on: the call is shown first, then the tools as JSON, one a line. */
function deepSeekWith(writeResult: WriteResult): Family {
  return {
    tell: (tools, example) => {
      const lines = tools.map((tool) => JSON.stringify(asOpenAi(tool).function))
      return `## Tools\n\n${howToCall(example)}\n\n### Available Tool Schemas\n\n${lines.join('\n')}`
    },
    writeResult,
  }
}
const DEEPSEEK_V4 = deepSeekWith((content) => `<tool_result>${textOf(content)}</tool_result>`)

/** By the id of the format. */
const FAMILIES: ReadonlyMap<string, Family> = new Map([
  ['qwen3-coder', { tell: (tools, example) => inTags(tools.map(asXml), example) }],
  [
    'llama3',
    {
      where: 'beforeFirst',
      tell: (tools, example) => {
        const list = tools.map((tool) => JSON.stringify(asOpenAi(tool), null, 4))
        return `You can call functions. ${howToCall(example)}\n\n${list.join('\n\n')}\n\n`
      },
      writeResult: (content) => JSON.stringify(content),
    },
  ],
  [
    'mistral',
    {
      where: 'beforeLast',
      tell: (tools) => `[AVAILABLE_TOOLS]${JSON.stringify(tools.map(asOpenAi))}[/AVAILABLE_TOOLS]`,
      writeResult: (content) => `[TOOL_RESULTS]${JSON.stringify({ content })}[/TOOL_RESULTS]`,
    },
  ],
  ['deepseek-v3', DEEPSEEK_V3],
  ['deepseek-v3.1', DEEPSEEK_V3],
  [
    'deepseek-v3.2',
    deepSeekWith((content) => `<function_results>\n<result>${textOf(content)}</result>\n</function_results>`),
  ],
  ['deepseek-v4', DEEPSEEK_V4],
  ['deepseek-v4.1', DEEPSEEK_V4],
  ['harmony', { tell: (tools, example) => `# Tools\n\n${typeScriptTools(tools)}\n\n${howToCall(example)}` }],
] satisfies [string, Family][])

/** A prompt that tells of nothing. */
export const NOTHING_TOLD = { beforeSystem: '', behindSystem: '', beforeFirst: '', beforeLast: '', system: '' } as const

/**
 * The words of a format's family for its tools.
 *
 * @param format the id of the format
 * @param example a call in its syntax
 * @example familyPrompt('mistral', tools, '…').beforeLast // [AVAILABLE_TOOLS][…][/AVAILABLE_TOOLS]
 */
export function familyPrompt(format: string, tools: readonly FunctionTool[], example: string): ToolPrompt {
  const { where, tell }: Required<Family> = { ...USUAL, ...FAMILIES.get(format) }
  const text = tell(tools, example)
  const told = { [where]: where === 'behindSystem' ? `\n\n${text}` : text }
  return { ...NOTHING_TOLD, ...told, writeResult: resultWriter(format) }
}

/** How a format's family writes what a tool gave. */
export function resultWriter(format: string): WriteResult {
  return FAMILIES.get(format)?.writeResult ?? USUAL.writeResult
}

/** The same, with the demand of a request that wants a call. */
export function withDemand(told: ToolPrompt, choice: ToolRequest['toolChoice']): ToolPrompt {
  if (choice === 'auto' || choice === 'none') return told
  const what = choice === 'required' ? 'at least one function' : `the function ${choice.name}`
  return { ...told, behindSystem: `${told.behindSystem}\n\nYou must call ${what}.` }
}

/** A tool in the shape that chat templates know. */
export function asOpenAi({ name, description, inputSchema }: FunctionTool) {
  const about = description === undefined ? {} : { description }
  return { type: 'function', function: { name, ...about, parameters: inputSchema } }
}

function inTags(tools: readonly string[], example: string): string {
  return `# Tools

You may call functions. These are the functions:
<tools>
${tools.join('\n')}
</tools>

${howToCall(example)}`
}

function howToCall(example: string): string {
  return `To call a function, write its name and its arguments exactly in this form:\n${example.trim()}`
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : (JSON.stringify(content) ?? '')
}

/** `<name>…</name>`; what is no text stands as JSON. */
function element(name: string, content: unknown): string {
  return `<${name}>${textOf(content)}</${name}>`
}

function asXml({ name, description, inputSchema }: FunctionTool): string {
  const { type: _, properties, ...others } = isObject(inputSchema) ? inputSchema : {}
  const members = Object.entries(isObject(properties) ? properties : {}).map(([key, schema]) => {
    const { type, description, ...more } = isObject(schema) ? schema : {}
    return element('parameter', `\n${elements({ name: key, type, description, ...more })}\n`)
  })
  const parameters = [...members, elements(others)].filter((part) => part !== '').join('\n')
  const about = elements({ name, description, parameters: `\n${parameters}\n` })
  return element('function', `\n${about}\n`)
}

function elements(content: Record<string, unknown>): string {
  return Object.entries(content)
    .flatMap(([name, one]) => (one === undefined ? [] : [element(name, one)]))
    .join('\n')
}
