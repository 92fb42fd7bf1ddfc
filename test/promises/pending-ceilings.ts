/**
 * How many of the 100 texts of the usual run break a pending promise, by promise and format. A number may only go down; at
 * none the entry goes, and what is not entered is kept. `CALLSIFT_CEILINGS=1 npx vitest run test/promises/pending.test.ts`
 * prints the table as it is.
 */
export const PENDING: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'I44: a complete call is marker, name, arguments, separator or a listed repair': {
    hermes: 9,
    'qwen3-coder': 9,
    qwen: 7,
    llama3: 12,
    'llama4-pythonic': 4,
    mistral: 9,
    'deepseek-v3.1': 7,
    'deepseek-v3': 7,
    'deepseek-v4': 7,
    'deepseek-v3.2': 2,
    internlm2: 10,
  },
  'I47: a whole call behind a damaged one is delivered, and the text around it is content': {
    pythonic: 11,
    llama3: 32,
    'llama4-pythonic': 9,
    mistral: 11,
    'deepseek-json': 5,
  },
  'I48: a generateId that throws reaches the caller and leaves the parser closed': {
    hermes: 100,
    'qwen3-coder': 100,
    qwen: 100,
    pythonic: 100,
    llama3: 100,
    'llama4-pythonic': 100,
    mistral: 100,
    'deepseek-v3.1': 100,
    'deepseek-v3': 100,
    'deepseek-v4': 100,
    'deepseek-v3.2': 100,
    'deepseek-json': 100,
    internlm2: 100,
  },
  'I48: ids that are empty, no strings or given twice are refused the same way': {
    hermes: 100,
    'qwen3-coder': 100,
    qwen: 100,
    pythonic: 100,
    llama3: 100,
    'llama4-pythonic': 100,
    mistral: 100,
    'deepseek-v3.1': 100,
    'deepseek-v3': 100,
    'deepseek-v4': 100,
    'deepseek-v3.2': 100,
    'deepseek-json': 100,
    internlm2: 100,
  },
}
