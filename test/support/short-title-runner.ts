import type { RunnerTask } from 'vitest'
import { TestRunner } from 'vitest'
import { shortTitles } from './short-title.js'

type Tell = (files: RunnerTask[]) => Promise<void>

/**
 * Vitest's own runner, but that every title is one short line: tables of tests have whole completions in their titles, with
 * line breaks and kilobytes of blanks, and would fill terminals and reports with them.
 */
export default class ShortTitleRunner extends TestRunner {
  private tell: Tell | undefined

  /** What tells the reporters of the tests of a file: vitest sets it, and the titles have to be short before it is called. */
  set onCollected(tell: Tell | undefined) {
    this.tell = tell
  }

  get onCollected(): Tell | undefined {
    const { tell } = this
    if (tell === undefined) return undefined
    return (files) => {
      for (const file of files) shorten(file)
      return tell(files)
    }
  }
}

function shorten(parent: RunnerTask): void {
  if (!('tasks' in parent)) return
  const titles = shortTitles(parent.tasks.map(({ name }) => name))
  for (const [i, task] of parent.tasks.entries()) {
    task.name = titles[i] as string
    task.fullName = `${parent.fullName} > ${task.name}`
    task.fullTestName =
      parent.type === 'suite' && parent.fullTestName !== undefined ? `${parent.fullTestName} > ${task.name}` : task.name
    shorten(task)
  }
}
