import { describe, expect, it } from 'vitest'
import { ENGINES, flagsOf } from '../../src/detect/engines.js'
import { MODEL_FLAGS } from '../../src/detect/model-flags.js'
import { reasoningParserOf } from '../../src/detect/reasoning-parsers.js'
import { namesOf } from '../../src/detect/unread.js'
import { known } from '../../src/formats/unread-formats.js'
import { aboutModel, createRegistry, type Engine, formats, getFormat } from '../../src/index.js'

/**
 * Every name of a parser of tool calls that an engine takes, by the format that it stands for; of `a|b` the first that is
 * there. From the registries of vLLM 0.33.0, SGLang 0.5.23, dynamo-parsers 11.0.1, tool-parser 1.10.0, Ollama of August 2026,
 * MLX-LM 0.32.2, and the factories of TensorRT-LLM and LMDeploy; of llama.cpp the initialisers that are not automatic.
 */
const TOOL_PARSERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  vllm: {
    apertus: 'apertus',
    beam: 'beam',
    'cohere-command': 'cohere_command3 cohere_command4',
    'deepseek-v3': 'deepseek_v3',
    'deepseek-v3.1': 'deepseek_v31',
    'deepseek-v3.2': 'deepseek_v32',
    'deepseek-v4': 'deepseek_v4',
    'deepseek-v4.1': 'deepseek_v41',
    dots: 'dots',
    ernie45: 'ernie45',
    functiongemma: 'functiongemma',
    gemma4: 'gemma4',
    gigachat3: 'gigachat3',
    'glm-4.5': 'glm45',
    'glm-4.7': 'glm47',
    granite3: 'granite',
    'granite-20b-fc': 'granite-20b-fc',
    'granite4|hermes': 'granite4',
    hermes: 'hermes qwen3_json',
    none: 'hf',
    'hunyuan-a13b': 'hunyuan_a13b',
    'hunyuan-v3': 'hy_v3',
    'hunyuan-v4': 'hy_v4',
    inkling: 'inkling',
    internlm2: 'internlm',
    jamba: 'jamba',
    'k2-horizon': 'k2_horizon',
    'kimi-k2': 'kimi_k2',
    'kimi-k3': 'kimi_k3',
    lfm2: 'lfm2',
    ling3: 'ling3',
    llama3: 'llama3_json llama4_json',
    'llama4-pythonic': 'llama4_pythonic',
    longcat: 'longcat',
    mimo: 'mimo',
    minicpm5: 'minicpm5',
    'minimax-m2': 'minimax_m2',
    'minimax-m3': 'minimax_m3',
    mistral: 'mistral',
    muse: 'muse musespark1x',
    glimmer: 'muse_glimmer',
    olmo3: 'olmo3',
    harmony: 'openai',
    'phi4-mini': 'phi4_mini_json',
    plamo3: 'plamo3',
    'poolside-v1': 'poolside_v1',
    pythonic: 'pythonic',
    'qwen3-coder': 'qwen3_coder qwen3_xml step3p5 step5',
    'seed-oss': 'seed_oss',
    step3: 'step3',
    xlam: 'xlam',
  },
  sglang: {
    apertus: 'apertus2509',
    beam: 'beam',
    'cohere-command': 'cohere_command4',
    'deepseek-v3': 'deepseekv3',
    'deepseek-v3.1': 'deepseekv31',
    'deepseek-v3.2': 'deepseekv32',
    'deepseek-v4': 'deepseekv4',
    'deepseek-v4.1': 'deepseekv41',
    dots: 'dots',
    gemma4: 'gemma4',
    gigachat3: 'gigachat3',
    gigachat35: 'gigachat35',
    'glm-4.5': 'glm glm45',
    'glm-4.7': 'glm47',
    harmony: 'gpt-oss',
    hermes: 'hermes qwen25 trinity',
    'hunyuan-v4': 'hunyuan',
    inkling: 'inkling',
    internlm2: 'interns1',
    'iquest-q1': 'iquest_q1',
    'k2-horizon': 'k2_horizon',
    'kimi-k2': 'kimi_k2',
    'kimi-k3': 'kimi_k3',
    lfm2: 'lfm2',
    ling3: 'ling3',
    llama3: 'llama3',
    mimo: 'mimo',
    minicpm5: 'minicpm5',
    'minimax-m2': 'minimax-m2',
    'minimax-m3': 'minimax-m3',
    mistral: 'mistral',
    muse: 'muse',
    'qwen3-coder': 'nanbeige qwen3_coder step3p5',
    'poolside-v1': 'poolside_v1',
    pythonic: 'pythonic',
    qwen: 'qwen',
    none: 'response_template',
    spark25: 'spark25',
    step3: 'step3',
  },
  dynamo: {
    'deepseek-v4': 'deepseek-v4 deepseek_v4 deepseekv4',
    'deepseek-v3': 'deepseek_v3',
    'deepseek-v3.1': 'deepseek_v3_1',
    'deepseek-v3.2': 'deepseek_v3_2',
    none: 'default',
    gemma4: 'gemma-4 gemma4',
    'glm-4.7': 'glm47',
    harmony: 'harmony',
    hermes: 'hermes qwen25',
    inkling: 'inkling',
    jamba: 'jamba',
    'kimi-k3': 'kimi-k3 kimi_k3',
    'kimi-k2': 'kimi_k2',
    llama3: 'llama3_json',
    'minimax-m3': 'minimax-m3 minimax-m3-nom minimax_m3 minimax_m3_nom',
    'minimax-m2': 'minimax_m2',
    mistral: 'mistral',
    'nemotron-json': 'nemotron_deci',
    'qwen3-coder': 'nemotron_nano qwen3_coder',
    'phi4-mini': 'phi4',
    pythonic: 'pythonic',
  },
  smg: {
    'cohere-command': 'cohere',
    'deepseek-v3': 'deepseek',
    'deepseek-v3.1': 'deepseek31',
    'deepseek-v3.2': 'deepseek32',
    'deepseek-v4': 'deepseek_v4',
    'deepseek-v4.1': 'deepseek_v41',
    gemma4: 'gemma4',
    'glm-4.5': 'glm45_moe',
    'glm-4.7': 'glm47_moe',
    'hunyuan-v4': 'hy_v4',
    inkling: 'inkling',
    llama3: 'json llama',
    'kimi-k3': 'kimi_k3',
    'kimi-k2': 'kimik2',
    'minimax-m2': 'minimax_m2',
    'minimax-m3': 'minimax_m3',
    mistral: 'mistral',
    'qwen3-coder': 'nemotron qwen_coder qwen_xml',
    none: 'passthrough',
    pythonic: 'pythonic',
    qwen: 'qwen',
    sarashina: 'sarashina',
    step3: 'step3',
  },
  llamacpp: {
    'cohere-command': 'cohere2moe',
    'deepseek-v3.2': 'deepseek_v3_2',
    'functionary-v3.2': 'functionary_v3_2',
    gemma4: 'gemma4',
    gigachat3: 'gigachat_v3',
    harmony: 'gpt_oss',
    'kimi-k2': 'kimi_k2',
    'kimi-k3': 'kimi_k3',
    lfm2: 'lfm2',
    ling3: 'ling3',
    minicpm5: 'minicpm5',
    'minimax-m3': 'minimax_m3',
    mistral: 'ministral_3',
    glimmer: 'muse_glimmer',
    'qwen3-coder': 'qwen3_coder',
  },
  ollama: {
    'deepseek-v3.1': 'cogito',
    'cohere-command': 'cohere',
    'deepseek-v3': 'deepseek3',
    functiongemma: 'functiongemma',
    gemma4: 'gemma4 gemma4-no-thinking',
    glimmer: 'glimmer',
    'glm-4.7': 'glm-4.7',
    'glm-4.5': 'glm-ocr',
    harmony: 'harmony',
    'poolside-v1': 'laguna poolside-v1',
    lfm2: 'lfm2 lfm2-thinking',
    mistral: 'ministral',
    'qwen3-coder': 'nemotron-3-nano nemotron-3.5-nano qwen3-coder qwen3.5',
    olmo3: 'olmo3 olmo3-think',
    none: 'passthrough',
    hermes: 'qwen3 qwen3-thinking qwen3-vl-instruct qwen3-vl-thinking',
  },
  mlx: {
    functiongemma: 'function_gemma',
    gemma4: 'gemma4',
    'glm-4.7': 'glm47',
    hermes: 'json_tools',
    'kimi-k2': 'kimi_k2',
    'kimi-k3': 'kimi_k3',
    'poolside-v1': 'laguna',
    longcat: 'longcat',
    minicpm5: 'minicpm5',
    'minimax-m2': 'minimax_m2',
    mistral: 'mistral',
    muse: 'muse_spark',
    pythonic: 'pythonic',
    'qwen3-coder': 'qwen3_coder',
  },
  trtllm: {
    'deepseek-v3.2': 'deepseek_v32',
    'deepseek-v3': 'deepseekv3',
    'deepseek-v3.1': 'deepseekv3.1',
    'kimi-k2': 'kimi_k2',
    hermes: 'qwen3',
    'qwen3-coder': 'qwen3_coder',
  },
  lmdeploy: {
    'deepseek-v3.2': 'deepseek-v32',
    'deepseek-v4': 'deepseek-v4',
    'glm-4.7': 'glm47',
    harmony: 'gpt-oss',
    internlm2: 'intern-s1 internlm',
    'qwen3-coder': 'interns2-preview qwen3coder',
    'kimi-k2': 'kimi_k2',
    llama3: 'llama3',
    qwen: 'qwen',
    hermes: 'qwen2d5 qwen3',
  },
}

