// A parser that looks for calls in each chunk by itself, so that it finds none when a call comes in pieces.
//   npx callsift replay examples/thoughts.txt --with ./examples/naive-parser.mjs
export function parse(chunks) {
  const calls = []
  for (const chunk of chunks) {
    for (const [, json] of chunk.matchAll(/<tool_call>(.*?)<\/tool_call>/gs)) calls.push(JSON.parse(json))
  }
  return calls
}
