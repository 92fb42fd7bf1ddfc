/**
 * The closed list of repair kinds, the values of `repair.kind`: what each mends, and a text that causes it (in the
 * `hermes` format unless another is named).
 * @example REPAIR_KINDS['trailing-comma'].means // 'A comma stood before a closer and was left out.'
 */
export const REPAIR_KINDS = {
  'python-quotes': {
    means: 'A string stood in single quotes, as Python prints it: its quotes and escapes were rewritten.',
    example: `<tool_call>{'name': 'f', 'arguments': {'a': 'it\\'s'}}</tool_call>`,
  },
  'python-literal': {
    means: '`True`, `False` or `None` stood where JSON writes `true`, `false` or `null`.',
    example: '<tool_call>{"name": "f", "arguments": {"a": True}}</tool_call>',
  },
  'python-tuple': {
    means: 'A tuple in parentheses was read as a list.',
    example: '<tool_call>{"name": "f", "arguments": {"a": (1, 2)}}</tool_call>',
  },
  'control-character': {
    means: 'A line break, a tab or another control character stood in a string without its escape.',
    example: '<tool_call>{"name": "f", "arguments": {"a": "one\ntwo"}}</tool_call>',
  },
  'invalid-escape': {
    means: 'A backslash in a string was not a JSON escape and was kept as a backslash.',
    example: '<tool_call>{"name": "f", "arguments": {"a": "\\d+"}}</tool_call>',
  },
  'doubled-escape': {
    means: 'A quote inside a string was escaped twice, which would have ended the string there.',
    example: '<tool_call>{"name": "f", "arguments": {"a": "say \\\\"hi\\\\" now"}}</tool_call>',
  },
  'escaped-underscore': {
    means: 'An underscore was escaped as in Markdown.',
    example: '<tool_call>{"name": "get\\_weather", "arguments": {}}</tool_call>',
  },
  'unquoted-key': {
    means: 'A key stood without quotes.',
    example: '<tool_call>{"name": "f", "arguments": {a: 1}}</tool_call>',
  },
  'trailing-comma': {
    means: 'A comma stood before a closer and was left out.',
    example: '<tool_call>{"name": "f", "arguments": {"a": [1, 2,]}}</tool_call>',
  },
  'missing-comma': {
    means: 'A comma between two members, or between two calls, was missing.',
    example: '<tool_call>{"name": "f", "arguments": {"a": 1 "b": 2}}</tool_call>',
  },
  'wrong-separator': {
    means: 'The calls of a list were separated by semicolons instead of commas.',
    example: 'pythonic: [f(a=1); g(b=2)]',
  },
  'missing-closer': {
    means: 'A closing bracket, tag or marker was missing, and what follows shows where it belongs.',
    example: '<tool_call>{"name": "f", "arguments": {"list": [1, 2}}</tool_call>',
  },
  'missing-opener': {
    means: 'The marker that opens a call or a section of calls was missing.',
    example:
      'deepseek-v3: <｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{"a": 1}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  },
  'surplus-brace': {
    means: 'There was one brace too many before the object of a call.',
    example: '<tool_call>{{"name": "f", "arguments": {"a": 1}}}</tool_call>',
  },
  'surplus-closer': {
    means: 'There was one closing bracket too many after a call or its arguments.',
    example: '<tool_call>{"name": "f", "arguments": {"a": 1}}}</tool_call>',
  },
  'surplus-opener': {
    means: 'A marker or a tag that opens a call came twice.',
    example:
      'qwen3-coder: <tool_call>\n<function=f>\n<function=f>\n<parameter=a>\nx\n</parameter>\n</function>\n</tool_call>',
  },
  'words-before-call': {
    means: 'Words between the marker and the object of a call were left out.',
    example: 'internlm2: <|action_start|><|plugin|>I call it: {"name": "f", "parameters": {}}<|action_end|>',
  },
  comment: {
    means: 'A comment between the arguments of a call was left out.',
    example: 'pythonic: [f(a=1, # the first\n b=2)]',
  },
  'misspelt-header': {
    means: 'The header of a call was damaged, but only one tool fits it.',
    example:
      'qwen3-coder, f given with a: <tool_call>\n<function=f\n<parameter=a>\nx\n</parameter>\n</function>\n</tool_call>',
  },
  'stripped-marker': {
    means: 'A server removed the special tokens from a whole call of a given tool.',
    example:
      'deepseek-v4, f given: <tool_calls>\n<invoke name="f">\n<parameter name="a" string="true">x</parameter>\n</invoke>\n</tool_calls>',
  },
  'swallowed-name': {
    means: 'The name of the call had slipped into its arguments and was moved out of them.',
    example: '<tool_call>{"arguments": {"a": 1, "name": "f"}</tool_call>',
  },
  'mended-payload': {
    means: 'The block was repaired as a whole, and still holds exactly the words of the source.',
    example: '<tool_call>{name: "f", arguments: {"a": 1}}</tool_call>',
  },
  'marker-spelling': {
    means: "A marker was spelt differently from the model's own spelling.",
    example:
      'deepseek-v3: <｜tool▁calls｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{"a": 1}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  },
  'misspelt-marker': {
    means: 'A marker before a call of a given tool, or its close marker, was misspelt or replaced by another.',
    example:
      'deepseek-v3.2, f given: <｜DSML｜toolcalls>\n<｜DSML｜invoke name="f">\n</｜DSML｜invoke>\n</｜DSML｜toolcalls>',
  },
  'literal-newline': {
    means: 'The two characters `\\n` stood where the format has a line break.',
    example:
      'deepseek-v3: <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\\n```json\\n{"a": 1}\\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  },
  'missing-attribute': {
    means: 'A parameter did not say whether its value is text; the schema and the value decided it.',
    example:
      'deepseek-v3.2: <｜DSML｜function_calls>\n<｜DSML｜invoke name="f">\n<｜DSML｜parameter name="a">6</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
  },
  'json-body': {
    means: 'A call whose parameters are tags held them as one JSON object.',
    example: 'qwen3-coder: <tool_call>\n<function=f>\n{"a": 1}\n</function>\n</tool_call>',
  },
  'name-key': {
    means: 'The name of a given tool stood under a key that the format does not use, and was read from there.',
    example: 'hermes, f given: <tool_call>{"tool": "f", "arguments": {"a": "x"}}</tool_call>',
  },
  'argument-key': {
    means: 'The arguments stood under a key that the format does not use, and were read from there.',
    example: '<tool_call>{"name": "f", "args": {"a": "x"}}</tool_call>',
  },
  'flat-arguments': {
    means: 'The arguments stood beside the name, each under its own key, and all are in the schema.',
    example: 'hermes, f given with a: <tool_call>{"name": "f", "a": "x"}</tool_call>',
  },
  'argument-beside': {
    means: 'An argument of the schema stood beside the arguments, and was added to them.',
    example: 'hermes, f given with a: <tool_call>{"name": "f", "arguments": {}, "a": "x"}</tool_call>',
  },
  'wrapped-arguments': {
    means: 'All arguments stood under one key that is not in the schema (`arguments`, `input`), and were unwrapped.',
    example: 'hermes, f given with a: <tool_call>{"name": "f", "arguments": {"input": {"a": "x"}}}</tool_call>',
  },
  'code-fence': {
    means: 'A code fence around the arguments was left out.',
    example: 'qwen: ✿FUNCTION✿: f\n✿ARGS✿: ```json\n{"a": 1}\n```\n✿RESULT✿',
  },
  'unescaped-quotes': {
    means: "Quotes inside a string were not escaped: an apostrophe, a word in quotes, a built-in tool's string.",
    example: "pythonic: [f(a='it's fine')]",
  },
  'json-quotes': {
    means: "A string stood in plain quotes instead of the format's delimiters.",
    example: 'gemma4: <|tool_call>call:f{a:"x"}<tool_call|>',
  },
  'missing-quotes': {
    means: 'A string stood without its delimiters.',
    example: 'gemma4: <|tool_call>call:f{a:two words}<tool_call|>',
  },
  'leading-zeros': {
    means: 'A whole number began with zeros, which Python refuses.',
    example: 'pythonic: [f(n=007)]',
  },
  coerced: {
    means: 'A value was converted to the type of its schema, on request (`coerce: true`).',
    example: '<tool_call>{"name": "f", "arguments": {"a": "5"}}</tool_call> with coerce, a an integer',
  },
  'further-repairs': {
    means: 'There were too many repairs to list one by one; this one covers the rest.',
    example: 'a list of 300 times `True`',
  },
} as const satisfies Record<string, { means: string; example: string }>

/** One of `REPAIR_KINDS`. */
export type RepairKind = keyof typeof REPAIR_KINDS
