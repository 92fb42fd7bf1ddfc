/**
 * The assistant headers of the chat templates of Llama 3, Llama 4 and ChatML. Fine-tunes of one model may be served with
 * the template of another, so each of these formats leaves out any of them that the model repeats at the start.
 */
export const ASSISTANT_HEADERS = [
  '<|start_header_id|>assistant<|end_header_id|>\n\n',
  '<|header_start|>assistant<|header_end|>\n\n',
  '<|im_start|>assistant\n',
] as const