/** The names of parsers of reasoning, by engine. vLLM: those of Python, then those that only its Rust frontend has. */
const REASONING_PARSERS: Readonly<Record<string, string>> = {
  vllm: 'beam cohere_cmd cohere_command3 cohere_command4 deepseek_r1 deepseek_v3 deepseek_v4 deepseek_v41 ernie45 gemma4 glm45 glm47 granite granite_thinking_parser hf holo2 hunyuan_a13b hy_v3 hy_v4 inkling k2_horizon kimi kimi_k2 kimi_k3 ling3 mimo minicpmv minimax_m2 minimax_m2_append_think minimax_m3 mistral muse muse_glimmer musespark1x nemotron_v3 olmo3 openai_gptoss plamo3 poolside_v1 qwen3 seed_oss step3 step3p5 step5',
  sglang:
    'apertus2509 beam cohere_command4 deepseek-r1 deepseek-v3 deepseek-v4 deepseek-v41 dots gemma4 gigachat35 glm45 gpt-oss granite_thinking_parser hunyuan inkling interns1 iquest_q1 k2_horizon kimi kimi_k2 kimi_k3 ling3 mimo minimax minimax-append-think minimax-m3 mistral muse nanbeige nemotron_3 poolside_v1 qwen3 qwen3-thinking response_template step3 step3p5',
  dynamo:
    'basic deepseek-v4 deepseek_r1 deepseek_v3 deepseek_v3_1 deepseek_v3_2 deepseek_v4 deepseekv4 gemma-4 gemma4 glm45 gpt_oss granite inkling kimi kimi-k3 kimi_k25 kimi_k3 minimax-m3 minimax_append_think minimax_m2 minimax_m3 mistral nemotron3 nemotron_deci nemotron_nano nemotron_v3 qwen3 step3',
  smg: 'base cohere_cmd deepseek_r1 deepseek_v31 deepseek_v4 deepseek_v41 gemma4 glm45 hy_v4 inkling kimi kimi_k25 kimi_k3 kimi_thinking minimax minimax_m3 nano_v3 passthrough qwen3 qwen3_thinking step3',
  trtllm:
    'deepseek-r1 deepseek_v4 gemma4 kimi_k2 kimi_k25 kimi_k3 laguna minimax_m2 minimax_m2_append_think minimax_m3 nano-v3 nemotron-v3 poolside_v1 qwen3 qwen3_5',
  lmdeploy: 'deepseek-v3 deepseek-v3.2 deepseek-v32 deepseek-v4 default',
}

