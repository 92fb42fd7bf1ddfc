import { quote } from '../text/quote.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import { type FindCloser, messageStart } from './last-closer.js'
import type { Place } from './unread.js'

/** A message that is an object of a call, or a list of such, with the name of its tool; a definition of a tool is none. */
const OBJECT_OF_CALL =
  /^(?:```\w{0,20}\s{1,8})?\[?\s{0,40}\{\s{0,40}(?:"(?:type|id)"\s{0,8}:\s{0,8}"[^"\n]{0,64}"\s{0,8},\s{0,40})?"name"\s{0,8}:\s{0,8}"([^"\s]{1,128})"\s{0,8},\s{0,40}"(?:arguments|parameters)"\s{0,8}:\s{0,8}\{(?!\s{0,40}"(?:type|properties)"\s{0,8}:)/
/** A message that is a list of calls as Python writes them. */
const LIST_OF_CALLS =
  /^(?:```\w{0,20}\s{1,8})?\[\s{0,40}([A-Za-z_][\w.-]{0,127})\(\s{0,40}(?:\w{1,64}\s{0,4}=|\)\s{0,40}[,\]])/
const ENDS_LIST = /\)\s{0,40}\](?:\s{1,8}```)?$/
const ENDS_OBJECT = /[}\]](?:\s{1,8}```)?$/

/** A message that is nothing but a call without a marker, or a list of them, of a tool that was not given: it is text for its name. */
export function unknownTool(text: string, closer: FindCloser, tools: OfferedTools): Place | undefined {
  if (!ENDS_OBJECT.test(text.slice(-24).trimEnd())) return undefined
  const from = messageStart(text, closer)
  const begun = text.slice(from, from + 1024)
  const isList = ENDS_LIST.test(text.slice(-96).trimEnd())
  const [, name] = OBJECT_OF_CALL.exec(begun) ?? (isList ? LIST_OF_CALLS.exec(begun) : undefined) ?? []
  if (name === undefined || tools.has(name)) return undefined
  return { from, to: text.trimEnd().length, message: `no tool named ${quote(name)} was given, so its call is text` }
}
