import { describe, expect, it } from 'vitest'
import { known } from '../../src/formats/unread-formats.js'
import { aboutModel, formats } from '../../src/index.js'

/**
 * The models of vLLM's recipes (those of 0.33.0, 188), with the flags that they set: what a model writes, the parser of tool
 * calls, that of reasoning, the models. `none`: it writes no tool calls; `-`: the recipe sets nothing.
 */
const RECIPES = `
seed-oss seed_oss -: ByteDance-Seed/Seed-OSS-36B-Instruct
gemma4 gemma4 gemma4: google/diffusiongemma-26B-A4B-it google/gemma-4-12B-it google/gemma-4-26B-A4B-it google/gemma-4-31B-it google/gemma-4-E2B-it google/gemma-4-E4B-it
none - -: google/translategemma-27b-it OpenGVLab/InternVL3_5-8B OpenMOSS-Team/MOSS-Transcribe-Diarize PaddlePaddle/PaddleOCR-VL-1.5 PaddlePaddle/PaddleOCR-VL-1.6 PaddlePaddle/PaddleOCR-VL Qwen/Qwen3-ASR-1.7B Qwen/Qwen3Guard-Gen-8B baidu/ERNIE-4.5-21B-A3B-PT baidu/ERNIE-4.5-VL-28B-A3B-PT baidu/Unlimited-OCR deepseek-ai/DeepSeek-OCR-2 deepseek-ai/DeepSeek-OCR jinaai/jina-embeddings-v5-text-small jinaai/jina-reranker-m0 microsoft/Phi-4-reasoning mistralai/Voxtral-Mini-4B-Realtime-2602 openai/whisper-large-v3 tencent/HunyuanOCR vllm-sr/d3-edge vllm-sr/d3-flash vllm-sr/d3-lite vllm-sr/d3-mini vllm-sr/d3-nano vllm-sr/d3 zai-org/GLM-ASR-Nano-2512 zai-org/GLM-OCR
k2-horizon k2_horizon k2_horizon: IFM/Jais-3-0.9B IFM/Jais-3-3.7B IFM/Jais-3-32B IFM/Jais-3-375B-A23B IFM/Jais-3-7B IFM/Jais-3-MoVA-36B-A4B IFM/K2-Horizon-0.9B IFM/K2-Horizon-3.7B IFM/K2-Horizon-32B IFM/K2-Horizon-375B-A23B IFM/K2-Horizon-7B IFM/K2-Horizon-MoVA-36B-A4B
hermes hermes -: JetBrains/Mellum2-12B-A2.5B-Instruct Qwen/Qwen3-235B-A22B-Instruct-2507 Qwen/Qwen3-Next-80B-A3B-Instruct
hermes hermes qwen3: JetBrains/Mellum2-12B-A2.5B-Thinking Qwen/Qwen3-1.7B Qwen/Qwen3-14B Qwen/Qwen3-30B-A3B Qwen/Qwen3-32B Qwen/Qwen3-4B Qwen/Qwen3-8B bharatgenai/Param2-17B-A2.4B-Thinking
lfm2 - -: LiquidAI/LFM2.5-1.2B-Base LiquidAI/LFM2.5-1.2B-JP LiquidAI/LFM2.5-VL-1.6B LiquidAI/LFM2.5-VL-450M
lfm2 lfm2 -: LiquidAI/LFM2.5-1.2B-Instruct LiquidAI/LFM2.5-1.2B-JP-202606 LiquidAI/LFM2.5-230M LiquidAI/LFM2.5-350M
lfm2 lfm2 qwen3: LiquidAI/LFM2.5-1.2B-Thinking LiquidAI/LFM2.5-8B-A1B
minimax-m2 minimax_m2 minimax_m2: MiniMaxAI/MiniMax-M2.1 MiniMaxAI/MiniMax-M2.5 MiniMaxAI/MiniMax-M2.7 MiniMaxAI/MiniMax-M2
minimax-m3 minimax_m3 minimax_m3: MiniMaxAI/MiniMax-M3.1-Flash MiniMaxAI/MiniMax-M3
hermes hermes deepseek_r1: Qwen/QwQ-32B
hermes - -: Qwen/Qwen2.5-32B Qwen/Qwen2.5-VL-72B-Instruct Qwen/Qwen2.5-VL-7B-Instruct Qwen/Qwen3-VL-235B-A22B-Instruct Qwen/Qwen3-VL-30B-A3B-Instruct inclusionAI/Ling-2.6-1T inclusionAI/Ling-2.6-flash inclusionAI/Ring-1T-FP8
qwen3-coder qwen3_coder -: Qwen/Qwen3-Coder-480B-A35B-Instruct openbmb/MiniCPM-V-4.6
qwen3-coder qwen3_coder qwen3: Qwen/Qwen3.5-0.8B Qwen/Qwen3.5-122B-A10B Qwen/Qwen3.5-27B Qwen/Qwen3.5-2B Qwen/Qwen3.5-35B-A3B Qwen/Qwen3.5-397B-A17B Qwen/Qwen3.5-4B Qwen/Qwen3.5-9B Qwen/Qwen3.6-27B Qwen/Qwen3.6-35B-A3B Qwen/Qwen3.8-2.4T-A95B Qwen/Qwen3.8-27B Qwen/Qwen3.8-Flash-Next internlm/Intern-S2-397B internlm/Intern-S2-Preview
glm-4.7 glm47 glm47: RecursiveSI/flint zai-org/GLM-4.7 zai-org/GLM-5.1 zai-org/GLM-5.2 zai-org/GLM-5.3-Flash zai-org/GLM-5.3 zai-org/GLM-5
mimo mimo qwen3: XiaomiMiMo/MiMo-V2-Flash
mimo mimo mimo: XiaomiMiMo/MiMo-V2.5-Pro XiaomiMiMo/MiMo-V2.5 XiaomiMiMo/MiMo-V2.6-Flash-RL XiaomiMiMo/MiMo-V2.6-Pro-RL
qwen3-coder qwen3_coder deepseek_r1: arcee-ai/Trinity-Large-Thinking
deepseek-v3 deepseek_v3 deepseek_r1: deepseek-ai/DeepSeek-R1
deepseek-v3.1 deepseek_v31 deepseek_v3: deepseek-ai/DeepSeek-V3.1
deepseek-v3.1 deepseek_v32 deepseek_v3: deepseek-ai/DeepSeek-V3.2-Exp
deepseek-v3.2 deepseek_v32 deepseek_v3: deepseek-ai/DeepSeek-V3.2
deepseek-v3 deepseek_v3 deepseek_v3: deepseek-ai/DeepSeek-V3
deepseek-v4 deepseek_v4 deepseek_v4: deepseek-ai/DeepSeek-V4-Flash-Vision-Exp deepseek-ai/DeepSeek-V4-Flash deepseek-ai/DeepSeek-V4-Pro
deepseek-v4.1 deepseek_v41 deepseek_v41: deepseek-ai/DeepSeek-V4.1-Flash
dots dots qwen3: dots-studio/dots3-note-prev
granite3 - -: ibm-granite/granite-3.2-2b-instruct
ling3 ling3 ling3: inclusionAI/Ling-3.0-flash-VL inclusionAI/Ling-3.0-flash inclusionAI/Ling-3.0-tiny inclusionAI/Ling-3.1-flash
glm-4.5 - -: inclusionAI/Ring-2.6-1T
internlm2 internlm deepseek_r1: internlm/Intern-S1
llama3 - -: meta-llama/Llama-3.1-8B-Instruct meta-llama/Llama-3.1-8B meta-llama/Llama-3.2-1B-Instruct meta-llama/Llama-3.2-1B meta-llama/Llama-3.2-3B-Instruct meta-llama/Llama-3.3-70B-Instruct
llama4-pythonic - -: meta-llama/Llama-4-Scout-17B-16E-Instruct
glimmer muse_glimmer muse_glimmer: meta-models/Muse-Glimmer-30B
muse muse muse: meta-models/Muse-Spark-Open-816B-A42B
phi4-mini - -: microsoft/Phi-4-mini-instruct microsoft/Phi-4-multimodal-instruct
glm-4.7 glm47 glm45: mindlab-research/Macaron-V1-Coding-Venti
mistral mistral -: mistralai/Ministral-3-14B-Instruct-2512 mistralai/Mistral-Large-3-675B-Instruct-2512
mistral mistral mistral: mistralai/Ministral-3-8B-Reasoning-2512 mistralai/Mistral-Medium-3.5-128B mistralai/Mistral-Small-4-119B-2603
kimi-k2 kimi_k2 -: moonshotai/Kimi-K2-Instruct
kimi-k2 kimi_k2 kimi_k2: moonshotai/Kimi-K2-Thinking moonshotai/Kimi-K2.5 moonshotai/Kimi-K2.6 moonshotai/Kimi-K2.7-Code
kimi-k3 kimi_k3 kimi_k3: moonshotai/Kimi-K3
kimi-k2 - -: moonshotai/Kimi-Linear-48B-A3B-Instruct
qwen3-coder qwen3_coder nano_v3: nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16 nvidia/NVIDIA-Nemotron-3-Nano-4B-BF16
qwen3-coder qwen3_coder nemotron_v3: nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16 nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16 nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-BF16 nvidia/NVIDIA-Nemotron-3.5-Super-VL-120B-A12B-NVFP4 nvidia/Nemotron-3-Nano-Omni-30B-A3B-Reasoning-BF16
nemotron-json - -: nvidia/NVIDIA-Nemotron-Nano-12B-v2-VL-BF16
nemotron-json nemotron_json -: nvidia/NVIDIA-Nemotron-Nano-9B-v2
harmony openai -: openai/gpt-oss-120b openai/gpt-oss-20b
minicpm5 - -: openbmb/MiniCPM5-1B
minicpm5 minicpm5 -: openbmb/MiniCPM5-2B
plamo3 - -: pfnet/plamo-3-nict-31b-base
poolside-v1 poolside_v1 poolside_v1: poolside/Laguna-M.1 poolside/Laguna-S-2.1 poolside/Laguna-XS-2.1 poolside/Laguna-XS.2
beam beam beam: reflection/Beam-1.0-501B-A23B
qwen3-coder step3p5 step3p5: stepfun-ai/Step-3.5-Flash stepfun-ai/Step-3.7-Flash
qwen3-coder step5 step5: stepfun-ai/Step-5-Preview
hunyuan-a13b - -: tencent/Hunyuan-A13B-Instruct
hunyuan-v3 hy_v3 hy_v3: tencent/Hy3-preview tencent/Hy3
hunyuan-v4 hy_v4 hy_v4: tencent/Hy4-preview
inkling inkling inkling: thinkingmachines/Inkling-Small-NVFP4 thinkingmachines/Inkling-NVFP4
glm-4.5 glm45 glm45: zai-org/GLM-4.5 zai-org/GLM-4.5V zai-org/GLM-4.6 zai-org/GLM-4.6V
glm-4.5 - glm45: zai-org/GLM-GA
none - glm45: zai-org/Glyph
glm-4 - -: zai-org/glm-4-9b-hf
`

