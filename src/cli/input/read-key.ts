import { UsageError } from '../verb.js'

/**
 * The key that an environment variable holds; undefined where none is named.
 *
 * @throws UsageError that says what is wrong with the variable
 * @example readKey('--api-key-env', 'VLLM_KEY')
 */
export function readKey(flag: string, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const key = process.env[name]
  if (key !== undefined && key !== '') return key
  throw new UsageError(
    `${flag}: the environment variable ${name} is ${key === undefined ? 'not set' : 'empty'}; it takes the name of a variable, not the key`,
  )
}
