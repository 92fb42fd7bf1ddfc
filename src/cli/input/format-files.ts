import {
  createParser,
  createRegistry,
  type Format,
  formatForModel,
  formats,
  getFormat,
  type Registry,
  render,
} from '../../index.js'
import { UsageError } from '../verb.js'
import { readInput } from './read-input.js'
import { parseJson } from './read-json.js'

/** The formats that a verb knows: those of files, and those of the library behind them. */
export interface KnownFormats
  extends Pick<Registry, 'createParser' | 'formatForModel' | 'formats' | 'getFormat' | 'render'> {
  /** The formats of files. */
  readonly own: readonly Format[]
}

const LIBRARY: KnownFormats = { createParser, formatForModel, formats, getFormat, render, own: [] }

/**
 * The library's formats, and before them those that files describe. So where a text or the name of a model fits several, that
 * of a file is meant.
 * @throws UsageError that names the file, and the field or the place in it that is wrong
 */
export async function readFormats(files: readonly string[]): Promise<KnownFormats & { readonly registry?: Registry }> {
  if (files.length === 0) return LIBRARY
  // What makes formats of descriptions is loaded where there are some.
  const [{ formatFromDescription }, { known }] = await Promise.all([
    import('../../derive/derive.js'),
    import('../../formats/unread-formats.js'),
  ])
  const own: Format[] = []
  for (const file of files) {
    const value = parseJson(await readInput(file))
    const format = inOption(file, () => formatFromDescription(value as never))
    const taken = [...own, ...formats()].some(({ id }) => id === format.id)
    if (taken)
      throw new UsageError(`--format-file: ${file}: id: a format ${format.id} exists already; choose another id`)
    own.push(format)
  }
  const registry = createRegistry([...own, ...formats()], known)
  return { ...registry, own, registry }
}

/** The format of the only file: it is meant where nothing else is named. */
export function onlyOf({ own }: Pick<KnownFormats, 'own'>): Format | undefined {
  return own.length === 1 ? own[0] : undefined
}

function inOption<T>(file: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`--format-file: ${file}: ${error.message}`) : error
  }
}