/** The same models as others made them smaller, from the same recipes, and the newest of families that have no recipe. */
const OTHERS: Readonly<Record<string, string>> = {
  hermes:
    'Eco-Tech/Qwen3-30B-A3B-w8a8 Qwen/QwQ-32B-AWQ RedHatAI/Qwen3-235B-A22B-Instruct-2507-NVFP4 RedHatAI/Mellum2-12B-A2.5B-Thinking-NVFP4 nvidia/Qwen3-VL-235B-A22B-Instruct-NVFP4 Aleph-Alpha/Kolibri-1 LGAI-EXAONE/EXAONE-4.0-32B arcee-ai/Trinity-Mini RekaAI/reka-edge-2603 speakleash/Bielik-11B-v3.0-Instruct',
  'granite4|hermes': 'ibm-granite/granite-4.0-h-small ibm-granite/granite-4.1-8b',
  'qwen3-coder':
    'Inferact/Qwen3.8-2.4T-A95B-MXFP4 nvidia/Qwen3.6-35B-A3B-NVFP4 RedHatAI/Qwen3.8-2.4T-A95B-NVFP4-REAP-25 arcee-ai/Trinity-Large-Thinking-NVFP4 nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4 stepfun-ai/Step-3.7-Flash-NVFP4 stepfun-ai/Step-5-Preview-NVFP4 ibm-granite/granite-4.2-30b Nanbeige/Nanbeige4.1-3B ornith:35b',
  mimo: 'XiaomiMiMo/MiMo-V2.6-Flash-MOPD XiaomiMiMo/MiMo-V2.6-Pro-MOPD',
  llama3:
    'AMead10/Llama-3.2-1B-Instruct-AWQ RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8-dynamic nvidia/Llama-3.3-70B-Instruct-NVFP4 hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4',
  'llama4-pythonic': 'nvidia/Llama-4-Scout-17B-16E-Instruct-NVFP4',
  'deepseek-v3': 'RedHatAI/DeepSeek-R1-NVFP4-FP8-BLOCK amd/DeepSeek-R1-0528-MXFP4-MTP-MoEFP4 nvidia/DeepSeek-V3-FP4',
  'deepseek-v3.1': 'nvidia/DeepSeek-V3.1-NVFP4',
  'deepseek-v3.2': 'RedHatAI/DeepSeek-V3.2-NVFP4-FP8-BLOCK',
  'deepseek-v4': 'Eco-Tech/DeepSeek-V4-Flash-w8a8-mtp deepseek-ai/DeepSeek-V4-Pro-DSpark',
  'deepseek-v4.1': 'deepseek-ai/DeepSeek-V4.1-Flash-1017',
  mistral:
    'RedHatAI/Mistral-Small-4-119B-2603-NVFP4 mistralai/Ministral-3-3B-Reasoning-2512 mistralai/Magistral-Small-2509',
  'glm-4.5': 'RedHatAI/GLM-4.6-NVFP4 zai-org/GLM-4.5V-FP8',
  'glm-4.7': 'Inferact/GLM-5.3-NVFP4 RecursiveSI/flint-nvfp4-gguf nvidia/GLM-4.7-NVFP4 zai-org/GLM-5.3-Flash-BF16',
  'kimi-k2': 'RedHatAI/Kimi-K2-Thinking-FP8-Block nvidia/Kimi-K2.6-NVFP4',
  'minimax-m2': 'RedHatAI/MiniMax-M2-NVFP4',
  'minimax-m3': 'amd/MiniMax-M3.1-Flash-Quark-MXFP4 MiniMaxAI/MiniMax-M3-MXFP8',
  gemma4: 'google/gemma-4-E2B-it-qat-mobile-ct nvidia/diffusiongemma-26B-A4B-it-NVFP4',
  functiongemma: 'google/functiongemma-270m-it',
  'hunyuan-v3': 'RedHatAI/Hy3-NVFP4-FP8',
  'hunyuan-v4': 'tencent/Hy4-preview-FP8',
  'command-5': 'CohereLabs/command-5',
  lfm2: 'LiquidAI/LFM2-1.2B-Tool',
  'k2-horizon': 'LLM360/K2-Horizon-7B',
  glimmer: 'RedHatAI/Muse-Glimmer-30B-FP8-block',
  muse: 'amd/Muse-Spark-Open-816B-A42B-Quark-MXFP4',
  inkling: 'lightseekorg/Inkling-MXFP4 EmbeddedLLM/Inkling-Small-MXFP4',
  'poolside-v1': 'poolside/Laguna-XS-2.1-INT4',
  ling3: 'inclusionAI/Ling-3.0-flash-VL-fp4',
  harmony: 'amd/gpt-oss-120b-w-mxfp4-a-fp8 llm-jp/llm-jp-4.1-32b-instruct',
  beam: 'reflection/Beam-1.0-501B-A23B-NVFP4',
  internlm2: 'internlm/Intern-S1-FP8',
  'seed-oss': 'unsloth/Seed-OSS-36B-Instruct-GGUF',
  'solar-open2': 'upstage/Solar-Open2-250B',
  telechat4: 'Tele-AI/TeleChat4-36B',
  'iquest-q1': 'IQuestLab/IQuest-Q1',
  granite3: 'ibm-granite/granite-3.3-8b-instruct',
  'kimi-k3': 'Eco-Tech/Kimi-K3-w4a8 RedHatAI/Kimi-K3-NVFP4',
  'nemotron-json':
    'nvidia/NVIDIA-Nemotron-Nano-9B-v2-Japanese nvidia/Llama-3_3-Nemotron-Super-49B-v1_5 nvidia/Llama-3.1-Nemotron-Nano-8B-v1',
  'phi4-mini': 'RedHatAI/Phi-4-mini-instruct-FP8-dynamic',
  dots: 'dots-studio/dots3-note-prev-fp8',
  'hunyuan-a13b': 'tencent/Hunyuan-A13B-Instruct-FP8',
  step3: 'stepfun-ai/step3',
  olmo3: 'allenai/Olmo-3-7B-Instruct',
  apertus: 'swiss-ai/Apertus-8B-Instruct-2509',
  gigachat3: 'ai-sage/GigaChat3-10B-A1.8B',
  gigachat35: 'ai-sage/GigaChat-3.5-Ultra',
  longcat: 'meituan-longcat/LongCat-Flash-Chat',
  ernie45: 'baidu/ERNIE-4.5-21B-A3B-Thinking',
  sarashina: 'sbintuitions/sarashina2.2-3b-instruct',
  'solar-open': 'upstage/Solar-Open-100B',
  apriel: 'ServiceNow-AI/Apriel-1.6-15b-Thinker',
  jamba: 'ai21labs/AI21-Jamba-1.5-Mini',
  xlam: 'Salesforce/Llama-xLAM-2-8b-fc-r',
  'cohere-command':
    'CohereLabs/c4ai-command-a-03-2025 CohereLabs/command-a-reasoning-08-2025 CohereLabs/c4ai-command-r7b-12-2024 CohereLabs/North-Mini-Code-1.0',
  'command-r-plus': 'CohereLabs/c4ai-command-r-plus-08-2024 command-r:35b',
  'functionary-v3.2': 'meetkai/functionary-small-v3.2',
  'functionary-v3.1': 'meetkai/functionary-medium-v3.1-llama-3.1',
  'firefunction-v2': 'fireworks-ai/llama-3-firefunction-v2',
  'granite-20b-fc': 'ibm-granite/granite-20b-functioncalling',
  'minimax-m1': 'MiniMaxAI/MiniMax-M1-80k',
  minicpm3: 'openbmb/MiniCPM3-4B',
  pangu: 'FreedomIntelligence/openPangu-Embedded-7B',
  'glm-4': 'THUDM/glm-4-9b-chat',
  none: 'Infomaniak-AI/vllm-translategemma-27b-it Qwen/Qwen3Guard-Gen-0.6B microsoft/Phi-4-mini-reasoning baidu/ERNIE-4.5-VL-424B-A47B-PT jinaai/jina-embeddings-v5-text-small-retrieval google/gemma-3-27b-it Qwen/Qwen3-Embedding-8B TinyLlama/TinyLlama-1.1B-Chat-v1.0 Qwen/Qwen3-TTS-12Hz-1.7B-CustomVoice',
}

