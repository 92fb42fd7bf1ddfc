import { asText, type Fields } from './fields.js'

/** The text of a body as it stood on the wire; undefined where the file has none. */
export function harText(content: Fields | undefined): string | undefined {
  const text = asText(content?.text)
  if (text === undefined) return undefined
  if (content?.encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8')
  return /charset|json/i.test(asText(content?.mimeType)?.slice(0, 200) ?? '') ? text : asUtf8(text)
}

const decoder = new TextDecoder('windows-1252')
/** The byte that each letter of windows-1252 is. */
const BYTES = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]))

/**
 * Event streams are UTF-8, but Chromium saves one that does not say so as if it were windows-1252: the `Zürich` of a llama.cpp or an
 * Ollama becomes `ZÃ¼rich`. Text that is UTF-8 when written in that alphabet was read so; what was read rightly hardly ever is.
 */
function asUtf8(text: string): string {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const byte = BYTES.get(text.charAt(i))
    if (byte === undefined) return text
    bytes[i] = byte
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return text
  }
}
