import type { EngineFlags } from '../engine/format.js'

/** Flags that engines need for some models of a format. */
export interface ModelFlags {
  readonly format: string
  /** Names of these models only. Without it: of all models of the format. */
  readonly models?: RegExp
  /** The parser of tool calls, where it is not the usual one of the format. */
  readonly tools?: EngineFlags
  /** The parser of reasoning; empty where the models do not reason. */
  readonly reasoning?: EngineFlags
}

/**
 * The parsers of engines by model. Of the rows that fit a model the first one that says something counts, for tools and for
 * reasoning.
 *
 * Source: the recipes and the documentation of vLLM 0.33.0, the registries and the cookbook of SGLang 0.5.23, and the
 * registries of dynamo-parsers 11.0.1, reasoning-parser 1.10.0, TensorRT-LLM and LMDeploy.
 */
export const MODEL_FLAGS: readonly ModelFlags[] = [
  {
    format: 'hermes',
    models: /\bqwq\b|\bqwen-?3.{0,30}thinking/i,
    reasoning: {
      vllm: 'deepseek_r1',
      sglang: 'qwen3-thinking',
      dynamo: 'deepseek_r1',
      smg: 'qwen3_thinking',
      trtllm: 'deepseek-r1',
      lmdeploy: 'default',
    },
  },
  { format: 'hermes', models: /\bqwen-?2|instruct/i, reasoning: {} },
  {
    format: 'hermes',
    models: /\bqwen-?3/i,
    reasoning: {
      vllm: 'qwen3',
      sglang: 'qwen3',
      dynamo: 'qwen3',
      smg: 'qwen3',
      trtllm: 'qwen3',
      lmdeploy: 'default',
    },
  },
  {
    format: 'hermes',
    models: /\b(?:mellum|param|kolibri|ling|ring)-?\d/i,
    reasoning: { vllm: 'qwen3', sglang: 'qwen3' },
  },
  { format: 'hermes', models: /\btrinity/i, tools: { vllm: 'hermes', sglang: 'trinity' } },
  {
    format: 'qwen3-coder',
    models: /\bstep-?3/i,
    tools: { vllm: 'step3p5', sglang: 'step3p5' },
    reasoning: { vllm: 'step3p5', sglang: 'step3p5' },
  },
  { format: 'qwen3-coder', models: /\bstep-?5/i, tools: { vllm: 'step5' }, reasoning: { vllm: 'step5' } },
  {
    format: 'qwen3-coder',
    models: /\bnemotron-?3[._p]5/i,
    tools: {
      vllm: 'qwen3_coder',
      sglang: 'qwen3_coder',
      dynamo: 'nemotron_nano',
      smg: 'nemotron',
      ollama: 'nemotron-3.5-nano',
    },
  },
  {
    format: 'qwen3-coder',
    models: /\bnemotron/i,
    tools: {
      vllm: 'qwen3_coder',
      sglang: 'qwen3_coder',
      dynamo: 'nemotron_nano',
      smg: 'nemotron',
      ollama: 'nemotron-3-nano',
    },
    reasoning: {
      vllm: 'nemotron_v3',
      sglang: 'nemotron_3',
      dynamo: 'nemotron_v3',
      smg: 'nano_v3',
      trtllm: 'nemotron-v3',
    },
  },
  {
    format: 'qwen3-coder',
    models: /\bgranite/i,
    reasoning: { vllm: 'granite_thinking_parser', sglang: 'granite_thinking_parser' },
  },
  {
    format: 'qwen3-coder',
    models: /\bnanbeige/i,
    tools: { sglang: 'nanbeige' },
    reasoning: { sglang: 'nanbeige' },
  },
  {
    format: 'qwen3-coder',
    models: /\bintern-?s2/i,
    tools: { vllm: 'qwen3_coder', sglang: 'qwen3_coder', lmdeploy: 'interns2-preview' },
    reasoning: { vllm: 'qwen3', sglang: 'qwen3', lmdeploy: 'default' },
  },
  {
    format: 'qwen3-coder',
    models: /\bminicpm/i,
    tools: { vllm: 'qwen3_coder', sglang: 'qwen3_coder' },
    reasoning: { vllm: 'minicpmv', sglang: 'qwen3' },
  },
  {
    format: 'qwen3-coder',
    models: /\btrinity/i,
    tools: { vllm: 'qwen3_coder', sglang: 'qwen3_coder' },
    reasoning: { vllm: 'deepseek_r1', sglang: 'deepseek-r1' },
  },
  {
    format: 'qwen3-coder',
    models: /\bqwen-?3[._p][5-9]|\bornith\b/i,
    tools: {
      vllm: 'qwen3_coder',
      sglang: 'qwen3_coder',
      dynamo: 'qwen3_coder',
      smg: 'qwen_xml',
      llamacpp: 'qwen3_coder',
      ollama: 'qwen3.5',
      mlx: 'qwen3_coder',
      trtllm: 'qwen3_coder',
      lmdeploy: 'qwen3coder',
    },
    reasoning: {
      vllm: 'qwen3',
      sglang: 'qwen3',
      dynamo: 'qwen3',
      smg: 'qwen3',
      trtllm: 'qwen3_5',
      lmdeploy: 'default',
    },
  },
  { format: 'qwen3-coder', models: /coder/i, reasoning: {} },
  { format: 'mimo', models: /\bv2-flash/i, reasoning: { vllm: 'qwen3', sglang: 'mimo' } },
  { format: 'mimo', reasoning: { vllm: 'mimo', sglang: 'mimo' } },
  {
    format: 'deepseek-v3',
    models: /\br1\b/i,
    reasoning: {
      vllm: 'deepseek_r1',
      sglang: 'deepseek-r1',
      dynamo: 'deepseek_r1',
      smg: 'deepseek_r1',
      trtllm: 'deepseek-r1',
    },
  },
  { format: 'deepseek-v3', reasoning: {} },
  {
    format: 'deepseek-json',
    models: /\br1\b/i,
    reasoning: {
      vllm: 'deepseek_r1',
      sglang: 'deepseek-r1',
      dynamo: 'deepseek_r1',
      smg: 'deepseek_r1',
      trtllm: 'deepseek-r1',
    },
  },
  {
    format: 'deepseek-v3.1',
    reasoning: {
      vllm: 'deepseek_v3',
      sglang: 'deepseek-v3',
      dynamo: 'deepseek_v3_1',
      smg: 'deepseek_v31',
      lmdeploy: 'deepseek-v3',
    },
  },
  {
    format: 'deepseek-v3.2',
    reasoning: { vllm: 'deepseek_v3', sglang: 'deepseek-v3', dynamo: 'deepseek_v3_2', lmdeploy: 'deepseek-v32' },
  },
  {
    format: 'deepseek-v4',
    reasoning: {
      vllm: 'deepseek_v4',
      sglang: 'deepseek-v4',
      dynamo: 'deepseek_v4',
      smg: 'deepseek_v4',
      trtllm: 'deepseek_v4',
      lmdeploy: 'deepseek-v4',
    },
  },
  {
    format: 'deepseek-v4.1',
    reasoning: { vllm: 'deepseek_v41', sglang: 'deepseek-v41', smg: 'deepseek_v41' },
  },
  {
    format: 'mistral',
    models: /magistral|reasoning|\bsmall-?4\b|\bmedium-?3[._p]5/i,
    reasoning: { vllm: 'mistral', sglang: 'mistral', dynamo: 'mistral' },
  },
  { format: 'mistral', reasoning: {} },
  { format: 'kimi-k2', models: /instruct/i, reasoning: {} },
  {
    format: 'kimi-k2',
    models: /thinking/i,
    reasoning: { vllm: 'kimi_k2', sglang: 'kimi_k2', smg: 'kimi_thinking', trtllm: 'kimi_k2' },
  },
  {
    format: 'kimi-k2',
    reasoning: { vllm: 'kimi_k2', sglang: 'kimi_k2', dynamo: 'kimi_k25', smg: 'kimi_k25', trtllm: 'kimi_k25' },
  },
  {
    format: 'minimax-m2',
    reasoning: {
      vllm: 'minimax_m2',
      sglang: 'minimax',
      dynamo: 'minimax_m2',
      smg: 'minimax',
      trtllm: 'minimax_m2',
    },
  },
  {
    format: 'minimax-m3',
    reasoning: {
      vllm: 'minimax_m3',
      sglang: 'minimax-m3',
      dynamo: 'minimax_m3',
      smg: 'minimax_m3',
      trtllm: 'minimax_m3',
    },
  },
  { format: 'seed-oss', reasoning: { vllm: 'seed_oss' } },
  {
    format: 'lfm2',
    models: /thinking|\b8b-a1b/i,
    tools: { vllm: 'lfm2', sglang: 'lfm2', llamacpp: 'lfm2', ollama: 'lfm2-thinking', mlx: 'pythonic' },
    reasoning: { vllm: 'qwen3', sglang: 'qwen3' },
  },
  { format: 'lfm2', reasoning: {} },
  { format: 'granite3', models: /\bgranite-?3[._p]2/i, reasoning: { vllm: 'granite', dynamo: 'granite' } },
  {
    format: 'gemma4',
    reasoning: { vllm: 'gemma4', sglang: 'gemma4', dynamo: 'gemma4', smg: 'gemma4', trtllm: 'gemma4' },
  },
  { format: 'glm-4.7', reasoning: { vllm: 'glm47', sglang: 'glm45', dynamo: 'glm45', smg: 'glm45' } },
  { format: 'glm-4.5', models: /\bring-/i, reasoning: { vllm: 'qwen3', sglang: 'qwen3' } },
  { format: 'glm-4.5', reasoning: { vllm: 'glm45', sglang: 'glm45', dynamo: 'glm45', smg: 'glm45' } },
  { format: 'ling3', reasoning: { vllm: 'ling3', sglang: 'ling3' } },
  {
    format: 'poolside-v1',
    reasoning: { vllm: 'poolside_v1', sglang: 'poolside_v1', trtllm: 'poolside_v1' },
  },
  { format: 'iquest-q1', reasoning: { sglang: 'iquest_q1' } },
  { format: 'hunyuan-v4', reasoning: { vllm: 'hy_v4', sglang: 'hunyuan', smg: 'hy_v4' } },
  { format: 'hunyuan-v3', reasoning: { vllm: 'hy_v3', sglang: 'hunyuan' } },
  { format: 'hunyuan-a13b', reasoning: { vllm: 'hunyuan_a13b' } },
  { format: 'k2-horizon', reasoning: { vllm: 'k2_horizon', sglang: 'k2_horizon' } },
  { format: 'harmony', reasoning: { vllm: 'openai_gptoss', sglang: 'gpt-oss', dynamo: 'gpt_oss' } },
  { format: 'beam', reasoning: { vllm: 'beam', sglang: 'beam' } },
  { format: 'inkling', reasoning: { vllm: 'inkling', sglang: 'inkling', dynamo: 'inkling', smg: 'inkling' } },
  { format: 'glimmer', reasoning: { vllm: 'muse_glimmer', sglang: 'muse' } },
  { format: 'muse', reasoning: { vllm: 'muse', sglang: 'muse' } },
  {
    format: 'internlm2',
    models: /\bintern-?s1/i,
    reasoning: { vllm: 'deepseek_r1', sglang: 'interns1', lmdeploy: 'default' },
  },
  { format: 'internlm2', reasoning: {} },
  { format: 'llama3', reasoning: {} },
  { format: 'pythonic', reasoning: {} },
  { format: 'llama4-pythonic', reasoning: {} },
  { format: 'step3', reasoning: { vllm: 'step3', sglang: 'step3', dynamo: 'step3', smg: 'step3' } },
  {
    format: 'kimi-k3',
    reasoning: { vllm: 'kimi_k3', sglang: 'kimi_k3', dynamo: 'kimi_k3', smg: 'kimi_k3', trtllm: 'kimi_k3' },
  },
  {
    format: 'cohere-command',
    reasoning: { vllm: 'cohere_command3', sglang: 'cohere_command4', smg: 'cohere_cmd' },
  },
  { format: 'dots', reasoning: { vllm: 'qwen3', sglang: 'dots' } },
  { format: 'minicpm5', reasoning: { vllm: 'qwen3', sglang: 'qwen3' } },
  { format: 'plamo3', reasoning: { vllm: 'plamo3' } },
  { format: 'olmo3', reasoning: { vllm: 'olmo3' } },
  { format: 'apertus', reasoning: { sglang: 'apertus2509' } },
  { format: 'ernie45', reasoning: { vllm: 'ernie45' } },
  { format: 'nemotron-json', reasoning: { dynamo: 'nemotron_deci' } },
  { format: 'gigachat35', reasoning: { sglang: 'gigachat35' } },
]

/** The flags of engines for a model of a format; undefined where they are not known. */
export function modelFlags(format: string, model: string): Pick<ModelFlags, 'tools' | 'reasoning'> {
  const rows = MODEL_FLAGS.filter((row) => row.format === format && row.models?.test(model) !== false)
  const tools = rows.find((row) => row.tools !== undefined)?.tools
  const reasoning = rows.find((row) => row.reasoning !== undefined)?.reasoning
  return { ...(tools && { tools }), ...(reasoning && { reasoning }) }
}
