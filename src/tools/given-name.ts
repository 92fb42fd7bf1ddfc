import type { OfferedTools } from './offered-tools.js'

/** What the prompts of some models put before the names of all tools, and models of other formats write too. */
const NAMESPACE = 'functions.'

/**
 * The name of the given tool that a name in a call means: `functions.get_weather` is `get_weather` where only that was given.
 * Any other name stays as it is.
 */
export function givenName(tools: OfferedTools, name: string): string {
  if (!name.startsWith(NAMESPACE) || !tools.given || tools.has(name)) return name
  const plain = name.slice(NAMESPACE.length)
  return tools.has(plain) ? plain : name
}
