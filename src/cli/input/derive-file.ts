import { writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { runInNewContext } from 'node:vm'
import { type Derivation, DerivationError, formatFromTemplate } from '../../derive/derive.js'
import { UsageError } from '../verb.js'
import { readTemplate } from './read-template.js'

/** A template that renders takes well under a second. */
const MOST_SECONDS = 60

/**
 * Derives a format from the chat template in a file. A template is code of whoever made the model: behind this time it is stopped.
 * @throws UsageError that says why there is no format, and what to do
 */
export async function deriveFile(file: string, id: string | undefined): Promise<Derivation> {
  const { template, name, tokens = {} } = await readTemplate(file)
  const called = id ?? idOf(name ?? nameOf(file))
  try {
    const derive = () =>
      formatFromTemplate(template, { id: called, source: `the chat template of ${basename(file)}`, context: tokens })
    return runInNewContext('derive()', { derive }, { timeout: MOST_SECONDS * 1000 }) as Derivation
  } catch (error) {
    if (error instanceof DerivationError) throw new UsageError(`${file}: ${error.message}`)
    const { code, name: kind, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new UsageError(
        `${file}: the template did not end within ${MOST_SECONDS} s. It may be hostile: check what it does before you render it`,
      )
    if (kind === 'TemplateLimitError')
      throw new UsageError(
        `${file}: the template does more than a template has to (${message}). It may be hostile: check what it does before you render it`,
      )
    throw error
  }
}

/** Stores a description as a file. */
export async function storeDescription(file: string, { description, known }: Derivation): Promise<void> {
  if (description === undefined)
    throw new UsageError(`nothing to store in ${file}: this is the known format ${known}. Use -f ${known}`)
  try {
    await writeFile(file, `${JSON.stringify(description, null, 2)}\n`)
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as Error).message}`)
  }
}

/** A config is called after the folder that holds it. */
function nameOf(file: string): string {
  const name = basename(file).replace(/\.(?:jinja2?|json|gguf|txt)$/i, '')
  return /^(?:tokenizer_config|chat_template)$/.test(name) ? basename(dirname(file)) : name
}

/** @example idOf('Qwen/Qwen2.5-7B') // 'qwen2.5-7b' */
function idOf(name: string): string {
  const id = (name.split('/').at(-1) ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9.-]{1,64}/g, '-')
    .replace(/^[.-]{1,64}/, '')
  return id === '' || id === 'auto' ? 'derived' : id.slice(0, 64)
}
