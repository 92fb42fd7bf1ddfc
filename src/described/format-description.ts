import type { MessageText, Where } from '../engine/format.js'

// One file, field by field: `docs:schema` makes the JSON Schema of it, with these comments.

/** A text that is not empty. */
export type Text = string
/** A list that is not empty. */
export type Some<Item> = readonly Item[]

/**
 * A wire format as data: what a file of a format holds, what a derivation gives, what a person reviews. `formatFromDescription`
 * makes the format of it.
 *
 * All texts stand as they do on the wire. A text in which something varies has its place in braces: `<function={name}>`,
 * `<parameter name="{key}">`. Where several texts are read, the first is the one that is written. Nothing is a regular
 * expression but `modelPatterns`.
 * @example
 * {
 *   "version": 1,
 *   "id": "harbour",
 *   "stops": ["<eos>"],
 *   "reasoning": [{ "open": "<think>", "close": "</think>" }],
 *   "calls": [{ "family": "json-calls", "call": { "open": "<call>", "close": "</call>" } }]
 * }
 */
export interface FormatDescription {
  /** Where the JSON Schema of such files stands, for editors. It says nothing of the format. */
  readonly $schema?: string
  /** Of this form of description. Another version is refused. */
  readonly version: 1
  /** Lower-case letters, digits, `-` and `.`; not `auto`. */
  readonly id: Text
  readonly aliases?: readonly Text[]
  /** The models that write it, in words for people. */
  readonly models?: Text
  /** Regular expressions for names of models, in any case, most specific first: `\bharbour-?1\b`. */
  readonly modelPatterns?: readonly Text[]
  /** From where this is known, in words: a chat template, a person. */
  readonly source?: Text
  /** Assistant headers that a model may repeat at the start of its text. Default: none. */
  readonly headers?: readonly Text[]
  /** Stop tokens: they end the text. Default: none. */
  readonly stops?: readonly Text[]
  /** Blocks of reasoning. The first is written. Default: the format has none. */
  readonly reasoning?: readonly ReasoningDescription[]
  /** Does the prompt open the reasoning, so that texts begin inside it? Left out where that is not known. */
  readonly promptOpensReasoning?: boolean
  /** What stands around the answer and is no part of it: `<response>`, `</response>`. */
  readonly frames?: readonly Tag[]
  /** The calls. Several where models write several grammars: the first is written, all are read. */
  readonly calls: Some<CallsDescription>
  /** Ids of calls on the wire. Left out: calls have none. */
  readonly ids?: IdsDescription
  /** How models spell objects: as JSON (default), or as Python prints them: `{'on': True}`. */
  readonly objects?: 'json' | 'python'
  /** Texts with which only this format's calls begin: they tell it from formats with the same markers. */
  readonly looks?: readonly Text[]
  /** Tools whose text is code as it is, in formats with `channels`. */
  readonly codeTools?: readonly Text[]
  /**
   * What is known of a field and why, by its path: `calls[0].call.open`. Nothing depends on it but what people decide. A
   * derivation writes it.
   */
  readonly about?: Readonly<Record<string, FieldReason>>
}

/** Why a field is as it is. */
export interface FieldReason {
  /** What it was seen in, in words. */
  readonly reason: Text
  /** From 0, a guess, to 1, seen. */
  readonly confidence: number
}

export interface ReasoningDescription {
  readonly open: Text
  readonly close: Text
  /** Other markers that models close it with. */
  readonly alike?: readonly Text[]
  /** Its markers are plain words, which any answer may hold: a closer alone is text. */
  readonly isWorded?: boolean
  /** How the markers are written, with the white space that belongs to them: `<think>` LF, LF `</think>` LF LF. Default: bare. */
  readonly written?: { readonly open: string; readonly close: string }
}

/** What opens something on the wire, and what closes it: empty where nothing does. */
export interface Marks {
  readonly open: Text
  readonly close: string
  /** Other openers and closers that are read. */
  readonly alsoOpen?: readonly Text[]
  readonly alsoClose?: readonly Text[]
}

/** Markers around the calls of a turn, each of which has its own beginning and end inside. */
export interface BlockMarks extends Marks {
  /** What is written: one block around all calls of a turn (default), or one around each. Both are read. */
  readonly around?: 'all calls' | 'each call'
}

