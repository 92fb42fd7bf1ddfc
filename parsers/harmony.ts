import type { ChannelRules, Format } from '../src/engine/format.js'
import { RenderError } from '../src/engine/format.js'
import { plainText } from '../src/engine/plain-text.js'
import { channels } from '../src/families/channels/channels.js'
import {
  CALL,
  CHANNEL,
  END,
  HARMONY_RULES,
  MESSAGE,
  ROLE,
  START,
  STOP,
  TYPE,
} from '../src/families/channels/harmony-rules.js'
import { strippedMessages } from '../src/families/channels/stripped-messages.js'
import { RFL_TAGS } from '../src/families/tagged/rfl-tags.js'
import { headlessCalls } from '../src/recovery/headless-call.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const HARMONY: ChannelRules = { ...HARMONY_RULES, namespace: 'functions.', types: ['json', 'code', 'xml'] }
const GRAMMAR = { rules: HARMONY, codeTools: ['python'], tags: RFL_TAGS }
const MARKERS = [START, CHANNEL, TYPE, MESSAGE, END, CALL, STOP, '```', '<rfl:parameter']

/**
 * gpt-oss: the Harmony format.
 *
 *     completion = message { "<|start|>" message }                    the prompt holds the first "<|start|>assistant"
 *     message    = header "<|message|>" text ( "<|end|>" | "<|call|>" | "<|return|>" | end of the text )
 *     header     = "assistant" [ to ] [ "<|channel|>" channel ] [ to ] [ [ "<|constrain|>" ] type ]
 *     channel    = "analysis" | "commentary" | "final"
 *     to         = " to=" recipient                                    before the channel or behind it
 *     recipient  = "functions." NAME | "browser.search" | "browser.open" | "browser.find" | "python"
 *
 * A message with a recipient is a call, on any channel. Without one "analysis" is reasoning, "commentary" and "final" are
 * content. The text of `python` is code; that of all others is JSON. Calls of Beam, parameters in tags, are read too.
 *
 * Source: the documentation of OpenAI's harmony format, and its reference implementation openai-harmony.
 */
export const harmony: Format = {
  id: 'harmony',
  aliases: ['gpt-oss', 'gpt_oss', 'gptoss', 'openai_gptoss'],
  wire: '<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{…}<|call|>',
  models: 'gpt-oss 20b, 120b, gpt-oss-safeguard; LLM-jp-4.1',
  modelPatterns: [/\bgpt-?oss(?:-safeguard)?/i, /\bllm-?jp-?4[._p]?1/i],
  thinkingModels: [],
  looks: [
    `${CHANNEL}commentary to=`,
    `${CHANNEL}analysis to=`,
    `${START}${ROLE}${CHANNEL}`,
    `${START}${ROLE} to=functions.`,
  ],
  codeTools: ['python'],
  flags: {
    vllm: 'openai',
    sglang: 'gpt-oss',
    llamacpp: 'gpt_oss',
    dynamo: 'harmony',
    ollama: 'harmony',
    lmdeploy: 'gpt-oss',
  },
  streams: 'argument text as it comes',
  headers: [],
  stops: [STOP, '<|endoftext|>'],
  reasoning: undefined,
  channels: HARMONY,
  families: [channels(GRAMMAR), strippedMessages(GRAMMAR), headlessCalls([MESSAGE, TYPE])],
  render({ calls, content, reasoning }) {
    const messages: string[] = []
    if (reasoning !== '') messages.push(`analysis${MESSAGE}${plainText('reasoning', reasoning, MARKERS)}${END}`)
    const text = plainText('content', content, MARKERS)
    if (text !== '' && calls.length > 0) messages.push(`commentary${MESSAGE}${text}${END}`)
    else if (text !== '') messages.push(`final${MESSAGE}${text}${STOP}`)
    for (const { name, arguments: args } of calls) {
      messages.push(`commentary to=functions.${nameOf(name)} ${TYPE}json${MESSAGE}${spacedJson(args)}${CALL}`)
    }
    return messages.map((one) => CHANNEL + one).join(START + ROLE)
  },
}

/** A name that a header can hold. */
function nameOf(name: string): string {
  if (/^[^\s<{]{1,128}$/.test(name)) return name
  throw new RenderError(
    `harmony cannot write the name ${JSON.stringify(name)}: 1 to 128 characters, none of them white space, "<" or "{"`,
  )
}