const COUNTS = { vllm: 58, sglang: 44, dynamo: 30, smg: 26, llamacpp: 15, ollama: 26, mlx: 14, trtllm: 6, lmdeploy: 13 }
const REASONING_COUNTS = { vllm: 44, sglang: 36, dynamo: 29, smg: 21, trtllm: 15, lmdeploy: 5 }

const toolParsers = Object.entries(TOOL_PARSERS).flatMap(([engine, byFormat]) =>
  Object.entries(byFormat).flatMap(([format, names]) =>
    names.split(' ').map((name) => ({ engine: engine as Engine, name, ids: format.split('|') })),
  ),
)
const reasoningParsers = Object.entries(REASONING_PARSERS).flatMap(([engine, names]) =>
  names.split(' ').map((name) => ({ engine: engine as Engine, name })),
)
const ids = formats().map(({ id }) => id)
const unread = new Map(known.unread.map((format) => [format.id, format]))

describe('names of parsers of tool calls', () => {
  it.each(toolParsers)('$engine: $name is $ids', ({ name, ids: meant }) => {
    const id = meant.find((one) => ids.includes(one) || unread.has(one))
    const about = aboutModel(name)
    if (id === undefined) {
      expect(meant).toEqual(['none'])
      expect(() => getFormat(name)).toThrow(/names no format: it .*\. Instead, /)
      expect(about.verdict).toBe('parser')
    } else if (ids.includes(id)) {
      expect(getFormat(name).id).toBe(id)
      expect(about.formats[0]?.format).toBe(id)
    } else {
      expect(() => getFormat(name)).toThrow(`the format "${id}"`)
      expect(() => getFormat(name)).toThrow(/is known, but not read yet\. Let the engine .* defineFormat/)
      expect(about.unread?.format).toBe(id)
    }
  })

  it.each(Object.entries(COUNTS))('of %s are %d', (engine, count) => {
    const names = toolParsers.filter((one) => one.engine === engine).map(({ name }) => name)
    expect(new Set(names).size).toBe(count)
  })

  it('stand in the flags of the engine that has them', () => {
    const all = [...formats(), ...known.unread]
    const missing = toolParsers.filter(
      ({ engine, name, ids: meant }) =>
        meant[0] !== 'none' && name !== 'granite4' && !all.some(({ flags }) => flagsOf(flags, engine).includes(name)),
    )
    expect(missing).toEqual([])
  })

  it('are all that the flags hold', () => {
    const listed = new Set(toolParsers.map(({ engine, name }) => `${engine} ${name}`))
    const engines = Object.keys(ENGINES) as Engine[]
    const held = [...formats(), ...known.unread].flatMap(({ flags }) =>
      engines.flatMap((engine) => flagsOf(flags, engine).map((name) => `${engine} ${name}`)),
    )
    expect(held.filter((flag) => !flag.endsWith(' auto') && !listed.has(flag))).toEqual([])
  })
})

