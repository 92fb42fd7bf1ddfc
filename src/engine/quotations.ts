/** What opens a quotation at the start of a line, and what ends it. */
export interface QuotationMarkers {
  readonly open: string
  readonly ends: readonly string[]
}

/** Tags around tool results, as prompts write them. Models repeat them in this case and in capitals. */
const RESULT_TAGS = [
  'tool_response',
  'tool_responses',
  'tool_result',
  'tool_results',
  'tool_output',
  'function_result',
  'function_results',
  'function_response',
]

/** Who else than the model has turns. */
const OTHER_ROLES = ['user', 'tool', 'system']

/** How templates begin the turn of a role, and what ends it: a token, or the header of the model's own turn. */
const TURNS: readonly { before: string; behind: string; roles: readonly string[]; ends: readonly string[] }[] = [
  { before: '<|im_start|>', behind: '', roles: OTHER_ROLES, ends: ['<|im_end|>', '<|im_start|>assistant'] },
  {
    before: '<|start_header_id|>',
    behind: '<|end_header_id|>',
    roles: [...OTHER_ROLES, 'ipython'],
    ends: ['<|eot_id|>', '<|start_header_id|>assistant'],
  },
  { before: '<start_of_turn>', behind: '', roles: ['user'], ends: ['<end_of_turn>', '<start_of_turn>model'] },
  { before: '<|turn>', behind: '', roles: OTHER_ROLES, ends: ['<turn|>', '<|turn>model'] },
]

/** Comments, tool results that a model repeats, and turns of others that it makes up. */
export const QUOTATIONS: readonly QuotationMarkers[] = [
  { open: '<!--', ends: ['-->'] },
  ...[...RESULT_TAGS, ...RESULT_TAGS.map((tag) => tag.toUpperCase())].map((tag) => ({
    open: `<${tag}>`,
    ends: [`</${tag}>`],
  })),
  { open: '[TOOL_RESULTS]', ends: ['[/TOOL_RESULTS]'] },
  { open: '<|tool_response>', ends: ['<tool_response|>'] },
  { open: '<|tool_response_start|>', ends: ['<|tool_response_end|>'] },
  { open: '<|START_TOOL_RESULT|>', ends: ['<|END_TOOL_RESULT|>'] },
  { open: '<｜tool▁outputs▁begin｜>', ends: ['<｜tool▁outputs▁end｜>'] },
  { open: '<｜tool▁output▁begin｜>', ends: ['<｜tool▁output▁end｜>'] },
  // DeepSeek's, in the bars of others.
  { open: '<|tool_outputs_begin|>', ends: ['<|tool_outputs_end|>'] },
  { open: '<|tool_output_begin|>', ends: ['<|tool_output_end|>'] },
  ...TURNS.flatMap(({ before, behind, roles, ends }) => roles.map((role) => ({ open: before + role + behind, ends }))),
]

/** Does a text begin with what opens a quotation? */
export function opensQuotation(text: string): boolean {
  return QUOTATIONS.some(({ open }) => text.startsWith(open))
}
