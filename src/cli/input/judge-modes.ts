import type { Format } from '../../engine/format.js'
import type { ParserOptions } from '../../engine/options.js'
import { parse } from '../../index.js'
import { hintFor } from '../../proxy/upstream/upstream-hints.js'
import { callsOf, modeOf, type Tried, type Wrong } from '../output/engine-report.js'
import { TOOL } from './engine-requests.js'

/** How an engine is kept from reading calls itself, by its title. */
const OWN_PARSER_OFF: Readonly<Record<string, string>> = {
  vLLM: 'start vLLM without --enable-auto-tool-choice, --tool-call-parser and --reasoning-parser',
  SGLang: 'start SGLang without --tool-call-parser and --reasoning-parser',
  'llama.cpp': 'start llama-server with --jinja --skip-chat-parsing --special',
  Ollama: 'Ollama’s parser has no switch: give the model a Modelfile without PARSER',
}

const REPORT = 'ask again, and if it happens again, report it with this page'

/** What is known of the engine beside what was tried. */
export interface Judged {
  readonly engine: string | undefined
  readonly format: string | Format | undefined
  readonly api: string
}

/**
 * What is wrong with the answers of the modes: errors, readings that differ, calls that got lost, thoughts in the content. The
 * first says most.
 *
 * @example judgeModes(tried, { engine: 'vLLM', format: 'hermes', api: 'http://localhost:8000/v1' })
 */
export function judgeModes(tried: readonly Tried[], { engine, format, api }: Judged): Wrong[] {
  const wrong: Wrong[] = []
  const off = OWN_PARSER_OFF[engine ?? ''] ?? 'switch the engine’s own parser off'
  const inFront = `${off}, and let clients use callsift proxy --upstream ${api}`
  for (const one of tried) {
    if (one.error === undefined) continue
    const mend = hintFor(one.error) ?? 'the engine’s log says more'
    wrong.push({ what: `${modeOf(one)}: ${one.error}`, mend })
  }
  const sound = tried.filter(({ error, refusesTools }) => error === undefined && refusesTools !== true)
  const ours = sound.filter(({ reader }) => reader !== 'engine')
  const own = sound.filter(({ reader }) => reader === 'engine')
  const right = ours.findLast(({ calls }) => calls.length > 0)

  for (const one of ours) {
    if (one.notes.includes('stripped-markers'))
      wrong.push({
        what: `${modeOf(one)}: the engine strips special tokens from the text`,
        mend: specialTokens(engine),
      })
    if (one.notes.includes('implicit-reasoning'))
      wrong.push({ what: `${modeOf(one)}: thoughts are in the content`, mend: 'callsift proxy --start-in-reasoning' })
  }
  const readers = [...new Set(ours.map(({ reader }) => reader))]
  for (const reader of readers)
    wrong.push(
      ...differing(
        ours.filter((one) => one.reader === reader),
        REPORT,
      ),
    )
  if (own.some(({ calls }) => calls.length > 0)) {
    wrong.push(...differing(own, inFront))
    const [first] = own
    if (first !== undefined && right !== undefined) wrong.push(...differing([right, first], inFront))
  } else if (right !== undefined) {
    wrong.push(
      ...differing(
        readers.flatMap((reader) => ours.find((one) => one.reader === reader) ?? []),
        REPORT,
      ),
    )
    for (const one of own)
      if (!holdsCall(one.content, format))
        wrong.push({
          what: `${modeOf(one)}: the call is lost: it is neither in the calls nor in the content`,
          mend: inFront,
        })
  }
  if (sound.length > 0 && sound.every(({ calls }) => calls.length === 0) && wrong.length === 0) {
    const what = 'the model called no tool in any mode, so nothing could be compared'
    wrong.push({
      what,
      mend: 'does its chat template list the tools (llama.cpp: --jinja), and was the model trained on tools?',
    })
  }
  return wrong
}

/** Where the first answer has other calls than one of the others. */
function differing([first, ...others]: readonly Tried[], mend: string): Wrong[] {
  if (first === undefined) return []
  const said = callsOf(first)
  return others.flatMap((other): Wrong[] => {
    const others = callsOf(other)
    return said === others ? [] : [{ what: `${modeOf(first)}: ${said}; ${modeOf(other)}: ${others}`, mend }]
  })
}

function specialTokens(engine: string | undefined): string {
  if (engine === 'llama.cpp') return 'start llama-server with --special'
  return 'make the engine accept skip_special_tokens: false, which callsift sends'
}

function holdsCall(content: string, format: string | Format | undefined): boolean {
  const { name, parameters } = TOOL.function
  const options: ParserOptions = { format: format ?? 'auto', tools: [{ name, parameters }] }
  return [undefined, true].some(
    (startInReasoning) => parse(content, { ...options, startInReasoning }).toolCalls.length > 0,
  )
}