describe('names of parsers of reasoning', () => {
  it.each(reasoningParsers)('$engine: $name is known, with what it reads', ({ engine, name }) => {
    expect(reasoningParserOf(engine, name)?.reads).toBeTruthy()
    const about = aboutModel(name)
    expect(about.verdict).not.toBe('unknown')
    if (about.verdict === 'parser') expect(about.says).toMatch(/reasoning parser|names no format/)
  })

  it.each(Object.entries(REASONING_COUNTS))('of %s are %d', (engine, count) => {
    expect(new Set(reasoningParsers.filter((one) => one.engine === engine).map(({ name }) => name)).size).toBe(count)
  })

  it('that name no format say what they are', () => {
    expect(() => getFormat('holo2')).toThrow(
      /"holo2" is a reasoning parser, not a format \(vLLM: reads <think>…<\/think>/,
    )
    expect(() => getFormat('nemotron_v3')).toThrow(/startInReasoning/)
  })

  it('that models are told are parsers of that engine', () => {
    for (const { format, reasoning = {} } of MODEL_FLAGS)
      for (const [engine, name] of Object.entries(reasoning))
        expect([format, engine, name, reasoningParserOf(engine as Engine, name) !== undefined]).toContain(true)
  })
})

describe('formats that are known and not read', () => {
  it.each(known.unread)('$id is no format, nor is any of its names', (format) => {
    for (const name of namesOf(format)) expect(() => getFormat(name)).toThrow(/known, but not read yet/)
  })

  it('are not known to a registry that was not told', () => {
    expect(() => createRegistry(formats()).getFormat('step3')).not.toThrow(/known, but not read yet/)
  })
})
