/** Models that write no tool calls of their own. */
export interface WithoutCalls {
  readonly models: RegExp
  /** What they do instead, or why they do not. */
  readonly because: string
}

const NO_TOOLS = 'its chat template takes no tools, so that calls look as the prompt asks for'

/** By the names of the models, after all formats were asked. */
export const WITHOUT_CALLS: readonly WithoutCalls[] = [
  {
    models: /embed|rerank|reward|colbert|\b(?:e5|gte|bge|prm)\b|\bd3(?:-(?:edge|flash|lite|mini|nano))?$/i,
    because: 'it gives numbers: embeddings, ranks or scores',
  },
  { models: /guard|shield|moderation/i, because: 'it labels what others write' },
  { models: /ocr|\bglyph\b/i, because: 'it reads what pictures hold' },
  {
    models: /whisper|\b(?:asr|tts|realtime)\b|transcri|parakeet|kokoro/i,
    because: 'it hears or speaks',
  },
  { models: /diffusers|\b(?:t2v|t2i|i2v|flux|ltx|wan\d)\b|qwen-image/i, because: 'it makes pictures' },
  { models: /translate/i, because: 'it translates' },
  { models: /-base\b(?!-url)|\bbase-model/i, because: 'it is a base model, which goes on with any text' },
  { models: /\bphi-?4-(?:mini-)?(?:flash-)?reasoning/i, because: NO_TOOLS },
  { models: /\bernie-?4[._p]5/i, because: NO_TOOLS },
  { models: /\bintern-?vl/i, because: NO_TOOLS },
  { models: /gemma-?[123](?!\d)|codegemma|medgemma|paligemma|\bgemma-7b/i, because: NO_TOOLS },
  { models: /\bllama-?[12]\b(?![._]\d)|codellama|tinyllama/i, because: NO_TOOLS },
  { models: /\bdeepseek-(?:llm|v2)/i, because: NO_TOOLS },
  { models: /\btulu|\bdolphin|\b(?:open|neural)hermes/i, because: NO_TOOLS },
]
