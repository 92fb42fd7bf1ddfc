import { describe, expect, it } from 'vitest'
import { formatForModel, getFormat } from '../../src/index.js'

// Names as Hugging Face, GGUF files, Ollama, Amazon Bedrock and others who serve models spell them. `opens`: the prompt opens
// the reasoning, so that texts begin inside it; undefined: no match says so, since it is not known or differs by request.
type Row = readonly [format: string, opens: boolean | undefined, names: readonly string[]]

const WRITTEN: readonly Row[] = [
  [
    'hermes',
    false,
    [
      'NousResearch/Hermes-2-Pro-Mistral-7B',
      'NousResearch/Hermes-2-Pro-Llama-3-8B',
      'NousResearch/Hermes-3-Llama-3.1-8B',
      'NousResearch/Hermes-3-Llama-3.2-3B',
      'NousResearch/DeepHermes-3-Mistral-24B-Preview',
      'NousResearch/Hermes-4-70B',
      'bartowski/NousResearch_Hermes-4-14B-GGUF',
      'hermes3:8b',
      'Qwen/Qwen2.5-7B-Instruct',
      'Qwen/Qwen2.5-72B-Instruct-Turbo',
      'Qwen/Qwen2.5-VL-32B-Instruct',
      'qwen/qwen-2.5-72b-instruct',
      'qwen2.5:14b',
      'qwen2.5-7b-instruct-q4_k_m.gguf',
      'accounts/fireworks/models/qwen2p5-72b-instruct',
      'Qwen/QwQ-32B-Preview',
      'Qwen/Qwen3-8B',
      'bartowski/Qwen_Qwen3-8B-GGUF',
      'Qwen/Qwen3-32B-FP8',
      'Qwen/Qwen3-30B-A3B-Instruct-2507',
      'Qwen/Qwen3-Next-80B-A3B-Instruct',
      'Qwen/Qwen3-VL-30B-A3B-Instruct',
      'mlx-community/Qwen3-32B-4bit',
      'qwen/qwen3-235b-a22b:free',
      'qwen3:30b-a3b-instruct-2507-q4_K_M',
      'qwen3-vl:8b-instruct',
      'qwen.qwen3-32b-v1:0',
      'qwen.qwen3-235b-a22b-2507-v1:0',
      'qwen.qwen3-next-80b-a3b',
      'accounts/fireworks/models/qwen3-235b-a22b',
      'ibm-granite/granite-4.0-h-small',
      'ibm-granite/granite-4.1-8b',
      'granite4:micro',
      'speakleash/Bielik-11B-v3.0-Instruct',
      'Bielik-4.5B-v3.0-Instruct.Q8_0.gguf',
      'RekaAI/reka-edge-2603',
      'Groq/Llama-3-Groq-8B-Tool-Use',
      'llama3-groq-tool-use:8b',
      'HuggingFaceTB/SmolLM3-3B',
    ],
  ],
  [
    'hermes',
    true,
    [
      'Qwen/QwQ-32B',
      'qwq:32b',
      'qwen-qwq-32b',
      'Qwen/Qwen3-30B-A3B-Thinking-2507',
      'Qwen/Qwen3-Next-80B-A3B-Thinking',
      'Qwen/Qwen3-VL-235B-A22B-Thinking',
      'unsloth/Qwen3-4B-Thinking-2507-GGUF',
      'qwen3:30b-a3b-thinking-2507',
      'qwen/qwen3-235b-a22b-thinking-2507',
    ],
  ],
  [
    'hermes',
    undefined,
    [
      'JetBrains/Mellum2-12B-A2.5B-Instruct',
      'bharatgenai/Param2-17B-A2.4B-Thinking',
      'kolibri-1',
      'LGAI-EXAONE/EXAONE-4.0-32B',
      'LGAI-EXAONE/EXAONE-4.0.1-32B-GGUF',
      'LGAI-EXAONE/K-EXAONE-236B-A23B',
      'XiaomiMiMo/MiMo-VL-7B-RL',
      'arcee-ai/Trinity-Mini',
      'arcee-ai/Trinity-Nano-Preview',
    ],
  ],
  [
    'qwen',
    undefined,
    [
      'Qwen/Qwen2.5-Coder-7B-Instruct',
      'Qwen/Qwen2.5-Coder-32B-Instruct',
      'mlx-community/Qwen2.5-Coder-14B-Instruct-4bit',
      'Qwen2.5 Coder 7B Instruct',
      'ollama/qwen2.5-coder:7b',
      'qwen/qwen-2.5-coder-32b-instruct',
      'accounts/fireworks/models/qwen2p5-coder-32b-instruct',
      'Qwen/Qwen2-7B-Instruct',
      'Qwen/Qwen2-VL-7B-Instruct',
      'qwen2:72b',
      'Qwen/Qwen1.5-14B-Chat',
      'Qwen/CodeQwen1.5-7B-Chat',
      'qwen:7b',
    ],
  ],
  [
    'qwen3-coder',
    false,
    [
      'Qwen/Qwen3-Coder-30B-A3B-Instruct',
      'Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8',
      'Qwen/Qwen3-Coder-Next',
      'unsloth/Qwen3-Coder-Next-GGUF',
      'huggingface.co/unsloth/qwen3-coder-30b-a3b-instruct-gguf:Q3_K_M',
      'Qwen_Qwen3-Coder-30B-A3B-Instruct-Q4_K_M.gguf',
      'C:\\models\\qwen3-8b\\Qwen3-Coder-30B-A3B-Instruct-Q4_K_M.gguf',
      'qwen3-coder:30b',
      'qwen3-coder-plus',
      'qwen/qwen3-coder:free',
      'qwen.qwen3-coder-30b-a3b-v1:0',
      'qwen.qwen3-coder-480b-a35b-v1:0',
    ],
  ],
  [
    'qwen3-coder',
    true,
    [
      'Qwen/Qwen3.5-35B-A3B',
      'Qwen/Qwen3.5-397B-A17B',
      'qwen3_5-27b',
      'accounts/fireworks/models/qwen3p5-27b',
      'Qwen/Qwen3.6-27B',
      'qwen3.6:27b',
      'mlx-community/Qwen3.6-35B-A3B-4bit',
      'Qwen/Qwen3.8-27B',
      'Qwen3.8-27B-UD-IQ3_XXS.gguf',
      'Qwen/Qwen3.8-Flash-Next',
      'ornith:35b',
      'nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16',
      'nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8',
      'nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B',
      'nvidia/Nemotron-3.5-Super-VL',
      'nemotron-3-nano:30b',
      'nemotron-3-super',
      'nvidia.nemotron-nano-3-30b',
      'stepfun-ai/Step-3.5-Flash',
      'stepfun/step-3.5-flash:free',
      'stepfun-ai_Step-3.5-Flash-Q4_K_M.gguf',
      'stepfun-ai/Step-3.7-Flash',
    ],
  ],
  [
    'qwen3-coder',
    undefined,
    [
      'Qwen/Qwen3.5-0.8B',
      'qwen3.5:9b',
      'stepfun-ai/Step-5-Preview',
      'step-5-preview',
      'stepfun-ai_Step-5-Preview-GGUF',
      'ibm-granite/granite-4.2-8b',
      'granite4.2:8b',
      'internlm/Intern-S2-Preview',
      'openbmb/MiniCPM-V-4.6',
      'openbmb/MiniCPM-V-4_6-gguf',
      'minicpm-v4.6:8b',
      'arcee-ai/Trinity-Large-Thinking',
      'Nanbeige/Nanbeige4.1-3B',
      'Nanbeige/Nanbeige4-3B-Thinking-2511',
    ],
  ],
  [
    'mimo',
    undefined,
    [
      'XiaomiMiMo/MiMo-V2-Flash',
      'mimo-v2-flash',
      'mimo-v2-pro',
      'xiaomi/mimo-v2-flash:free',
      'XiaomiMiMo/MiMo-V2.5-Pro',
      'XiaomiMiMo/MiMo-V2.6-Pro-RL',
      'XiaomiMiMo_MiMo-V2-Flash-Q4_K_M.gguf',
    ],
  ],
  [
    'llama3',
    undefined,
    [
      'meta-llama/Meta-Llama-3-8B-Instruct',
      'meta-llama/Llama-3.1-8B-Instruct',
      'meta-llama/Meta-Llama-3.1-405B-Instruct-FP8',
      'mlx-community/Meta-Llama-3.1-8B-Instruct-4bit',
      'meta-llama/Llama-3.2-1B-Instruct',
      'meta-llama/Llama-3.2-3B-Instruct',
      'Llama 3.2 3B Instruct',
      'llama3.2:1b',
      'hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M',
      'meta-llama/Llama-3.2-11B-Vision-Instruct',
      'meta-llama/Llama-3.3-70B-Instruct',
      'llama3.3:70b',
      'llama-3.3-70b-versatile',
      'accounts/fireworks/models/llama-v3p1-8b-instruct',
      'meta.llama3-70b-instruct-v1:0',
      'meta.llama3-1-8b-instruct-v1:0',
      'us.meta.llama3-2-3b-instruct-v1:0',
      'us.meta.llama3-2-90b-instruct-v1:0',
      'us.meta.llama3-3-70b-instruct-v1:0',
      'arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-1-70b-instruct-v1:0',
      'nvidia/Llama-3.1-Nemotron-70B-Instruct-HF',
      'nemotron:70b',
    ],
  ],
  [
    'pythonic',
    undefined,
    ['Team-ACE/ToolACE-8B', 'Team-ACE/ToolACE-2-Llama-3.1-8B', 'fixie-ai/ultravox-v0_4-ToolACE-8B'],
  ],
  [
    'llama4-pythonic',
    undefined,
    [
      'meta-llama/Llama-4-Scout-17B-16E-Instruct',
      'RedHatAI/Llama-4-Scout-17B-16E-Instruct-FP8-dynamic',
      'llama-4-maverick-17b-128e-instruct',
      'llama4:scout',
      'accounts/fireworks/models/llama4-maverick-instruct-basic',
      'us.meta.llama4-scout-17b-instruct-v1:0',
      'meta.llama4-maverick-17b-instruct-v1:0',
    ],
  ],
  [
    'mistral',
    undefined,
    [
      'mistralai/Mistral-7B-Instruct-v0.3',
      'mistralai/Mixtral-8x22B-Instruct-v0.1',
      'mistralai/Mistral-Nemo-Instruct-2407',
      'mistral-nemo:12b',
      'mistralai/Mistral-Small-3.2-24B-Instruct-2506',
      'Mistral-Small-3.1-24B-Instruct-2503-4bit',
      'mistralai/Mistral-Large-3-675B-Instruct-2512',
      'mistralai/Ministral-3-14B-Instruct-2512',
      'Ministral-3-14B-Reasoning-2512-Q4_K_M',
      'mistralai/Magistral-Small-2509',
      'mistralai/Devstral-Small-2-24B-Instruct-2512',
      'devstral',
      'mistralai/Voxtral-Small-24B-2507',
      'codestral:22b',
      'mistral.mistral-7b-instruct-v0:2',
      'mistral.mixtral-8x7b-instruct-v0:1',
      'mistral.mistral-large-2407-v1:0',
      'us.mistral.pixtral-large-2502-v1:0',
    ],
  ],
  [
    'deepseek-v3',
    false,
    [
      'deepseek-ai/DeepSeek-V3',
      'deepseek-ai/DeepSeek-V3-0324',
      'deepseek-v3:671b',
      'deepseek/deepseek-chat-v3-0324',
      'accounts/fireworks/models/deepseek-v3-0324',
      'deepseek-ai/DeepSeek-V2.5-1210',
      'deepseek-ai/DeepSeek-Coder-V2-Instruct',
      'deepseek-coder-v2:16b',
    ],
  ],
  [
    'deepseek-v3',
    true,
    [
      'deepseek-ai/DeepSeek-R1',
      'deepseek-ai/DeepSeek-R1-0528',
      'deepseek-ai/DeepSeek-R1-0528-Qwen3-8B',
      'unsloth/DeepSeek-R1-0528-GGUF',
      'deepseek-r1:671b',
      'deepseek.r1-v1:0',
      'us.deepseek.r1-v1:0',
      'deepseek/deepseek-r1-0528:free',
    ],
  ],
  [
    'deepseek-v3.1',
    undefined,
    [
      'deepseek-ai/DeepSeek-V3.1',
      'deepseek-ai/DeepSeek-V3.1-Terminus',
      'deepseek-v3.1:671b-cloud',
      'deepseek/deepseek-chat-v3.1',
      'accounts/fireworks/models/deepseek-v3p1',
      'deepseek.v3-v1:0',
      'deepseek-v3-1-250821',
      'deepseek-ai/DeepSeek-V3.2-Exp',
      'cogito-2.1:671b',
    ],
  ],
  [
    'deepseek-v3.2',
    undefined,
    ['deepseek-ai/DeepSeek-V3.2', 'deepseek.v3.2', 'us.deepseek.v3.2', 'accounts/fireworks/models/deepseek-v3p2'],
  ],
  ['deepseek-v3.2', false, ['deepseek-chat', 'deepseek/deepseek-chat']],
  ['deepseek-v3.2', true, ['deepseek-reasoner', 'deepseek/deepseek-reasoner']],
  [
    'deepseek-v4',
    undefined,
    [
      'deepseek-ai/DeepSeek-V4-Flash',
      'DeepSeek-V4-Flash-0731',
      'deepseek/deepseek-v4-flash',
      'deepseek-v4-pro',
      'deepseek.v4-pro',
    ],
  ],
  [
    'deepseek-v4.1',
    undefined,
    ['deepseek-ai/DeepSeek-V4.1-Flash', 'deepseek-v4.1-flash', 'deepseek-v4p1-flash', 'deepseek-v4-1'],
  ],
  [
    'deepseek-json',
    true,
    [
      'deepseek-ai/DeepSeek-R1-Distill-Llama-8B',
      'deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B',
      'deepseek-ai/DeepSeek-R1-Distill-Qwen-32B',
      'bartowski/DeepSeek-R1-Distill-Qwen-14B-GGUF',
      'deepseek-r1-distill-llama-70b',
      'deepseek-r1:14b',
      'deepseek-r1:32b',
      'deepseek-r1:8b-llama-distill-q4_K_M',
    ],
  ],
  ['deepseek-json', false, ['deepseek-coder:6.7b', 'deepseek-ai/deepseek-coder-33b-instruct']],
  [
    'internlm2',
    undefined,
    [
      'internlm/internlm2-chat-7b',
      'internlm/internlm2_5-7b-chat',
      'internlm/internlm3-8b-instruct',
      'internlm/Intern-S1',
      'internlm/Intern-S1-mini',
    ],
  ],
  [
    'kimi-k2',
    false,
    [
      'moonshotai/Kimi-K2-Instruct',
      'moonshotai/Kimi-K2-Instruct-0905',
      'moonshotai/Kimi-K2-Thinking',
      'kimi-k2:1t-cloud',
      'accounts/fireworks/models/kimi-k2-instruct',
      'moonshot.kimi-k2-thinking',
    ],
  ],
  ['kimi-k2', true, ['moonshotai/Kimi-K2.5', 'moonshotai/kimi-k2.6:free', 'kimi-k2.7-code', 'kimi-k2p5']],
  [
    'minimax-m2',
    true,
    [
      'MiniMaxAI/MiniMax-M2',
      'MiniMaxAI/MiniMax-M2.5',
      'minimax-m2.1:cloud',
      'minimax/minimax-m2.7',
      'minimax.minimax-m2',
    ],
  ],
  ['seed-oss', undefined, ['ByteDance-Seed/Seed-OSS-36B-Instruct', 'unsloth/Seed-OSS-36B-Instruct-GGUF']],
  [
    'lfm2',
    undefined,
    ['LiquidAI/LFM2-1.2B-Tool', 'LiquidAI/LFM2.5-8B-A1B', 'LFM2-2.6B-Q4_K_M.gguf', 'lfm2.5-thinking:1.2b'],
  ],
  [
    'granite3',
    undefined,
    [
      'ibm-granite/granite-3.0-8b-instruct',
      'ibm-granite/granite-3.3-8b-instruct',
      'granite3.3:8b',
      'granite3.1-moe:3b',
      'ibm/granite-3-8b-instruct',
    ],
  ],
]

