/**
 * Formats that read each other's texts, so that a text alone does not tell which was meant: each reads what the others
 * write. `detect` and `auto` may name any of a group; the calls are the same, but for newlines at the edges of MiMo's values,
 * which are markup to the others.
 */
export const CONFUSABLE: readonly (readonly string[])[] = [
  // JSON in <tool_call>, and the other ways of older Qwen models
  ['hermes', 'granite4', 'qwen', 'qwen3-coder', 'mimo', 'telechat4', 'ernie45'],
  // lists of JSON behind <tool_call>
  ['hermes', 'granite4', 'qwen', 'granite3', 'ernie45'],
  // lists of JSON behind a word, and in <tool_calls>
  ['phi4-mini', 'firefunction-v2'],
  ['jamba', 'minimax-m1', 'hunyuan-a13b', 'apriel'],
  // calls of Qwen3-Coder's tags that have lost their block, and those that have none
  ['qwen3-coder', 'mimo', 'qwen', 'seed-oss', 'functionary-v3.1'],
  // GLM's markers, with and without newlines; a call without arguments has no others
  ['glm-4.7', 'glm-4.5', 'ling3', 'spark25', 'poolside-v1', 'telechat4', 'hunyuan-v4', 'hunyuan-v3'],
  // both shapes of the special tokens under both ids
  ['deepseek-v3', 'deepseek-v3.1'],
  // DSML blocks of every name
  ['deepseek-v3.2', 'deepseek-v4', 'deepseek-v4.1'],
  // <function=NAME>, an object and its closer: Llama's own examples
  ['llama3', 'functionary-v3.1'],
  // messages with channels: each reads the calls of the other
  ['harmony', 'beam'],
  // messages of Muse, which differ in whom they are for
  ['glimmer', 'muse'],
  // lists of Python calls
  ['pythonic', 'llama3', 'llama4-pythonic', 'lfm2'],
  // calls in Python behind <|tool_call_start|>
  ['lfm2', 'minicpm3'],
  // JSON without any marker
  [
    'llama3',
    'deepseek-json',
    'qwen',
    'hermes',
    'granite4',
    'mistral',
    'llama4-pythonic',
    'granite3',
    'ernie45',
    'granite-20b-fc',
    'phi4-mini',
    'firefunction-v2',
    'longcat',
    'nemotron-json',
    'jamba',
    'minimax-m1',
    'gigachat3',
    'hunyuan-a13b',
    'xlam',
  ],
]

/** May the one be taken for the other? */
export function areConfusable(one: string, other: string): boolean {
  return one === other || CONFUSABLE.some((group) => group.includes(one) && group.includes(other))
}
