/** What engines say when a setting of theirs stands in the way, and which setting it is. */
const HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [
    /does not match the expected [\w-]{1,40} format/i,
    'llama.cpp parsed the answer itself and failed: start llama-server with --skip-chat-parsing (and --special), which leaves the text to this proxy, or set --upstream-api completions --prompt llamacpp here',
  ],
  [
    /--enable-auto-tool-choice|--tool-call-parser/,
    'vLLM refuses tool choices without a parser of its own: set --upstream-tool-choice none here (the default, auto, does this by itself after the first refusal), or start vllm serve with --enable-auto-tool-choice and --tool-call-parser',
  ],
  [
    /exclude.tools.when.tool.choice.none/i,
    'vLLM leaves tools out of the prompt: start vllm serve without --exclude-tools-when-tool-choice-none',
  ],
  [
    /tools? (?:param )?requires? --jinja|--jinja flag/i,
    'llama.cpp accepts tools only with templates: start llama-server with --jinja (and --skip-chat-parsing --special)',
  ],
  [
    /(?:maximum context length|exceeds the available context size|context_length_exceeded)/i,
    'the request is longer than the context of the engine: raise --max-model-len (vLLM), --ctx-size (llama.cpp), --context-length (SGLang) or num_ctx (Ollama)',
  ],
]

/**
 * What a person can do about an error of the upstream, where its words tell.
 *
 * @example hintFor('The model produced output that does not match the expected peg-native format') // 'llama.cpp read …'
 */
export function hintFor(text: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(text))?.[1]
}
