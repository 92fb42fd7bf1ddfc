import { isObject, type JsonObject, objectsOf } from '../wire/json.js'
import { Problem } from '../wire/problem.js'

/** The header that names the tools of a request which nobody can run here. */
export const LEFT_OUT = 'x-callsift-left-out-tools'

/**
 * The kinds of tools that a request has and the proxy cannot offer, since the vendor's own servers run them, or since their
 * calls have a shape of their own: `web_search`, `mcp`, `computer_20250124`. They are left out, not refused: agents send
 * them with each request and go on without (so does Codex CLI). A header of the reply, the log and a metric name them.
 *
 * @example leftOutTools([{ type: 'web_search' }], ['function', 'custom']) // ['web_search']
 */
export function leftOutTools(tools: unknown, taken: (tool: JsonObject) => boolean): string[] {
  const kinds = objectsOf(tools)
    .filter((tool) => !taken(tool))
    .map(({ type, name }) => wordOf(type) || wordOf(name) || 'unknown')
  return [...new Set(kinds)]
}

/** A word that may stand in a header and in a log, whatever a client has sent. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[^\w.-]/g, '_').slice(0, 64) : ''
}

/**
 * Checks that a tool choice names a tool which the model is offered.
 *
 * @throws Problem that names the tool, and those that there are
 * @example checkToolChoice({ type: 'function', function: { name: 'f' } }, ['g'], []) // throws
 */
export function checkToolChoice(name: string, tools: readonly string[], leftOut: readonly string[]): void {
  if (tools.includes(name)) return
  const known = tools.length === 0 ? 'the request has no supported tools' : `the tools are ${shown(tools)}`
  const others = leftOut.length === 0 ? '' : `; these kinds are not supported: ${leftOut.join(', ')}`
  throw new Problem('invalid_request', `tool_choice: no tool is named ${JSON.stringify(name)}; ${known}${others}`)
}

function shown(names: readonly string[]): string {
  const first = names.slice(0, 20).join(', ')
  return names.length > 20 ? `${first} and ${names.length - 20} more` : first
}

/** The name in a tool choice of chat completions, of text or as an object. */
export function chosenName(choice: unknown): string | undefined {
  if (!isObject(choice)) return undefined
  const { function: named, custom } = choice
  const own = isObject(named) ? named.name : isObject(custom) ? custom.name : undefined
  return typeof own === 'string' ? own : undefined
}
