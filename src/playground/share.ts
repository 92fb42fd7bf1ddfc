/** What a link to the playground carries. */
export interface Shared {
  readonly text: string
  readonly format: string
  /** The tools as they were typed. */
  readonly tools: string
  /** Names of the options that are on. */
  readonly options: readonly string[]
}

/** A link that unpacks to more is not one of ours. */
const MOST_UNPACKED = 16 * 1024 * 1024

/**
 * Packs what is to be shared into the fragment of a URL, which browsers keep to themselves.
 * @example await packFragment({ text: 'Hi', format: 'hermes', tools: '', options: [] }) // '#1.q1YqSa0o…'
 */
export async function packFragment(shared: Shared): Promise<string> {
  // JSON writes halves of surrogate pairs as escapes, so UTF-8 loses nothing.
  const json = new TextEncoder().encode(JSON.stringify(shared))
  const packed = await bytesOf(through(json, new CompressionStream('deflate-raw')), Number.POSITIVE_INFINITY)
  return `#1.${toBase64Url(packed)}`
}

/**
 * Reads such a fragment; undefined for one that carries nothing.
 * @throws Error for one that is damaged, as when a mail program has cut it
 */
export async function unpackFragment(fragment: string): Promise<Shared | undefined> {
  if (!fragment.startsWith('#1.')) return undefined
  const packed = fromBase64Url(fragment.slice('#1.'.length))
  const json = await bytesOf(through(packed, new DecompressionStream('deflate-raw')), MOST_UNPACKED)
  const value: unknown = JSON.parse(new TextDecoder().decode(json))
  if (typeof value !== 'object' || value === null) throw new Error('holds no object')
  const { text, format, tools, options } = value as Record<string, unknown>
  if (typeof text !== 'string' || typeof format !== 'string') throw new Error('holds no text')
  return {
    text,
    format,
    tools: typeof tools === 'string' ? tools : '',
    options: Array.isArray(options) ? options.filter((name) => typeof name === 'string') : [],
  }
}

function through(bytes: Uint8Array<ArrayBuffer>, transform: CompressionStream | DecompressionStream) {
  return new Blob([bytes]).stream().pipeThrough(transform)
}

async function bytesOf(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const reader = stream.getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length
    if (length > most) {
      await reader.cancel()
      throw new Error('holds too much')
    }
    pieces.push(read.value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** Bytes at a time: as many arguments as a function takes anywhere. */
const BLOCK = 0x2000

function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += BLOCK) binary += String.fromCharCode(...bytes.subarray(at, at + BLOCK))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
