import { type JsonObject, objectsOf } from '../../src/proxy/wire/json.js'
import { json, type Script, says } from './upstream.js'

// Four engines, as far as they say what they serve: the shapes of their answers are those of their sources.

/** A template that writes calls as Hermes does, and whose prompt opens the reasoning. */
export const TEMPLATE =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.content %}{{ m.content }}{% endif %}{% if m.tool_calls %}{% for c in m.tool_calls %}<tool_call>\n{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}\n</tool_call>{% endfor %}{% endif %}<|im_end|>\n{% endfor %}{% if tools %}{% for t in tools %}{{ t | tojson }}{% endfor %}{% endif %}{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}'

export type EngineName = 'vllm' | 'sglang' | 'llamacpp' | 'ollama'

/** What each engine answers on the paths where it tells of itself. */
export function pagesOf(engine: EngineName, id = 'my-model'): Record<string, JsonObject> {
  const list = (owner: string, more: JsonObject = {}) => ({ data: [{ id, object: 'model', owned_by: owner, ...more }] })
  switch (engine) {
    case 'vllm':
      return { '/v1/models': list('vllm', { root: 'Qwen/Qwen3-4B-Thinking-2507' }), '/version': { version: '0.11.0' } }
    case 'sglang':
      return {
        '/v1/models': list('sglang', { root: id }),
        '/get_model_info': { model_path: 'Qwen/Qwen3-4B-Thinking-2507', is_generation: true },
        '/get_server_info': { version: '0.5.3', served_model_name: id, tool_call_parser: null, reasoning_parser: null },
      }
    case 'llamacpp':
      return {
        '/v1/models': list('llamacpp', { meta: {} }),
        '/props': {
          default_generation_settings: {},
          model_path: '/models/some.gguf',
          chat_template: TEMPLATE,
          build_info: 'b6500-abc',
        },
      }
    case 'ollama':
      return {
        '/v1/models': list('library'),
        '/api/version': { version: '0.12.0' },
        '/api/show': {
          template: '{{ .System }}{{ .Tools }}<tool_call>',
          model_info: { 'general.name': 'Qwen3 4B Thinking 2507' },
        },
      }
  }
}

/** Answers as an engine does; chat requests with a script. Paths that it does not have are 404. */
export function likeEngine(pages: Record<string, JsonObject>, chat: Script): Script {
  return (response, seen, gone) => {
    if (seen.path.endsWith('/completions')) return chat(response, seen, gone)
    const page = pages[seen.path]
    return (page === undefined ? json({ error: 'no such path' }, 404) : json(page))(response, seen, gone)
  }
}

/** An engine that reads the calls of its text itself, and gives these. */
export function parses(calls: readonly { name: string; arguments: string }[], content = ''): Script {
  return (response, seen, gone) => {
    const tool_calls = calls.map((call, index) => ({ index, id: `c${index}`, type: 'function', function: call }))
    const message = { role: 'assistant', content, tool_calls }
    const finish_reason = calls.length > 0 ? 'tool_calls' : 'stop'
    if (seen.body.stream !== true || objectsOf(tool_calls).length === 0)
      return seen.body.stream === true
        ? says(content)(response, seen, gone)
        : json({ choices: [{ index: 0, message, finish_reason }] })(response, seen, gone)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const chunks = [
      { choices: [{ index: 0, delta: message, finish_reason: null }] },
      { choices: [{ index: 0, delta: {}, finish_reason }] },
    ]
    response.end(`${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`)
  }
}
