import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Question } from './worker.js'

/** Memory is measured without a collection in between: the young generation must hold what a measurement allocates. */
const ROOMY = ['--min-semi-space-size=64', '--max-semi-space-size=64']

/** The processes that measure, one for each subject, so that none profits or suffers from what another has run. */
export class Processes {
  private readonly children = new Map<string, ChildProcess>()

  /** Asks one subject; the others rest meanwhile. `name` may carry a remark behind a space: `callsift hermes`. */
  ask(name: string, question: Question): Promise<number | string> {
    const child = this.childOf(name, question.ask === 'memory')
    return new Promise((resolve, reject) => {
      const died = (code: number | null): void => reject(new Error(`the process of ${name} ended with code ${code}`))
      child.once('exit', died)
      child.once('message', (answer: number | string) => {
        child.off('exit', died)
        resolve(answer)
      })
      child.send(question)
    })
  }

  private childOf(name: string, roomy: boolean): ChildProcess {
    const key = roomy ? `${name} roomy` : name
    let child = this.children.get(key)
    if (child === undefined) {
      const execArgv = ['--expose-gc', ...(roomy ? ROOMY : [])]
      child = fork(fileURLToPath(import.meta.url), ['--worker', name], { execArgv })
      this.children.set(key, child)
    }
    return child
  }

  stop(): void {
    for (const child of this.children.values()) child.kill()
  }
}
