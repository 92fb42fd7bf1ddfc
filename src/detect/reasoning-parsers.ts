import type { Engine, FormatFlags } from '../engine/format.js'
import { ENGINES, flagsOf } from './engines.js'

/**
 * Where an engine takes a text to begin if nothing in it says so. `inside`: in reasoning. `on`: in reasoning, unless the
 * request turns thinking off. `off`: outside, unless the request turns it on. `outside`: the text has to open it. `prompt`:
 * what the chat template writes for the request decides.
 */
export type ReasoningBegins = 'inside' | 'on' | 'off' | 'outside' | 'prompt'

/** A reasoning parser of inference engines: what it reads, and what the engines call it. */
export interface ReasoningParser {
  /** Its markers, or what stands in their place. */
  readonly reads: string
  readonly begins: ReasoningBegins
  readonly names: FormatFlags
}

/**
 * The reasoning parsers of all engines.
 *
 * Source: the registries of vLLM 0.33.0, SGLang 0.5.23, dynamo-parsers 11.0.1, reasoning-parser 1.10.0, TensorRT-LLM and
 * LMDeploy. llama.cpp, Ollama and MLX-LM take no name: they go by the template, the model or the vocabulary.
 */
export const REASONING_PARSERS: readonly ReasoningParser[] = [
  {
    reads: '<think>…</think>',
    begins: 'inside',
    names: {
      vllm: ['deepseek_r1', 'minimax_m2', 'olmo3', 'step3', 'step3p5', 'step5'],
      sglang: ['deepseek-r1', 'qwen3-thinking', 'minimax', 'step3', 'step3p5', 'gigachat35'],
      dynamo: [
        'deepseek_r1',
        'deepseek_v3',
        'deepseek_v3_1',
        'deepseek_v3_2',
        'kimi_k25',
        'minimax_m2',
        'nemotron_nano',
        'nemotron3',
        'nemotron_v3',
        'step3',
      ],
      smg: ['deepseek_r1', 'kimi_thinking', 'minimax', 'qwen3_thinking', 'step3'],
      trtllm: ['deepseek-r1', 'minimax_m2', 'minimax_m2_append_think', 'qwen3_5'],
      lmdeploy: 'default',
    },
  },
  {
    reads: '<think>…</think>',
    begins: 'on',
    names: {
      vllm: [
        'qwen3',
        'deepseek_v4',
        'deepseek_v41',
        'glm45',
        'glm47',
        'granite_thinking_parser',
        'holo2',
        'kimi_k2',
        'ling3',
        'mimo',
        'minicpmv',
        'nemotron_v3',
      ],
      sglang: 'iquest_q1',
      trtllm: ['kimi_k25', 'nano-v3', 'nemotron-v3'],
    },
  },
  {
    reads: '<think>…</think>',
    begins: 'off',
    names: {
      vllm: ['deepseek_v3', 'poolside_v1'],
      trtllm: 'deepseek_v4',
      lmdeploy: ['deepseek-v3', 'deepseek-v32', 'deepseek-v3.2', 'deepseek-v4'],
    },
  },
  {
    reads: '<think>…</think>',
    begins: 'prompt',
    names: {
      sglang: [
        'qwen3',
        'deepseek-v3',
        'deepseek-v4',
        'deepseek-v41',
        'dots',
        'glm45',
        'granite_thinking_parser',
        'interns1',
        'kimi_k2',
        'ling3',
        'mimo',
        'nanbeige',
        'nemotron_3',
        'poolside_v1',
      ],
      trtllm: ['poolside_v1', 'laguna'],
    },
  },
  {
    reads: '<think>…</think>',
    begins: 'outside',
    names: {
      dynamo: ['qwen3', 'basic', 'deepseek_v4', 'deepseek-v4', 'deepseekv4', 'glm45', 'nemotron_deci'],
      smg: ['qwen3', 'base', 'deepseek_v31', 'deepseek_v4', 'deepseek_v41', 'glm45', 'kimi_k25', 'nano_v3'],
      trtllm: ['qwen3', 'kimi_k2'],
    },
  },
  {
    reads: '<think>…</think>, left in the content',
    begins: 'inside',
    names: {
      vllm: 'minimax_m2_append_think',
      sglang: 'minimax-append-think',
      dynamo: 'minimax_append_think',
    },
  },
  { reads: '<think>…</think>, then <response>…</response>', begins: 'inside', names: { vllm: 'ernie45' } },
  { reads: '<think>…</think>, then <answer>…</answer>', begins: 'outside', names: { vllm: 'hunyuan_a13b' } },
  {
    reads: '<think:SUFFIX>…</think:SUFFIX>',
    begins: 'off',
    names: { vllm: ['hy_v3', 'hy_v4'], sglang: 'hunyuan', smg: 'hy_v4' },
  },
  { reads: '<seed:think>…</seed:think>', begins: 'inside', names: { vllm: 'seed_oss' } },
  {
    reads: '<mm:think>…</mm:think>',
    begins: 'outside',
    names: {
      vllm: 'minimax_m3',
      sglang: 'minimax-m3',
      dynamo: ['minimax_m3', 'minimax-m3'],
      smg: 'minimax_m3',
      trtllm: 'minimax_m3',
    },
  },
  { reads: '[THINK]…[/THINK]', begins: 'outside', names: { vllm: 'mistral', sglang: 'mistral' } },
  { reads: '[THINK]…[/THINK]', begins: 'inside', names: { dynamo: 'mistral' } },
  {
    reads: '◁think▷…◁/think▷',
    begins: 'outside',
    names: { vllm: 'kimi', sglang: 'kimi', dynamo: 'kimi', smg: 'kimi' },
  },
  {
    reads: '<|channel>thought…<channel|>',
    begins: 'outside',
    names: { vllm: 'gemma4', sglang: 'gemma4', dynamo: ['gemma4', 'gemma-4'], smg: 'gemma4', trtllm: 'gemma4' },
  },
  {
    reads: '<|START_THINKING|>…<|END_THINKING|>',
    begins: 'outside',
    names: { vllm: ['cohere_command3', 'cohere_cmd'], smg: 'cohere_cmd' },
  },
  {
    reads: '<|START_THINKING|>…<|END_THINKING|>',
    begins: 'inside',
    names: { vllm: 'cohere_command4', sglang: 'cohere_command4' },
  },
  {
    reads: 'Here is my thought process: … Here is my response:',
    begins: 'outside',
    names: { vllm: 'granite', dynamo: 'granite' },
  },
  {
    reads: '<|open|>think<|sep|>…<|close|>think<|sep|>',
    begins: 'on',
    names: { vllm: 'kimi_k3', sglang: 'kimi_k3', dynamo: ['kimi_k3', 'kimi-k3'], smg: 'kimi_k3', trtllm: 'kimi_k3' },
  },
  {
    reads: '<ifm|think>…</ifm|think>, with _fast or _faster by effort',
    begins: 'inside',
    names: { vllm: 'k2_horizon', sglang: 'k2_horizon' },
  },
  { reads: '<|plamo:begin_think:plamo|>…<|plamo:end_think:plamo|>', begins: 'on', names: { vllm: 'plamo3' } },
  { reads: '<|inner_prefix|>…<|inner_suffix|>', begins: 'outside', names: { sglang: 'apertus2509' } },
  {
    reads: 'messages on the channel analysis',
    begins: 'outside',
    names: { vllm: ['openai_gptoss', 'beam'], sglang: ['gpt-oss', 'beam'], dynamo: 'gpt_oss' },
  },
  {
    reads: 'messages to=self',
    begins: 'outside',
    names: { vllm: ['muse', 'muse_glimmer', 'musespark1x'], sglang: 'muse' },
  },
  {
    reads: '<|content_thinking|>…<|end_message|>',
    begins: 'outside',
    names: { vllm: 'inkling', sglang: 'inkling', dynamo: 'inkling', smg: 'inkling' },
  },
  {
    reads: 'what the response_template of the checkpoint says',
    begins: 'prompt',
    names: { vllm: 'hf', sglang: 'response_template' },
  },
  { reads: 'nothing: all text is content', begins: 'outside', names: { smg: 'passthrough' } },
]

