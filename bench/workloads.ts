import { seeded } from '../test/support/seeded.js'

/** What one completion holds: prose in front, then calls. Each format writes it in its own way. */
export interface Workload {
  readonly content: string
  readonly calls: readonly { readonly name: string; readonly arguments: Record<string, unknown> }[]
  /** What a model does to the text, so that the calls have to be mended: the same ones come out. */
  readonly damage?: (text: string) => string
}

export const WORKLOADS = ['reply', 'small', 'turn', 'damaged', '10k', 'ascii', '100k', '1m', 'calls', 'prose'] as const
export type WorkloadId = (typeof WORKLOADS)[number]

/** The kinds of text that a workload is fed in. */
export const FEEDS = ['whole', 'tokens', 'characters'] as const
export type Feed = (typeof FEEDS)[number]

/** Each workload, for people. */
export const MEANINGS: Record<WorkloadId, string> = {
  reply: 'a reply of one line, without a call',
  small: 'one small call',
  turn: '1 KB of prose and three calls',
  damaged: 'the same, each path in quotes of Python or behind a wrong closer',
  '10k': 'one call with a 10 KB string',
  ascii: 'one call with a 10 KB string of ASCII',
  '100k': 'one call with a 100 KB string',
  '1m': 'one call with a 1 MB string',
  calls: '1,000 tiny calls',
  prose: '100 KB of prose without a call',
}

const SEARCH = {
  name: 'search_files',
  arguments: { query: 'retry "with backoff"', path: 'src/net', limit: 20, exact: false },
}

/** The prose and the calls of a workload: always the same. */
export function makeWorkload(id: WorkloadId): Workload {
  switch (id) {
    case 'reply':
      return { content: 'Hello! It is 20 degrees in Zürich. What else can I do for you?', calls: [] }
    case 'small':
      return { content: '', calls: [{ name: 'get_weather', arguments: { city: 'Zürich', unit: 'celsius' } }] }
    case 'turn':
      return {
        content: proseOf(1024),
        calls: [
          SEARCH,
          { name: 'read_file', arguments: { path: 'src/net/retry.ts', lines: [1, 120] } },
          {
            name: 'edit_file',
            arguments: { path: 'src/net/retry.ts', old: codeOf(200), new: codeOf(320), note: 'Größe, 大小' },
          },
        ],
      }
    case 'damaged':
      return { ...makeWorkload('turn'), damage: damagePaths }
    case '10k':
      return fileOf(10_000)
    case 'ascii':
      return fileOf(10_000, asciiCodeOf(10_000))
    case '100k':
      return fileOf(100_000)
    case '1m':
      return fileOf(1_000_000)
    case 'calls':
      return {
        content: '',
        calls: Array.from({ length: 1000 }, (_, i) => ({ name: 'step', arguments: { n: i, on: i % 2 === 0 } })),
      }
    case 'prose':
      return { content: proseOf(100_000), calls: [] }
  }
}

function fileOf(length: number, content = codeOf(length)): Workload {
  return { content: '', calls: [{ name: 'write_file', arguments: { path: 'src/net/retry.ts', content } }] }
}

/** Damage that loses nothing: JSON with quotes of Python, and values closed by their own name. */
function damagePaths(text: string): string {
  return flat(
    text
      .replace(/"path": "([^"]*)"/g, "'path': '$1'")
      .replace(/(<(.{0,8})parameter=path>[^<]*<\/\2)parameter>/g, '$1path>'),
  )
}

const CODE = [
  'export async function retry<T>(work: () => Promise<T>, { attempts = 5, base = 100 }: RetryOptions = {}): Promise<T> {',
  '  // Повторяет вызов, пока он не удастся: 最多重试五次, danach gibt es auf',
  '  for (let attempt = 1; ; attempt++) {',
  '    try {',
  '      return await work()',
  '    } catch (error) {',
  '      if (attempt >= attempts || !isTransient(error)) throw error',
  '      const wait = base * 2 ** attempt + Math.random() * 50',
  '      console.warn("attempt " + attempt + " failed: " + String(error).replace(/\\s+/g, " "))',
  '      await new Promise((resolve) => setTimeout(resolve, wait))',
  '    }',
  '  }',
  '}',
  '',
  'const MESSAGES: Record<string, string> = { "timeout": "Zeitüberschreitung", "refused": "接続が拒否されました", "path": "C:\\\\temp" }',
  '',
]

/** So many characters of source code: quotes, backslashes, newlines, and text that is not Latin. */
export function codeOf(length: number): string {
  return linesOf(CODE, length, '\n')
}

/** The same in ASCII alone. */
function asciiCodeOf(length: number): string {
  const ascii = CODE.filter((line) => [...line].every((c) => c.charCodeAt(0) < 128))
  return linesOf(ascii, length, '\n')
}

/** The same without text beyond Latin-1, which takes one byte a character. */
export function latinCodeOf(length: number): string {
  const latin = CODE.filter((line) => [...line].every((c) => c.charCodeAt(0) < 256))
  return linesOf(latin, length, '\n')
}

const PROSE = [
  'I looked at the file that handles retries, and the problem is that every error counts as transient.',
  'If x < 3 && y > 4 the loop (see above) stops early; `attempts` is 5 by default.',
  'Let me first search for the callers, and then change the condition.',
  'That is about 20 % of all requests, i.e. {most} of what [you] saw yesterday.',
  'Так что сначала проверим журнал.\n\n',
]

export function proseOf(length: number): string {
  return linesOf(PROSE, length, ' ')
}

function linesOf(lines: readonly string[], length: number, between: string): string {
  const random = seeded(7)
  const out: string[] = []
  for (let size = 0; size < length; ) {
    const line = (lines[Math.floor(random() * lines.length)] ?? '') + between
    out.push(line)
    size += line.length
  }
  return flat(out.join('').slice(0, length))
}

/** The text in pieces, as a feed hands it over. Tokens are of 1 to 8 characters. */
export function chunksOf(text: string, feed: Feed): string[] {
  if (feed === 'whole') return [text]
  if (feed === 'characters') return text.split('')
  const random = seeded(1)
  const chunks: string[] = []
  for (let i = 0; i < text.length; ) {
    const length = 1 + Math.floor(random() * 8)
    chunks.push(text.slice(i, i + length))
    i += length
  }
  return chunks
}

/** A string that is one block of memory, as one that came from outside is. */
export function flat(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}