/** White space that is written, which a reader does not ask for. Default: none. */
export interface Spaces {
  /** Between content and the first marker. */
  readonly before?: string
  /** Behind the opener of the block, and before its closer. */
  readonly inBlock?: string
  /** Behind the opener of a call, and before its closer. */
  readonly inCall?: string
  /** Between two calls. A separator belongs to it: `; `. */
  readonly between?: string
}

/** Ids of calls on the wire. */
export interface IdsDescription {
  /**
   * How an id is made: `{index}` is the number of the call in its turn, from 0 on, `{name}` its tool: `functions.{name}:{index}`,
   * `call_{index}`.
   */
  readonly form: Text
  /** Models expect so many letters and digits, and the number is padded with zeros: 9. Any such id is written as it is. */
  readonly length?: number
  /** What is written for a call whose own id is none of these: none (default), or one that is made. */
  readonly missing?: 'left out' | 'made'
}

/** One grammar of calls. `family` says which; all else is its wire. */
export type CallsDescription =
  | JsonCallsDescription
  | BareJsonDescription
  | NameJsonDescription
  | TaggedDescription
  | PairsDescription
  | PythonicDescription
  | DelimitedDescription
  | TreeDescription
  | ChannelsDescription

/** The keys of an object that is a call. In each list the first is written. */
export interface CallKeys {
  /** Default `name`. */
  readonly name?: Some<Text>
  /** Default `arguments`, `parameters`. */
  readonly arguments?: Some<Text>
  /** Default `id`. One is written only where the format has `ids`. */
  readonly id?: Some<Text>
  /** `{"type": "function", "function": {…}}`: read as well (default), written, or no call. */
  readonly nested?: 'read' | 'written' | 'never'
  /** The name is the only key, and its value the arguments: `{"get_tide": {"port": "Moss"}}`. */
  readonly nameIsKey?: true
  /** The arguments are written as a string that holds their JSON. Both are read. */
  readonly argumentsAre?: 'object' | 'string'
}

/**
 * Calls as JSON objects between markers: around each call, around a list of all of them, or both.
 *
 *     <tool_call>{"name": "get_tide", "arguments": {"port": "Moss"}}</tool_call>
 *     <TOOLCALL>[{"name": …, "arguments": {…}}, {…}]</TOOLCALL>
 */
export interface JsonCallsDescription {
  readonly family: 'json-calls'
  /** Around all calls of a turn. One of `block` and `call` is needed. */
  readonly block?: Marks
  /** Around each call. */
  readonly call?: Marks
  /** All calls of a turn are written as one list. */
  readonly list?: boolean
  readonly keys?: CallKeys
  readonly spaces?: Spaces
  /** Where the markers count. Default `anywhere`. */
  readonly where?: Where
  /**
   * For markers that prose holds too: they open only before a list of objects, before such a list or an object with a key, or
   * before anything with a brace. Default: before any brace or bracket.
   */
  readonly opensBefore?: 'list' | 'list or object' | 'objects'
  /** One object or one list stands behind the opener, and what follows is text. Default: many may. */
  readonly one?: boolean
}

/** Calls as JSON objects without a marker: strict rules keep data what it is. */
export interface BareJsonDescription {
  readonly family: 'bare-json'
  /** Where a call may begin. */
  readonly where: Where
  /** The same if no tools were given. Default `never`. */
  readonly withoutTools?: 'never' | 'text-start' | 'line-start' | 'behind-call'
  /** A call counts once its arguments begin, or only if calls run to the end of the text (default). */
  readonly commit?: 'arguments' | 'end'
  readonly keys?: CallKeys
  /** `[{…}, {…}]` is read as well. */
  readonly lists?: boolean
  /** Several may follow one another, with one of these characters in between. Default: a text has one. */
  readonly separators?: string
  /** The key of an object that holds a list of calls: `tool_calls`. */
  readonly envelope?: Text
  /** Code fences that are calls: with these labels, `''` for none. Default: none are. */
  readonly fences?: { readonly labels?: readonly string[]; readonly withoutTools: 'never' | 'anywhere' | 'whole-text' }
  /** Closers that prove a call whose opener is missing. */
  readonly close?: readonly Text[]
}

