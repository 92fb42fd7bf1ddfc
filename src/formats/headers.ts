/**
 * The assistant headers of the chat templates of Llama 3, Llama 4 and ChatML. Fine-tunes of one model are served with the
 * template of another, so each of their formats leaves out whichever the model repeats at the start.
 */
export const ASSISTANT_HEADERS = [
  '<|start_header_id|>assistant<|end_header_id|>\n\n',
  '<|header_start|>assistant<|header_end|>\n\n',
  '<|im_start|>assistant\n',
] as const