/** Where a recipe sets what the rest of the world does not, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'deepseek-ai/DeepSeek-V3.2-Exp': 'the template of V3.2 is put in its place; its own writes V3.1',
  'deepseek-ai/DeepSeek-V3': 'it does not reason',
  'mindlab-research/Macaron-V1-Coding-Venti': 'glm45 and glm47 are one parser',
  'nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16': 'nano_v3 is the plugin that became nemotron_v3',
  'nvidia/NVIDIA-Nemotron-3-Nano-4B-BF16': 'nano_v3 is the plugin that became nemotron_v3',
  'nvidia/NVIDIA-Nemotron-Nano-9B-v2': 'nemotron_json is a plugin',
  'zai-org/GLM-GA': 'it sets only the reasoning',
  'zai-org/Glyph': 'it writes no tool calls',
}

const recipes = RECIPES.trim()
  .split('\n')
  .flatMap((line) => {
    const [facts = '', models = ''] = line.split(': ')
    const [writes = '', tools = '', reasoning = ''] = facts.split(' ')
    return models.split(' ').map((model) => ({ model, writes, tools, reasoning }))
  })
const others = Object.entries(OTHERS).flatMap(([writes, models]) =>
  models.split(' ').map((model) => ({ model, writes })),
)

/** The format of a model, be it read or not, or `none`. Of `a|b` in the table the first that is known is meant. */
function told(model: string): string {
  const {
    verdict,
    formats: [best],
    unread,
  } = aboutModel(model)
  return verdict === 'no-calls' ? 'none' : (best?.format ?? unread?.format ?? verdict)
}

