/** What a format writes around calls whose names and keys are attributes. */
interface Markers {
  /** Around the calls of a turn, and what stands between and around each. */
  readonly open: string
  readonly close: string
  readonly before?: string
  readonly after?: string
  /** The words of its tags, with their prefix. */
  readonly call: string
  readonly parameter: string
}

/** Texts that go wrong in their tags, in the markers of one format. */
export function attributesIn({ open, close, before = '', after = '', call, parameter }: Markers): string[] {
  const block = (inside: string) => `${open}${inside}${close}`
  const p = (key: string, text: string) => `<${parameter} name="${key}">${text}</${parameter}>`
  const one = (inside: string, name = 'f') => `${before}<${call} name="${name}">${inside}</${call}>${after}`
  const header = (tag: string) => block(`${before}${tag}${p('a', 'x')}</${call}>${after}`)
  const key = (tag: string) => block(one(`${tag}x</${parameter}>`))
  const closed = (closer: string) => block(one(`<${parameter} name="a">x${closer}`))
  return [
    block(one(p('a', 'x'))),
    block(`\n${one(`\n${p('a', '\nx\n')}\n${p('n', '1')}\n`)}\n`),
    block(one('', 'g')),
    block(one('\n', 'g')),
    block(one('words', 'g')),
    block(one('', 'unknown')),
    block(one('', 'must')),
    block(one(p('a', 'x')) + one('', 'g')),
    block(`${one('', 'g')} words ${one('', 'g')}`),
    // Headers of calls.
    header(`<${call} name=f>`),
    header(`<${call} name='f'>`),
    header(`<${call}  name = "f" >`),
    header(`<${call} name="f" id="1">`),
    header(`<${call} id="1" name="f">`),
    header(`<${call}="f">`),
    header(`<${call} f>`),
    header(`<${call}>`),
    header(`<${call} name="">`),
    header(`<${call} name="f"`),
    header(`<${call} name="f">\n<${call} name="f">`),
    header(`<${call.toUpperCase()} name="f">`),
    header(`<${call.slice(0, -1)} name="f">`),
    header(`${call} name="f">`),
    header('<entry name="f">'),
    header('<f>'),
    header(`<${call} name="f"/>`),
    header(`<${call} tool="f">`),
    // Headers of parameters.
    key(`<${parameter} name=a>`),
    key(`<${parameter} name='a'>`),
    key(`<${parameter} name="a" type="string">`),
    key(`<${parameter} name="a" string="false">`),
    key(`<${parameter}="a">`),
    key(`<${parameter} a>`),
    key(`<${parameter}>`),
    key(`<${parameter} name="">`),
    key(`<${parameter} name="a"`),
    key(`<${parameter} name="a"\n`),
    key(`<${parameter} name="a"><${parameter} name="a">`),
    key(`<${parameter.toUpperCase()} name="a">`),
    key(`${parameter} name="a">`),
    key('<entry name="a">'),
    key('<a>'),
    key(`<${parameter} key="a">`),
    key(`<${parameter} name="a b">`),
    // Closers.
    closed(''),
    closed('\n'),
    closed(`</${parameter}`),
    closed(`</${parameter}\n`),
    closed(`<${parameter}>`),
    closed(`</${parameter.toUpperCase()}>`),
    closed('</a>'),
    closed('</value>'),
    closed(`</${parameter}></${parameter}>`),
    closed(`</${parameter}>\n</${parameter}>\n`),
    closed(`</${parameter}>words`),
    closed(p('n', '1')),
    closed(`\n${p('n', '1')}`),
    closed(` ${p('free', '1')}</${parameter}>`),
    closed(`<![CDATA[<b>]]></${parameter}>`),
    block(one(`<${parameter} name="a"><![CDATA[x]]></${parameter}>`)),
    block(one(`<${parameter} name="a">\n<![CDATA[x]]> y</${parameter}>`)),
    block(one(`<${parameter} name="a"><![CDATA[x</${parameter}>`)),
    block(one(`words${p('a', 'x')}`)),
    block(one(`${p('a', 'x')}words`)),
    block(one(`${p('a', 'x')}${p('a', 'y')}`)),
    block(one(p('n', ' 1 '))),
    block(one(p('n', 'words'))),
    block(one(p('n', `1<${parameter} name="a">`))),
    block(one(p('data', '{"k": [1]}'))),
    block(one(p('data', ' {"k": [1}'))),
    block(one(p('arguments', '{"a": "x"}'))),
    block(one('{"a": "x"}')),
    block(one(p('a', block(one('', 'g'))))),
    block(one(p('a', `see <${call} name="g"> there`))),
    // Blocks.
    `${open}${one(p('a', 'x'))}`,
    `${open}${one(p('a', 'x'))} more`,
    `${open}${before}<${call} name="f">${p('a', 'x')}${close} more`,
    `${open}${before}<${call} name="f">${p('a', 'x')}`,
    `${open}${before}<${call} name="f">${p('a', 'x')}${one('', 'g')}${close}`,
    `${open}${open}${one('', 'g')}${close}${close} more`,
    `${open}${one('', 'g')}${open} more`,
    block(''),
    block('words'),
    block(`words ${one('', 'g')}`),
    `${one('', 'g')} more`,
    `${one('', 'g')}${close} more`,
    `Say ${open} or ${close} now.`,
    `${p('a', 'x')}</${call}> more`,
  ].filter((text) => text !== '')
}

const ATEM = { call: 'atem:invoke', parameter: 'atem:parameter' }

export const INVOKES = attributesIn({
  open: '<minimax:tool_call>',
  close: '</minimax:tool_call>',
  call: 'invoke',
  parameter: 'parameter',
})

export const STEPS = attributesIn({
  open: '<｜tool_calls_begin｜>',
  close: '<｜tool_calls_end｜>',
  before: '<｜tool_call_begin｜>function<｜tool_sep｜>',
  after: '<｜tool_call_end｜>',
  call: 'steptml:invoke',
  parameter: 'steptml:parameter',
})

export const SHORT_TAGS = attributesIn({ open: '', close: '', call: 'function', parameter: 'param' })

/** In a message of its own. */
export const MESSAGE_TAGS = attributesIn({
  open: ' to=f<|message|><atem:function_calls>\n',
  close: '\n</atem:function_calls><|eom|>',
  ...ATEM,
}).concat(
  attributesIn({ open: '<atem:function_calls>', close: '</atem:function_calls>', ...ATEM }).filter(
    (_, i) => i % 6 === 0,
  ),
)

const asides = (text: string) =>
  `<｜tool_calls_begin｜>${text}<steptml:invoke name="g"></steptml:invoke><｜tool_call_end｜><｜tool_calls_end｜>`

/** What stands between the marker of a call and its tag. */
export const ASIDES = [
  '<｜tool_call_begin｜>function<｜tool_sep｜>',
  '<｜tool_call_begin｜>function<｜tool_sep｜>\n',
  '<｜tool_call_begin｜><｜tool_sep｜>',
  '<｜tool_call_begin｜>function',
  '<｜tool_call_begin｜>',
  'function<｜tool_sep｜>',
  '<｜tool_sep｜>',
  '|tool_call_begin｜>function<｜tool_sep｜>',
  '<｜tool_call_begin｜>function<tool_sep>',
  '<｜tool_call_begin｜>two words<｜tool_sep｜>',
  '<｜tool_call_begin｜>g<｜tool_sep｜>',
  '<｜tool_call_begin｜><｜tool_call_begin｜>function<｜tool_sep｜>',
].map(asides)
