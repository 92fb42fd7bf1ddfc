/** What the middleware reads of a request, and changes in it. */

import { KEEP_TEXT, refusesToolChoice } from '../message/raw-text.js'
import type { FunctionTool, PromptMessage, ToolRequest } from './ai-sdk-prompt.js'

/** What the middleware reads of a call's options. */
export interface CallOptionsShape {
  prompt: readonly PromptMessage[]
  tools?: readonly { type: string; name: string }[] | undefined
  toolChoice?: { type: string; toolName?: string } | undefined
  responseFormat?: { type: string } | undefined
  providerOptions?: { readonly [provider: string]: { readonly [option: string]: unknown } | undefined } | undefined
}

/** What the middleware reads of a model. */
export interface ModelShape {
  readonly provider?: string
  readonly modelId?: string
}

/** The tools of a request, and which of them it wants called. */
export function toolRequest({ tools = [], toolChoice }: CallOptionsShape): ToolRequest {
  const functions = tools.filter((tool): tool is FunctionTool => tool.type === 'function' && 'inputSchema' in tool)
  return { tools: functions, toolChoice: choiceOf(toolChoice) }
}

function choiceOf(choice: CallOptionsShape['toolChoice']): ToolRequest['toolChoice'] {
  if (choice?.type === 'none' || choice?.type === 'required') return choice.type
  return choice?.type === 'tool' && choice.toolName !== undefined ? { name: choice.toolName } : 'auto'
}

/** Whether the request asks its provider for one call at a time, in the words of OpenAI's or Anthropic's. */
export function wantsOneCall({ providerOptions = {} }: CallOptionsShape): boolean {
  return Object.values(providerOptions).some(
    (options) => options?.parallelToolCalls === false || options?.disableParallelToolUse === true,
  )
}

/**
 * The request with more fields in its body, by way of the provider's own options: `createOpenAICompatible` writes those that
 * it does not know into the body, other providers leave them out. What the request says itself stays.
 *
 * @example withFields({ prompt }, { provider: 'vllm.chat' }).providerOptions // { vllm: { skip_special_tokens: false, … } }
 */
export function withFields<P extends CallOptionsShape>(
  params: P,
  model: ModelShape | undefined,
  fields: Readonly<Record<string, unknown>> = KEEP_TEXT,
): P {
  const own = model?.provider?.split('.')[0]?.trim()
  if (!own || Object.keys(fields).length === 0) return params
  // The provider knows itself in camel case as well, and warns of the other spelling.
  const name = own.replace(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const options = params.providerOptions
  return { ...params, providerOptions: { ...options, [name]: { ...fields, ...options?.[own], ...options?.[name] } } }
}

/** Whether an error of a provider tells that its server refuses tool choices for lack of a parser. */
export function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('statusCode' in error) || !('responseBody' in error))
    return false
  return refusesToolChoice(Number(error.statusCode), String(error.responseBody))
}

/**
 * The JSON that a demanded call has to be, as a schema for the model's whole answer: `{"name": …, "arguments": {…}}`.
 * Undefined where the request demands none or sets a form itself, where the model does not say that it takes schemas, and for
 * tools whose schemas refer to their own parts, which would not be found there.
 */
export function demandedForm(
  { tools, toolChoice }: ToolRequest,
  params: CallOptionsShape,
  model: ModelShape | undefined,
): object | undefined {
  const takesSchemas =
    model !== undefined && 'supportsStructuredOutputs' in model && model.supportsStructuredOutputs === true
  if (toolChoice === 'auto' || toolChoice === 'none' || !takesSchemas) return undefined
  if (params.responseFormat !== undefined && params.responseFormat.type !== 'text') return undefined
  const wanted = toolChoice === 'required' ? tools : tools.filter(({ name }) => name === toolChoice.name)
  const forms = wanted.map(({ name, inputSchema }) => ({
    type: 'object',
    properties: { name: { type: 'string', enum: [name] }, arguments: inputSchema },
    required: ['name', 'arguments'],
    additionalProperties: false,
  }))
  if (forms.length === 0 || JSON.stringify(forms).includes('"$ref"')) return undefined
  return { type: 'json', schema: forms.length === 1 ? forms[0] : { anyOf: forms } }
}
