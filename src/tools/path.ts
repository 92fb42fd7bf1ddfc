/**
 * The path of a value in the arguments of a call, written as in JavaScript.
 * @example pathText(['steps', 0, 'due date']) // 'steps[0]["due date"]'
 */
export function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`
    else if (typeof key === 'string' && isPlainName(key)) text += text === '' ? key : `.${key}`
    else text += `[${JSON.stringify(String(key))}]`
  }
  return text
}

function isPlainName(key: string): boolean {
  if (key === '') return false
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i)
    const letter = code | 0x20
    const isDigit = code >= 0x30 && code <= 0x39
    const isWord = isDigit || (letter >= 0x61 && letter <= 0x7a) || code === 0x5f || code === 0x24 || code >= 0xc0
    if (!isWord || (i === 0 && isDigit)) return false
  }
  return true
}
