/**
 * Whether two texts are the same, in a time that tells nothing of where they differ: it depends on the length of what was
 * given alone.
 *
 * @example isSameText(given, 'secret')
 */
export function isSameText(given: string, secret: string): boolean {
  let differences = given.length ^ secret.length
  for (let i = 0; i < given.length; i++) differences |= given.charCodeAt(i) ^ secret.charCodeAt(i % secret.length)
  return differences === 0
}
