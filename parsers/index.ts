import type { Format } from '../src/engine/format.js'
import { apertus } from './apertus.js'
import { apriel } from './apriel.js'
import { beam } from './beam.js'
import { cohereCommand } from './cohere/cohere-command.js'
import { command5 } from './cohere/command-5.js'
import { commandRPlus } from './cohere/command-r-plus.js'
import { deepseekJson } from './deepseek/deepseek-json.js'
import { deepseekV31 } from './deepseek/deepseek-v3.1.js'
import { deepseekV32 } from './deepseek/deepseek-v3.2.js'
import { deepseekV3 } from './deepseek/deepseek-v3.js'
import { deepseekV41 } from './deepseek/deepseek-v4.1.js'
import { deepseekV4 } from './deepseek/deepseek-v4.js'
import { dots } from './dots.js'
import { ernie45 } from './ernie45.js'
import { functionaryV2 } from './functionary/functionary-v2.js'
import { functionaryV31 } from './functionary/functionary-v3.1.js'
import { functionaryV32 } from './functionary/functionary-v3.2.js'
import { firefunctionV2 } from './functools/firefunction-v2.js'
import { phi4Mini } from './functools/phi4-mini.js'
import { functiongemma } from './gemma/functiongemma.js'
import { gemma4 } from './gemma/gemma4.js'
import { toolCode } from './gemma/tool-code.js'
import { gigachat3 } from './gigachat/gigachat3.js'
import { gigachat35 } from './gigachat/gigachat35.js'
import { glm45 } from './glm/glm-4.5.js'
import { glm47 } from './glm/glm-4.7.js'
import { iquestQ1 } from './glm/iquest-q1.js'
import { ling3 } from './glm/ling3.js'
import { poolsideV1 } from './glm/poolside-v1.js'
import { spark25 } from './glm/spark25.js'
import { granite20bFc } from './granite/granite-20b-fc.js'
import { granite3 } from './granite/granite3.js'
import { granite4 } from './granite/granite4.js'
import { harmony } from './harmony.js'
import { hermes } from './hermes.js'
import { lmstudio } from './hosts/lmstudio.js'
import { react } from './hosts/react.js'
import { hunyuanA13b } from './hunyuan/hunyuan-a13b.js'
import { hunyuanV3 } from './hunyuan/hunyuan-v3.js'
import { hunyuanV4 } from './hunyuan/hunyuan-v4.js'
import { inkling } from './inkling.js'
import { internlm2 } from './internlm2.js'
import { jamba } from './jamba.js'
import { k2Horizon } from './k2-horizon.js'
import { kimiK2 } from './kimi/kimi-k2.js'
import { kimiK3 } from './kimi/kimi-k3.js'
import { lfm2 } from './lfm2.js'
import { llama3 } from './llama/llama3.js'
import { llama4Pythonic } from './llama/llama4-pythonic.js'
import { longcat } from './longcat.js'
import { mimo } from './mimo.js'
import { minicpm3 } from './minicpm/minicpm3.js'
import { minicpm5 } from './minicpm/minicpm5.js'
import { minimaxM1 } from './minimax/minimax-m1.js'
import { minimaxM2 } from './minimax/minimax-m2.js'
import { minimaxM3 } from './minimax/minimax-m3.js'
import { mistral } from './mistral.js'
import { glimmer } from './muse/glimmer.js'
import { muse } from './muse/muse.js'
import { nemotronJson } from './nvidia/nemotron-json.js'
import { olmo3 } from './olmo3.js'
import { pangu } from './pangu.js'
import { plamo3 } from './plamo3.js'
import { pythonic } from './pythonic.js'
import { qwen } from './qwen/qwen.js'
import { qwen3Coder } from './qwen/qwen3-coder.js'
import { sarashina } from './sarashina.js'
import { seedOss } from './seed-oss.js'
import { solarOpen } from './solar-open.js'
import { solarOpen2 } from './solar-open2.js'
import { step3 } from './step3.js'
import { telechat4 } from './telechat4.js'
import { xlam } from './xlam.js'

/**
 * Every format that the library knows. Where several would read a text equally well, `auto` and `detect` take the first:
 * the one that most models write.
 */
export const allFormats: readonly Format[] = [
  hermes,
  // Before Qwen3-Coder, which reads its objects too, as damage.
  functionaryV31,
  qwen3Coder,
  mimo,
  qwen,
  pythonic,
  llama3,
  llama4Pythonic,
  mistral,
  deepseekV31,
  deepseekV3,
  deepseekV4,
  deepseekV41,
  deepseekV32,
  deepseekJson,
  internlm2,
  kimiK2,
  kimiK3,
  minimaxM2,
  seedOss,
  lfm2,
  granite3,
  granite4,
  granite20bFc,
  phi4Mini,
  firefunctionV2,
  longcat,
  nemotronJson,
  jamba,
  minimaxM1,
  gigachat3,
  gigachat35,
  gemma4,
  functiongemma,
  toolCode,
  glm47,
  glm45,
  ling3,
  spark25,
  poolsideV1,
  iquestQ1,
  hunyuanV4,
  hunyuanV3,
  hunyuanA13b,
  k2Horizon,
  solarOpen2,
  telechat4,
  harmony,
  beam,
  inkling,
  minimaxM3,
  command5,
  cohereCommand,
  commandRPlus,
  olmo3,
  apertus,
  ernie45,
  apriel,
  pangu,
  lmstudio,
  react,
  glimmer,
  muse,
  functionaryV32,
  functionaryV2,
  solarOpen,
  step3,
  dots,
  minicpm5,
  minicpm3,
  plamo3,
  sarashina,
  xlam,
]