/** Models of other formats, of none, and names that say nothing. */
const UNKNOWN = [
  // formats that are not there
  'zai-org/GLM-4.5-Air',
  'zai-org/GLM-4.7',
  'glm-5.1:cloud',
  'openai/gpt-oss-20b',
  'openai.gpt-oss-120b-1:0',
  'google/gemma-4-31b-it',
  'google/functiongemma-270m-it',
  'gemma3:12b',
  'microsoft/Phi-4-mini-instruct',
  'CohereLabs/c4ai-command-a-03-2025',
  'command-r:35b',
  'ibm-granite/granite-20b-functioncalling',
  'allenai/Olmo-3-7B-Instruct',
  'stepfun-ai/step3',
  'openbmb/MiniCPM5-1B',
  'openbmb/MiniCPM-V-4_5',
  'ai21labs/AI21-Jamba-1.5-Mini',
  'tencent/Hunyuan-A13B-Instruct',
  'swiss-ai/Apertus-8B-Instruct-2509',
  'meituan-longcat/LongCat-Flash-Chat',
  'ServiceNow-AI/Apriel-1.6-15b-Thinker',
  'LGAI-EXAONE/EXAONE-3.5-7.8B-Instruct',
  'JetBrains/Mellum-4b-base',
  'RekaAI/reka-flash-3',
  // formats of their own behind the name of what they were made from
  'nvidia/Llama-3.1-Nemotron-Nano-8B-v1',
  'nvidia/Llama-3_3-Nemotron-Super-49B-v1_5',
  'nvidia/Llama-3_1-Nemotron-Ultra-253B-v1',
  'nvidia/NVIDIA-Nemotron-Nano-9B-v2',
  'nvidia.nemotron-nano-12b-v2',
  'nvidia/Mistral-NeMo-Minitron-8B-Instruct',
  'Salesforce/Llama-xLAM-2-8b-fc-r',
  'Salesforce/xLAM-2-32b-fc-r',
  'fireworks-ai/llama-3-firefunction-v2',
  'meetkai/functionary-small-v3.2',
  'meetkai/functionary-medium-v3.1-llama-3.1',
  'deepcogito/cogito-v1-preview-llama-8B',
  // no calls
  'teknium/OpenHermes-2.5-Mistral-7B',
  'dolphin3:8b',
  'cognitivecomputations/Dolphin3.0-Llama3.1-8B',
  'allenai/Llama-3.1-Tulu-3-8B',
  'meta-llama/Llama-2-7b-chat-hf',
  'codellama:13b',
  'meta-llama/Llama-Guard-3-8B',
  'meta-llama/Llama-Guard-4-12B',
  'Qwen/Qwen3-Embedding-8B',
  'Qwen/Qwen3-Reranker-4B',
  'Qwen/Qwen3Guard-Gen-8B',
  'Alibaba-NLP/gte-Qwen2-7B-instruct',
  'intfloat/e5-mistral-7b-instruct',
  'mistral-embed',
  'mistral-ocr-latest',
  'Skywork/Skywork-Reward-Llama-3.1-8B',
  'deepseek-ai/DeepSeek-OCR',
  'deepseek-ai/deepseek-llm-7b-chat',
  'deepseek-ai/DeepSeek-V2-Lite-Chat',
  'Qwen/Qwen-7B-Chat',
  // nothing to go by
  'qwen-max',
  'gpt-4o-mini',
  'claude-sonnet-4-5',
  'my-model',
  'checkpoint-step-5',
  'default',
  '',
]

