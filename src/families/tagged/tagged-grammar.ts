import type { TagSyntax } from '../../text/tag.js'
import type { DelimitedRules } from '../../values/raw/delimited-rules.js'

/**
 * Calls whose parameters are tags of their own: `<function=f><parameter=a>1</parameter></function>`, or
 * `<invoke name="f"><parameter name="a">1</parameter></invoke>`.
 */
export interface TaggedGrammar extends DelimitedRules {
  readonly syntax: TagSyntax
  /**
   * Where a value's type stands: in the tool's schema, or in an attribute (the schema only helps out). `json`: in the schema;
   * where that says nothing, JSON is JSON and all else is text.
   */
  readonly typing: 'schema' | 'attribute' | 'json'
  /** Newlines before a block that separate it from the content. Part of the opener, so removed exactly once. */
  readonly separator?: string
  /**
   * The tags of a call are written one behind the other, without newlines: `packed`; or only its closer stands on a line of
   * its own. All layouts are read.
   */
  readonly layout?: 'packed' | 'closer'
  /**
   * When a call without its block is one: `known` tools only, or by its shape where no tools are given; `whole`: known
   * tools only, and only once it has been read to its end.
   */
  readonly bare: 'known' | 'whole'
  /** A body that is one JSON object is the model's own way to write arguments, its only way, or a repair. */
  readonly jsonBody: 'native' | 'only' | 'repair'
  /** A key that comes twice: its last value counts, with a note. `damage`: the text is malformed too. */
  readonly duplicates: 'accepted' | 'damage'
  /** A value may be a CDATA section: `<![CDATA[a < b]]>`. */
  readonly cdata?: 'read'
  /** In a code fence, the call of a tool that was not given is an example. */
  readonly quotable: boolean
  /**
   * The tags are what a server leaves of those of this special token, `｜DSML｜`: `<invoke name="f">`. They are a call only at
   * the start of a line, of a given tool, and as a whole.
   */
  readonly stripped?: string
  /** Names may come as `NAME.NAME`: where NAME is a given tool, that is meant. */
  readonly doubledNames?: 'collapse'
  /** Calls have no tags of their own: a message around each names the tool, and these markers end it, or the end of the text. */
  readonly message?: { readonly ends: readonly string[] }
}

/** A turn has one block of calls at most, and a value may quote whole calls anywhere in a line. */
export const ONE_BLOCK = {
  nesting: 'anywhere',
  outerEnds: 'anywhere',
  successors: {
    'parameter-end': ['parameter', 'call-end', 'block-end', 'call'],
    'call-end': ['call', 'block-end'],
    'block-end': [],
  },
} as const satisfies Partial<TaggedGrammar>

/** Where all tags have a special token: nothing else looks like one of them. */
export const WITH_TOKEN = {
  outerEnds: 'line-start',
  successors: {
    'parameter-end': ['parameter', 'call-end', 'block-end', 'call', 'block'],
    'call-end': ['block-end', 'call', 'block'],
    'block-end': ['block'],
  },
  stop: 'always',
  atEnd: 'unknown',
  duplicates: 'damage',
  quotable: false,
} as const satisfies Partial<TaggedGrammar>

/** The pipes that are read around such a token. */
export const TOKEN_PIPES = '｜|‖'

/** The grammar of what a server leaves of such tags that takes special tokens out. `token`: as it stood in them, `｜DSML｜`. */
export function withoutToken({ syntax, separator: _, ...rest }: TaggedGrammar, token: string): TaggedGrammar {
  const { token: __, ...plain } = syntax
  return { ...rest, syntax: plain, stripped: token }
}

/** The attribute of a tag that says what the value is: ` string="true"`, ` type="number"`. */
export function valueAttribute({ textAttribute, typeAttribute }: TagSyntax, value: unknown): string {
  if (typeAttribute !== undefined) return ` ${typeAttribute}="${jsonType(value)}"`
  return ` ${textAttribute}="${typeof value === 'string'}"`
}

function jsonType(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}
