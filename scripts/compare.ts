/**
 * What several readers find in examples/ferries.txt (`npm run compare`): the table of the README. The rules of engines are
 * rebuilt from their sources, which the table links to; the packages are run as they are.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { hermesProtocol } from '@ai-sdk-tool/parser'
import packageJson from '../package.json'
import { collect, createParser } from '../src/index.js'
import { matchesOf } from './expression.js'

/** What one reader made of the text. */
interface Found {
  readonly reader: string
  readonly calls: string
  readonly reasoning: string
  readonly answer: string
}

const VLLM = 'https://github.com/vllm-project/vllm/blob/main/vllm/tool_parsers/hermes_tool_parser.py'
const OLLAMA = 'https://github.com/ollama/ollama/blob/main/model/parsers/qwen3.go'

/** The comparison as a table in Markdown. */
export async function comparison(text: string): Promise<string> {
  const found = [await callsift(text), await aiSdkToolParser(text), expression(text), firstMarker(text)]
  const rows = found.map(
    ({ reader, calls, reasoning, answer }) => `| ${reader} | ${calls} | ${reasoning} | ${answer} |`,
  )
  return ['| reader | calls found | reasoning | in the answer |', '|---|---|---|---|', ...rows].join('\n')
}

function callsift(text: string): Found {
  const parser = createParser({ format: 'hermes' })
  const events = (text.match(/.{1,5}/gs) ?? []).flatMap((chunk) => parser.push(chunk))
  const { toolCalls, reasoning, content } = collect([...events, ...parser.end()])
  return {
    reader: 'callsift, streamed',
    calls: `${toolCalls.length} of 2`,
    reasoning: reasoning === '' ? 'in the answer' : 'apart',
    answer: markupIn(content),
  }
}

async function aiSdkToolParser(text: string): Promise<Found> {
  const tools = ['write_file', 'open_page'].map((name) => ({
    type: 'function' as const,
    name,
    inputSchema: { type: 'object' as const },
  }))
  const source = new ReadableStream({
    start(controller) {
      controller.enqueue({ type: 'text-start', id: '1' })
      for (const delta of text.match(/.{1,5}/gs) ?? []) controller.enqueue({ type: 'text-delta', id: '1', delta })
      controller.enqueue({ type: 'text-end', id: '1' })
      controller.enqueue({ type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage: {} })
      controller.close()
    },
  })
  let calls = 0
  let answer = ''
  for await (const part of source.pipeThrough(hermesProtocol().createStreamParser({ tools }))) {
    if (part.type === 'tool-call') calls++
    if (part.type === 'text-delta') answer += part.delta
  }
  return {
    reader: `\`@ai-sdk-tool/parser\` ${packageJson.devDependencies['@ai-sdk-tool/parser']} (\`hermesProtocol\`), streamed`,
    calls: `${calls} of 2`,
    reasoning: answer.includes('The user wants') ? 'in the answer' : 'apart',
    answer: markupIn(answer),
  }
}

/** vLLM: if one match is no JSON, the reply is text. */
function expression(text: string): Found {
  const matches = matchesOf(text)
  const failed = matches.some(({ fault }) => fault !== undefined)
  return {
    reader: `the rule of vLLM's \`hermes\` for whole replies ([source](${VLLM}))`,
    calls: `${failed ? 0 : matches.length} of 2`,
    reasoning: 'left to a second parser',
    answer: failed ? 'the whole reply, as text' : 'no markup',
  }
}

/** Ollama: what stands before the first end marker has to be JSON. */
function firstMarker(text: string): Found {
  const [before = ''] = (text.split('<tool_call>')[1] ?? '').split('</tool_call>')
  let fails = false
  try {
    JSON.parse(before)
  } catch {
    fails = true
  }
  return {
    reader: `the rule of Ollama's \`qwen3\` ([source](${OLLAMA}))`,
    calls: fails ? '0 of 2' : '2 of 2',
    reasoning: 'apart',
    answer: fails ? 'an error: failed to parse JSON' : 'no markup',
  }
}

function markupIn(answer: string): string {
  const markup = answer.match(/<\|?\/?\w{1,20}\|?>/g) ?? []
  return markup.length === 0
    ? 'no markup'
    : `the markup ${markup.map((one) => `\`${one.replace('|', '\\|').replace('|>', '\\|>')}\``).join(', ')}`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(await comparison(readFileSync('examples/ferries.txt', 'utf8')))
}