const written = WRITTEN.flatMap(([format, opens, names]) => names.map((name) => ({ name, format, opens })))

describe('formatForModel', () => {
  it.each(written)('$name writes $format', ({ name, format, opens }) => {
    const [best] = formatForModel(name)
    expect([best?.format, best?.startInReasoning]).toEqual([format, opens])
    expect(best?.flags).toEqual(getFormat(format).flags)
  })

  it.each(UNKNOWN)('says nothing of %j', (name) => expect(formatForModel(name)).toEqual([]))

  it('is tried on names of every format, each once', () => {
    const names = [...written.map(({ name }) => name), ...UNKNOWN]
    expect(new Set(names).size).toBe(names.length)
    expect(written.length).toBeGreaterThanOrEqual(150)
    expect(UNKNOWN.length).toBeGreaterThanOrEqual(40)
  })

  it('names lists of Python behind JSON for the small Llama 3.2, and JSON alone for others', () => {
    const formats = (name: string) => formatForModel(name).map(({ format }) => format)
    expect(formats('meta-llama/Llama-3.2-3B-Instruct')).toEqual(['llama3', 'pythonic'])
    expect(formats('us.meta.llama3-2-1b-instruct-v1:0')).toEqual(['llama3', 'pythonic'])
    expect(formats('meta-llama/Llama-3.2-90B-Vision-Instruct')).toEqual(['llama3'])
    expect(formats('Qwen/Qwen3.5-35B-A3B')).toEqual(['qwen3-coder'])
    expect(formats('deepseek-ai/DeepSeek-R1-Distill-Qwen-32B')).toEqual(['deepseek-json', 'deepseek-v3'])
  })

  it('takes the name of the file before that of its folder, and that before nothing', () => {
    expect(formatForModel('/models/llama-3.1/Qwen3-8B-Q4.gguf')[0]?.format).toBe('hermes')
    expect(formatForModel('/models/llama-3.1/q4.gguf')[0]?.format).toBe('llama3')
  })

  it('tells why by the name as it was given', () => {
    expect(formatForModel('Qwen_Qwen3 Coder-30B')[0]?.why).toContain('"Qwen3 Coder"')
  })
})

