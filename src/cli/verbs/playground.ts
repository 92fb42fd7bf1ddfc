import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { packFragment } from '../../playground/share.js'
import { oneFile, readArgs, type Values } from '../input/args.js'
import { readFormats } from '../input/format-files.js'
import { PARSER_FLAGS } from '../input/parser-flags.js'
import { INPUT_FLAGS, readCompletion, readingOf } from '../input/read-completion.js'
import { completePage } from '../output/complete-page.js'
import { linkModules } from '../output/link-modules.js'
import { listenFault, readPort } from '../output/listen.js'
import { say, write } from '../output/output.js'
import { quoted } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  format: { ...PARSER_FLAGS.format, help: 'the format of FILE; default: what the file or --model says, else auto' },
  model: PARSER_FLAGS.model,
  tools: PARSER_FLAGS.tools,
  'start-in-reasoning': PARSER_FLAGS['start-in-reasoning'],
  ...INPUT_FLAGS,
  port: { type: 'string', value: 'N', help: 'the port to listen on; default 8788, 0 takes any free one' },
  host: { type: 'string', value: 'ADDRESS', help: 'the address to listen on; default 127.0.0.1, this machine only' },
  out: { type: 'string', value: 'FILE', help: 'write the page to a file instead, which works without a server' },
} as const

/** `callsift playground`. */
export const verb: Verb = {
  name: 'playground',
  summary: 'open a page on which to paste a completion: spans, rules, calls, the stream',
  usage: 'callsift playground [FILE|-] [--port N] [--host ADDRESS] | [--out FILE]',
  options: OPTIONS,
  about: [
    'One self-contained page. Paste or drop a completion, choose the format or let the text decide, and add ' +
      'the tools. The page shows what each stretch was read as and by which rule, the calls as trees, notes ' +
      'and repairs, and the message in the shapes of OpenAI, the AI SDK and others, ready to copy. It also ' +
      'plays the text as a stream, in chunks of any size.',
    'Nothing is sent anywhere: everything runs in the browser. A link to the page carries the text after its ' +
      '#, which browsers do not send.',
    'With FILE (as for parse: text, what a server made of it, a HAR file, a capture of callsift proxy ' +
      '--record), the page opens with that text, its format and its tools.',
  ],
  examples: [
    { run: 'callsift playground', does: 'serves the page on this machine until Ctrl-C' },
    { run: 'callsift playground captures/FILE', does: 'opens with an exchange that the proxy recorded' },
    { run: 'callsift playground --out playground.html', does: 'the page as a file, to open or to put on a server' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const file = oneFile(words)
    const port = readPort(values.port) ?? 8788
    const page = builtPage(file === undefined ? '' : await fragmentOf(file, values))
    if (values.out !== undefined) {
      await save(values.out, page)
      say(`wrote ${quoted(values.out)}: open it in a browser`)
      return 0
    }
    const { host = '127.0.0.1' } = values
    const { servePage } = await import('../output/serve-page.js')
    const server = await servePage(page, host, port).catch((error: unknown) => {
      throw listenFault(error, host, port)
    })
    await write(`callsift playground: ${server.url} (Ctrl-C ends it)\n`)
    await new Promise((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    await server.close()
    return 0
  },
}

/** A completion as the page opens it. */
async function fragmentOf(file: string, values: Values<typeof OPTIONS>): Promise<string> {
  const found = await readCompletion(file, values)
  const reading = await readingOf(found, values, await readFormats([]))
  const { format, tools, startInReasoning, repair } = reading.options
  const options = [...(startInReasoning === true ? ['startInReasoning'] : []), ...(repair === false ? ['exact'] : [])]
  return packFragment({
    text: found.text,
    format,
    tools: tools === undefined ? '' : JSON.stringify(tools, null, 2),
    options,
  })
}

/**
 * The page, from what the build has put beside the command: its markup, its script, and the library.
 *
 * @param opened what it opens with, as a link to it carries it
 */
function builtPage(opened: string): string {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
  let markup: string
  try {
    markup = read('./playground.html')
  } catch {
    throw new UsageError('the page is not built: run npm run build, or reinstall the package')
  }
  // The build has put the package that the library needs beside its own modules.
  const fileOf = (name: string) => (name.endsWith('.js') ? `./${name}` : `./shared/${name}.js`)
  return completePage(
    markup,
    linkModules('playground.js', (name) => read(fileOf(name))),
    opened,
  )
}

async function save(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page)
  } catch (error) {
    throw new UsageError(
      `--out ${quoted(file)} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