/** One field of the header before the arguments. */
export interface HeadFieldDescription {
  readonly is: 'name' | 'id' | 'type'
  /** What separates it from the field before. Empty for the first. */
  readonly after?: string
  /** May be left out, with what separates it. */
  readonly optional?: boolean
  /**
   * How it is written. Of a name: with more than the tool in it, `functions.{name}:{index}`; such a field is the id as well where
   * it holds an index. Of a type: its word, `function`.
   */
  readonly written?: string
}

/**
 * Calls whose name stands outside their JSON arguments:
 *
 *     [TOOL_CALLS]get_tide[ARGS]{"port": "Moss"}
 *     <｜tool▁call▁begin｜>get_tide<｜tool▁sep｜>{"port": "Moss"}<｜tool▁call▁end｜>
 */
export interface NameJsonDescription {
  readonly family: 'name-json'
  readonly block?: Marks
  /** May a call stand outside of its block? Default: only as a repair. */
  readonly blockless?: 'native' | 'repair'
  readonly call: Marks
  /** The fields before the arguments, in their order. One is the name. */
  readonly head: Some<HeadFieldDescription>
  /** Between the last field and the arguments: `[ARGS]`. */
  readonly argumentsAfter: string
  /** May a brace right behind the last field begin the arguments too? Default: no. */
  readonly argumentsMarker?: 'required' | 'optional'
  /** The arguments are written in a code fence of this label; with and without one they are read. Default: no fence. */
  readonly fence?: string
  readonly spaces?: Spaces
  readonly where?: Where
}

/** A tag, or any two markers, between which something stands. Names in braces: `<function={name}>`. */
export interface Tag {
  readonly open: Text
  readonly close: Text
}

/** What a raw value is: its schema says; its tag says; the schema, or JSON that parses where it says nothing. */
export type ValueTyping = 'schema' | 'attribute' | 'json or text'

/** White space at the edges of a raw value: all of it is the value's, or one line break at each edge is markup. */
export type ValueTrim = 'none' | 'newline'

/** Where line breaks are written between tags: before each, before none, or before the closer of a call only. All are read. */
export type TagLayout = 'lines' | 'packed' | 'closer'

/**
 * Calls and parameters as tags:
 *
 *     <tool_call><function=get_tide><parameter=port>Moss</parameter></function></tool_call>
 *     <invoke name="get_tide"><parameter name="port">Moss</parameter></invoke>
 *     <｜DSML｜invoke name="get_tide"><｜DSML｜parameter name="port" string="true">Moss</｜DSML｜parameter></｜DSML｜invoke>
 */
export interface TaggedDescription {
  readonly family: 'tagged'
  /** Tags or special tokens. */
  readonly block?: BlockMarks
  /** Has `{name}`: `<function={name}>`, `<invoke name="{name}">`. */
  readonly call: Tag
  /**
   * Has `{key}`, and for `attribute` typing `{isText}` (true, false) or `{type}` (string, number, …):
   * `<parameter={key}>`, `<parameter name="{key}" string="{isText}">`. Left out: the arguments are one JSON object.
   */
  readonly parameter?: Tag
  readonly typing?: ValueTyping
  readonly trim?: ValueTrim
  readonly layout?: TagLayout
  /** One JSON object in the place of parameters: the model's own way too, or a repair (default). */
  readonly jsonBody?: 'native' | 'repair'
  /** A value may be a CDATA section. */
  readonly cdata?: boolean
  /** Markers between calls that mean nothing: `<｜tool_call_end｜>`. */
  readonly asides?: readonly Text[]
  /** A turn has one block at most, so that a value may quote whole calls. Default: several may follow. */
  readonly oneBlock?: boolean
  readonly spaces?: Spaces
}

/**
 * Calls whose keys and values are elements of their own, behind the name:
 *
 *     <tool_call>get_tide
 *     <arg_key>port</arg_key>
 *     <arg_value>Moss</arg_value>
 *     </tool_call>
 */