function meant(writes: string): string | undefined {
  const all = [...formats(), ...known.unread].map(({ id }) => id)
  return writes.split('|').find((id) => id === 'none' || all.includes(id))
}

describe('the models of the recipes of vLLM', () => {
  it('are 188', () => expect(new Set(recipes.map(({ model }) => model)).size).toBe(188))

  it.each(recipes)('$model: $writes', ({ model, writes }) => expect(told(model)).toBe(meant(writes)))

  it.each(recipes.filter(({ model }) => OTHERWISE[model] === undefined))(
    '$model is told $tools and $reasoning',
    ({ model, tools, reasoning }) => {
      const {
        formats: [best],
        unread,
      } = aboutModel(model)
      const { flags, reasoningFlags } = best ?? unread ?? {}
      if (tools !== '-') expect(flags?.vllm).toBe(tools)
      if (reasoning !== '-') expect(reasoningFlags?.vllm).toBe(reasoning)
    },
  )

  it.each(others)('$model, which has none of its own: $writes', ({ model, writes }) =>
    expect(told(model)).toBe(meant(writes)),
  )
})

describe('the choice of an engine by itself', () => {
  const warnings = (model: string) => aboutModel(model).formats[0]?.warnings ?? []

  it.each(['Qwen/Qwen3.6-27B', 'Qwen/Qwen3.8-2.4T-A95B'])('is wrong in vLLM for %s', (model) =>
    expect(warnings(model)).toEqual([
      'vLLM’s Rust frontend, unless told otherwise, uses qwen3_json for this name, which reads hermes: set --tool-call-parser qwen3_coder',
    ]),
  )

  it.each([
    ['ibm-granite/granite-4.2-8b', 'granite4'],
    ['NousResearch/Hermes-2-Pro-Mistral-7B', 'mistral'],
    ['deepseek-ai/DeepSeek-R1-Distill-Llama-8B', 'deepseek_v3'],
    ['meta-llama/Llama-4-Scout-17B-16E-Instruct', 'llama4_json'],
    ['deepseek-ai/DeepSeek-R1', 'smg, unless told otherwise, uses pythonic'],
    ['stepfun-ai/Step-3.5-Flash', 'smg, unless told otherwise, uses step3'],
    ['moonshotai/Kimi-K2.6', 'the reasoning parser kimi'],
  ])('is wrong for %s: %s', (model, said) => expect(warnings(model).join('\n')).toContain(said))

  it.each([
    'Qwen/Qwen3-8B',
    'Qwen/Qwen3-Coder-30B-A3B-Instruct',
    'zai-org/GLM-5.1',
    'openai/gpt-oss-20b',
    'moonshotai/Kimi-K2.5',
  ])('is right for %s', (model) => expect(warnings(model)).toEqual([]))
})

describe('names', () => {
  it.each([
    ['qwen3_xml', 'read', 'the name of its parser in vLLM'],
    ['hf', 'parser', 'names no format'],
    ['nemotron_v3', 'parser', 'is a reasoning parser'],
    ['openai/whisper-large-v3', 'no-calls', 'writes no tool calls'],
    ['my-model', 'unknown', 'says nothing'],
    ['', 'unknown', 'says nothing'],
    ...known.unread.map(({ id }) => [id, 'unread', 'knows but cannot read yet']),
  ] as [string, string, string][])('%j: %s', (name, verdict, said) => {
    const about = aboutModel(name)
    expect(about.verdict).toBe(verdict)
    expect(about.says).toContain(said)
  })
})
