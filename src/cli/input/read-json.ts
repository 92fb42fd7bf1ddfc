import { findJsonFault } from '../../explain/json-place.js'
import { readTools } from '../../tools/schema.js'
import type { ToolsInput } from '../../tools/tools-input.js'
import { UsageError } from '../verb.js'
import { type Input, readInput } from './read-input.js'

/**
 * A text as JSON.
 * @throws UsageError that names the line, the column, and what is expected there
 */
export function parseJson({ name, text }: Input): unknown {
  const fault = findJsonFault(text)
  if (fault === undefined) return JSON.parse(text)
  throw new UsageError(`${name}:${fault.line}:${fault.column}: not JSON: ${fault.message}`)
}

/**
 * Reads the file of `--tools`, in any shape that the library takes.
 * @throws UsageError that names the file and the place in it
 * @example await readToolsFile('tools.json') // [{ type: 'function', function: { name: 'get_tide', … } }]
 */
export async function readToolsFile(file: string | undefined): Promise<ToolsInput | undefined> {
  if (file === undefined) return undefined
  try {
    const tools = parseJson(await readInput(file)) as ToolsInput
    readTools(tools)
    return tools
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`--tools: ${error.message}`)
    throw error instanceof TypeError ? new UsageError(`--tools: ${file}: ${error.message}`) : error
  }
}