describe('getFormat', () => {
  it.each([
    ['json_tools', 'hermes'],
    ['qwen25', 'hermes'],
    ['qwen2d5', 'hermes'],
    ['qwen3', 'hermes'],
    ['qwen3_json', 'hermes'],
    ['qwen3-thinking', 'hermes'],
    ['qwen3_coder', 'qwen3-coder'],
    ['qwen3coder', 'qwen3-coder'],
    ['qwen3_xml', 'qwen3-coder'],
    ['qwen_xml', 'qwen3-coder'],
    ['qwen_coder', 'qwen3-coder'],
    ['step3p5', 'qwen3-coder'],
    ['step5', 'qwen3-coder'],
    ['nemotron', 'qwen3-coder'],
    ['nemotron_nano', 'qwen3-coder'],
    ['nanbeige', 'qwen3-coder'],
    ['interns2-preview', 'qwen3-coder'],
    ['mimo', 'mimo'],
    ['llama3_json', 'llama3'],
    ['llama4_pythonic', 'llama4-pythonic'],
    ['deepseek31', 'deepseek-v3.1'],
    ['deepseek32', 'deepseek-v3.2'],
    ['deepseek_v4', 'deepseek-v4'],
    ['deepseek_v41', 'deepseek-v4.1'],
    ['deepseekv41', 'deepseek-v4.1'],
    ['interns1', 'internlm2'],
    ['kimi_k2', 'kimi-k2'],
    ['minimax_m2', 'minimax-m2'],
    ['minimax', 'minimax-m2'],
    ['seed_oss', 'seed-oss'],
    ['granite', 'granite3'],
  ])('knows the parser %s of an engine as %s', (flag, format) => expect(getFormat(flag).id).toBe(format))

  it.each(['glm45', 'gpt-oss', 'xlam', 'jamba', 'step3', 'gemma4', 'nemotron_deci'])(
    'takes no format for the parser %s, whose format is not there',
    (flag) => expect(() => getFormat(flag)).toThrow(/unknown format/),
  )
})