export interface PairsDescription {
  readonly family: 'pairs'
  readonly block?: Tag
  readonly call: Tag
  /** Behind the name: `<tool_sep>`. */
  readonly nameEnd?: Text
  readonly key: Tag
  /** Around the type of a value, which may stand before it. */
  readonly type?: Tag
  /** Its opener is empty where the closer of the key opens it. */
  readonly value: { readonly open: string; readonly close: Text }
  /** A line break is written between the key and the value. */
  readonly valueOnNextLine?: boolean
  /** Endings that all markers of a text may share: `:opensource` for `<tool_call:opensource>`. */
  readonly suffixes?: readonly Text[]
  readonly trim?: ValueTrim
  readonly layout?: TagLayout
  /** One JSON object in the place of pairs: the model's own way too, or a repair (default). */
  readonly jsonBody?: 'native' | 'repair'
  /** A call may be one JSON object, with its name and its arguments. */
  readonly objects?: boolean
  readonly spaces?: Spaces
}

/** Calls as Python writes them: `[get_tide(port='Moss')]`. */
export interface PythonicDescription {
  readonly family: 'pythonic'
  /** Around the list; a list may do without its closer. Left out: lists have no markers. */
  readonly block?: Marks
  readonly where?: Where
  /** Lists without a marker: `never` (default where there is a block), `list`, or `list-or-text`: also `f(a=1)` alone. */
  readonly bare?: 'never' | 'list' | 'list-or-text'
  /** Behind a marker: in brackets (default), or without them, a call on each line. */
  readonly form?: 'brackets' | 'lines'
  /** Behind a marker: any `name(` is a call (default), or only one whose first argument has a keyword, or that has none. */
  readonly commit?: 'name' | 'arguments'
  readonly spaces?: Spaces
}

/** Calls whose arguments are a map with bare keys: `<|tool_call>call:get_tide{port:<|"|>Moss<|"|>,days:2}<tool_call|>` */
export interface DelimitedDescription {
  readonly family: 'delimited'
  readonly call: Tag
  /** Before the name: `call:`. */
  readonly prefix: string
  /** At both ends of a string: `<|"|>`. */
  readonly delimiter: Text
  readonly spaces?: Spaces
}

/**
 * Calls whose arguments are a tree of tags, each named after its key, or with its key and its type:
 *
 *     <invoke name="book"><guest><age>31</age></guest></invoke>
 *     <cofl:tool_call name="book"><cofl:value name="age" type="json">31</cofl:value></cofl:tool_call>
 */
export interface TreeDescription {
  readonly family: 'tree'
  /** Stands before each tag and is left out of the tags below: `]<]minimax[>[`. */
  readonly token?: Text
  readonly block: Tag
  /** Has `{name}`, and may have `{id}`. */
  readonly call: Tag
  /** `<{key}>`, or a word with attributes: `<cofl:value name="{key}" type="{type}">`. */
  readonly value: Tag
  /** What stands in a list, where values are named after their keys: `<item>`. */
  readonly item?: Tag
  readonly spaces?: Spaces
}

/**
 * Messages behind headers that say what each holds; calls are such messages:
 *
 *     <|start|>assistant<|channel|>commentary to=functions.get_tide<|message|>{"port": "Moss"}<|call|>
 */
export interface ChannelsDescription {
  readonly family: 'channels'
  /** Begins a header, and the role behind it in the model's own messages. */
  readonly start: Text
  readonly role: string
  /** What prompts hold of the first header behind `start`, where that is more than the role. */
  readonly inPrompt?: Text
  /** Precedes the name of the channel, if messages have one. */
  readonly channel?: Text
  /** Precedes the name of the recipient; `namespace` is the prefix of that name if it is a tool. */
  readonly recipient: string
  readonly namespace?: Text
  /** Precedes the type of the text, and the types. */
  readonly type?: Text
  readonly types?: readonly Text[]
  /** Ends the header. */
  readonly message: string
  /** Other markers that end the header and say what the message holds. */
  readonly kinds?: Readonly<Record<string, MessageText | 'call'>>
  /** Markers that end a message, the ordinary one first; those that end calls only. */
  readonly ends: readonly Text[]
  readonly callEnds?: readonly Text[]
  /** What a message that is no call holds, by channel, or by recipient where there are no channels. */
  readonly of: Readonly<Record<string, MessageText>>
  /** What a message with neither holds. */
  readonly unnamed: MessageText
  /** The channel of calls, where there are channels: `commentary`. */
  readonly callChannel?: Text
  /** The text of a call is an object that holds its name too. */
  readonly keys?: CallKeys
  /** The text of a call is a block of tags, whose calls have names of their own. */
  readonly calls?: TaggedDescription
}