/** What a name means to the engines that have a reasoning parser of that name. */
export interface NamedReasoning {
  readonly engines: readonly Engine[]
  readonly parser: ReasoningParser
}

/** The reasoning parsers of a name, each with the engines that mean it; empty for a name that is none. */
export function reasoningParsers(name: string): NamedReasoning[] {
  const engines = Object.keys(ENGINES) as Engine[]
  return REASONING_PARSERS.map((parser) => ({
    parser,
    engines: engines.filter((engine) => flagsOf(parser.names, engine).includes(name)),
  })).filter(({ engines }) => engines.length > 0)
}

/** The reasoning parser that one engine calls so. */
export function reasoningParserOf(engine: Engine, name: string): ReasoningParser | undefined {
  return REASONING_PARSERS.find(({ names }) => flagsOf(names, engine).includes(name))
}

const BEGINS: Readonly<Record<ReasoningBegins, string>> = {
  inside: 'assumes that the text begins inside it',
  on: 'assumes that the text begins inside it unless the request turns thinking off',
  off: 'assumes that the text begins outside it unless the request turns thinking on',
  outside: 'waits for the text to open it',
  prompt: 'goes by what the chat template writes',
}

/**
 * What a name means as a reasoning parser, in words; undefined for a name that is none.
 * @example reasoningInWords('holo2') // 'vLLM: reads <think>…</think>, assumes that the text begins inside it unless …'
 */
export function reasoningInWords(name: string): string | undefined {
  const descriptions = reasoningParsers(name).map(
    ({ engines, parser }) =>
      `${engines.map((engine) => ENGINES[engine].title).join(', ')}: reads ${parser.reads}, ${BEGINS[parser.begins]}`,
  )
  return descriptions.length === 0 ? undefined : descriptions.join('; ')
}
