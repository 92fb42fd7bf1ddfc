import { RenderError } from '../engine/format.js'

/** One option of a verb, as its help tells it and as it is read. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in help, as `FILE`. */
  readonly value?: string
  /** The words that it takes, if it takes no others. */
  readonly words?: readonly string[]
  readonly short?: string
  /** It may be given more than once; the values are joined with commas. */
  readonly many?: true
  readonly help: string
}

/** The options of a verb, by their long names. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>

/**
 * A verb of the command: one file that exports one of these as `verb`, and one line in `verbs.ts`. What is heavy (the
 * proxy, the playground) is imported inside `run`, so that no other verb waits for it.
 */
export interface Verb {
  readonly name: string
  /** One line for the list of verbs. */
  readonly summary: string
  /** How it is called, without options. */
  readonly usage: string
  readonly options: OptionSpecs
  /** What one should know to use it: paragraphs of plain text, wrapped by the help. */
  readonly about: readonly string[]
  /** At least two, each with what it does. */
  readonly examples: readonly { readonly run: string; readonly does: string }[]
  /**
   * Does it. The arguments are those behind the verb; `--help` never comes here.
   * @returns the exit code: 0 done, 1 done with damage
   * @throws UsageError for what the person has to mend: exit code 2
   */
  run(args: readonly string[]): Promise<number>
}

/** Something that the person at the command has to mend: one line, which says what to do. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Runs something on what a file holds; what is wrong with it is reported with the file's name in front. */
export function inFile<T>(name: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof UsageError || error instanceof RenderError) throw new UsageError(`${name}: ${error.message}`)
    throw error
  }
}
