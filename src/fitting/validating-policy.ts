import { Policy } from '../engine/policy.js'
import type { CallIssue, ToolCall } from '../event/event.js'
import { beginCheck, isPromise, issuesOf, standardOf } from '../tools/check-call.js'
import { withSchemas } from '../tools/schema.js'

/** Lists where a complete call does not fit the schema of its tool (`call.issues`), as `validateCall` does. */
export class ValidatingPolicy extends Policy {
  protected override finish(call: ToolCall): void {
    if (this.settings.validate && this.tools.given && call.status === 'complete') call.issues = this.issues(call)
  }

  private issues(call: ToolCall): CallIssue[] {
    const { tools } = this
    const read = withSchemas(tools)
    const standard = standardOf(tools.source(call.name)?.schema)
    const result = beginCheck(read, standard, call)
    // An asynchronous schema cannot be awaited here. Its JSON Schema, if it has one, answers at once.
    if (!isPromise(result)) return issuesOf(result, call.arguments, read.get(call.name))
    result.then(undefined, () => {})
    const other = beginCheck(read, undefined, call)
    return isPromise(other) ? [] : issuesOf(other, call.arguments, read.get(call.name))
  }
}
