import type { Engine, EngineFlags, FormatFlags } from '../engine/format.js'

/** How people name an engine, and where it takes the names of its parsers. */
export interface EngineNames {
  readonly title: string
  /** Before the name of the parser of tool calls; absent where the engine takes none. */
  readonly tools?: string
  /** Before the name of the parser of reasoning. */
  readonly reasoning?: string
}

export const ENGINES: Readonly<Record<Engine, EngineNames>> = {
  vllm: { title: 'vLLM', tools: '--tool-call-parser', reasoning: '--reasoning-parser' },
  sglang: { title: 'SGLang', tools: '--tool-call-parser', reasoning: '--reasoning-parser' },
  dynamo: { title: 'Dynamo', tools: '--dyn-tool-call-parser', reasoning: '--dyn-reasoning-parser' },
  smg: { title: 'smg', tools: '--tool-call-parser', reasoning: '--reasoning-parser' },
  llamacpp: { title: 'llama.cpp' },
  ollama: { title: 'Ollama', tools: 'PARSER' },
  mlx: { title: 'MLX-LM', tools: 'tool_parser_type' },
  trtllm: { title: 'TensorRT-LLM', tools: '--tool_parser', reasoning: '--reasoning_parser' },
  lmdeploy: { title: 'LMDeploy', tools: '--tool-call-parser', reasoning: '--reasoning-parser' },
}

/** All names that an engine has for a parser, the usual one first. */
export function flagsOf(flags: FormatFlags, engine: Engine): readonly string[] {
  const names = flags[engine] ?? []
  return typeof names === 'string' ? [names] : names
}

/** Every name that any engine has for a parser, but `auto`, which names none. */
export function allFlags(flags: FormatFlags): string[] {
  return Object.values(flags)
    .flat()
    .filter((name) => name !== 'auto')
}

/** The name that each engine uses for a parser. */
export function usualFlags(flags: FormatFlags): EngineFlags {
  const usual = Object.entries(flags).map(([engine, names]) => [engine, typeof names === 'string' ? names : names[0]])
  return Object.fromEntries(usual) as EngineFlags
}
