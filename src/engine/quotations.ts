/** What opens a quotation at the start of a line, or anywhere, and what ends it. */
export interface QuotationMarkers {
  readonly open: string
  readonly ends: readonly string[]
  readonly isAnywhere?: boolean
}

/** Tags around tool results, as prompts write them. Models repeat them in this case and in capitals, with attributes or without. */
const RESULT_TAGS = [
  'tool_response',
  'tool_responses',
  'tool_result',
  'tool_results',
  'tool_output',
  'function_result',
  'function_results',
  'function_response',
  'function_output',
  'tool_call_response',
  'tool_call_result',
  'tool_response:opensource',
  'tool_responses:opensource',
]

/** Who else than the model has turns. */
const OTHER_ROLES = ['user', 'tool', 'system']

/**
 * How templates begin the turn of a role, and what ends it: the token behind each turn, where there is one, or the header of the
 * model's own turn.
 */
const TURNS: readonly {
  before: string
  behind?: string
  roles: readonly string[]
  end: string
  own: string
}[] = [
  { before: '<|im_start|>', roles: [...OTHER_ROLES, 'environment'], end: '<|im_end|>', own: '<|im_start|>assistant' },
  { before: '<|im_system|>', roles: [''], end: '<|im_end|>', own: '<|im_assistant|>' },
  { before: '<|im_user|>', roles: [''], end: '<|im_end|>', own: '<|im_assistant|>' },
  {
    before: '<|start_header_id|>',
    behind: '<|end_header_id|>',
    roles: [...OTHER_ROLES, 'ipython'],
    end: '<|eot_id|>',
    own: '<|start_header_id|>assistant',
  },
  {
    before: '<|header_start|>',
    behind: '<|header_end|>',
    roles: [...OTHER_ROLES, 'ipython'],
    end: '<|eot|>',
    own: '<|header_start|>assistant',
  },
  {
    before: '<start_of_turn>',
    roles: [...OTHER_ROLES, 'developer'],
    end: '<end_of_turn>',
    own: '<start_of_turn>model',
  },
  { before: '<|turn>', roles: OTHER_ROLES, end: '<turn|>', own: '<|turn>model' },
  {
    before: '<|',
    behind: '|>',
    roles: [...OTHER_ROLES, 'observation', 'tool_response', 'tool_result'],
    end: '<|end|>',
    own: '<|assistant|>',
  },
  {
    before: '<|start_of_role|>',
    behind: '<|end_of_role|>',
    roles: [...OTHER_ROLES, 'tool_response'],
    end: '<|end_of_text|>',
    own: '<|start_of_role|>assistant',
  },
  {
    before: '<｜User｜>',
    roles: [''],
    end: '<｜end▁of▁sentence｜>',
    own: '<｜Assistant｜>',
  },
  {
    before: '<|START_OF_TURN_TOKEN|>',
    roles: ['<|USER_TOKEN|>', '<|SYSTEM_TOKEN|>'],
    end: '<|END_OF_TURN_TOKEN|>',
    own: '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>',
  },
  { before: '<|bom|><|', behind: '|>', roles: OTHER_ROLES, end: '<|eom|>', own: '<|bom|><|assistant|>' },
  { before: '<|BOT|>', roles: [...OTHER_ROLES, 'human'], end: '<|EOT|>', own: '<|BOT|>assistant' },
  { before: '<seed:bos>', roles: OTHER_ROLES, end: '<seed:eos>', own: '<seed:bos>assistant' },
  {
    before: '<role>',
    behind: '</role>',
    roles: ['HUMAN', 'OBSERVATION', 'SYSTEM'],
    end: '<|role_end|>',
    own: '<role>ASSISTANT</role>',
  },
  { before: '[|', behind: '|]', roles: OTHER_ROLES, end: '[|endofturn|]', own: '[|assistant|]' },
  { before: '[INST]', roles: [''], end: '</s>', own: '[/INST]' },
]

/** A turn begins where a line does, or right behind the token that ended the one before. */
const OPENED_TURNS = TURNS.flatMap(({ before, behind = '', roles, end, own }) =>
  roles.flatMap((role) => {
    const open = before + role + behind
    const ends = [end, own]
    return [
      { open, ends },
      { open: end + open, ends, isAnywhere: true },
    ]
  }),
)

/** Comments, tool results that a model repeats, and turns of others that it makes up. */
export const QUOTATIONS: readonly QuotationMarkers[] = [
  { open: '<!--', ends: ['-->'] },
  ...[...RESULT_TAGS, ...RESULT_TAGS.map((tag) => tag.toUpperCase())].flatMap((tag) => {
    const ends = [`</${tag}>`]
    return [
      { open: `<${tag}>`, ends },
      { open: `<${tag} `, ends },
    ]
  }),
  { open: '[TOOL_RESULTS]', ends: ['[/TOOL_RESULTS]'] },
  { open: '[TOOL_RESULT]', ends: ['[END_TOOL_RESULT]'] },
  { open: '<start_function_response>', ends: ['<end_function_response>'] },
  { open: '<|tool_response>', ends: ['<tool_response|>'] },
  { open: '<|tool_response_start|>', ends: ['<|tool_response_end|>'] },
  { open: '<|START_TOOL_RESULT|>', ends: ['<|END_TOOL_RESULT|>'] },
  { open: '<｜tool▁outputs▁begin｜>', ends: ['<｜tool▁outputs▁end｜>'] },
  { open: '<｜tool▁output▁begin｜>', ends: ['<｜tool▁output▁end｜>'] },
  // DeepSeek's, in the bars of others.
  { open: '<|tool_outputs_begin|>', ends: ['<|tool_outputs_end|>'] },
  { open: '<|tool_output_begin|>', ends: ['<|tool_output_end|>'] },
  ...OPENED_TURNS,
]

/** Does a text begin with what opens a quotation? */
export function opensQuotation(text: string): boolean {
  return QUOTATIONS.some(({ open }) => text.startsWith(open))
}
