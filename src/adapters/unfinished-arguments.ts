import type { Status } from '../event/event.js'

/**
 * The text that keeps the arguments of an incomplete call from being read. A backslash before `<` and before `>` is no
 * JSON in any state: outside a string it is no token, inside one it is no escape, and the second is there for text that
 * ends in a backslash of its own. So readers of partial JSON, which close open strings and braces, refuse it as well.
 *
 * @example '{"path": "/sr' + incompleteMark('truncated') // '{"path": "/sr\\<truncated\\>'
 */
export function incompleteMark(status: Exclude<Status, 'complete'>): string {
  return `\\<${status}\\>`
}

/**
 * What has to be added to the arguments of an incomplete call so that a client cannot take them for whole: nothing
 * while they do not parse, the mark when they do (the text may end right behind `{"a": 1}`) or when they are blank,
 * which many clients read as `{}`.
 *
 * @example markUnfinished('{"a": 1}', 'truncated') // '\\<truncated\\>'
 */
export function markUnfinished(argumentsText: string, status: Exclude<Status, 'complete'>): string {
  if (argumentsText.trim() === '') return incompleteMark(status)
  try {
    JSON.parse(argumentsText)
  } catch {
    return ''
  }
  return incompleteMark(status)
}
