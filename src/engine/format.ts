import type { WAIT } from '../text/cursor.js'
import type { HoldBack, Read } from '../text/step.js'
import type { Tool } from '../tools/tools-input.js'

/**
 * Inference engines whose names for parsers are known. `smg` is the gateway of LightSeek with its crates tool-parser and
 * reasoning-parser; `llamacpp` chooses by the chat template and takes no name.
 */
export type Engine = 'vllm' | 'sglang' | 'dynamo' | 'smg' | 'llamacpp' | 'ollama' | 'mlx' | 'trtllm' | 'lmdeploy'

/** What inference engines call a parser. */
export type EngineFlags = { readonly [engine in Engine]?: string }

/** The same of a format: where an engine has several names for its parser, the usual one comes first. */
export type FormatFlags = { readonly [engine in Engine]?: string | readonly string[] }

/** Where an opener counts. Anywhere else it is text. */
export type Where = 'anywhere' | 'line-start' | 'text-start'

/** A marker that may open a call: it does so only if the family finds a valid header behind it. */
export interface Opener {
  /** Empty: a call may begin the text without a marker, behind nothing but white space. */
  readonly marker: string
  /** Default `anywhere`. */
  readonly where?: Where | undefined
  /**
   * The marker is the first character of the payload itself (`{`, `[`). Ordinary text may hold it, so stricter rules
   * apply.
   */
  readonly bare?: boolean
  /** It opens a call only before one of these ASCII characters, which saves asking a reader. Default: any character. */
  readonly before?: string | undefined
  /**
   * A cheap test of whether a call may open at an index of a whole text, from the characters there alone. False for
   * nearly all ordinary text, true in doubt. Default: always true.
   */
  readonly mayOpen?: ((text: string, at: number) => boolean) | undefined
  /**
   * The same for text of which more may come, behind the marker and white space: false only if nothing that follows makes it a
   * header, `WAIT` where a reader would wait. It saves `auto` a reader for each format that shares the marker. Default: always true.
   */
  readonly mayBegin?: ((text: string, at: number) => boolean | typeof WAIT) | undefined
  /** The marker is the common beginning of several markers (`<｜DSML`). Where the text ends behind it, it is text. */
  readonly stem?: boolean
  /** Ordinary text holds it (`>>>`): where it opens nothing it is text, and no call was meant. */
  readonly inText?: boolean
  /** It opens nothing by itself, but stands in the place of another marker before one that does. */
  readonly prefix?: boolean
  /** It begins the header of a message, which may hold a call. Such a header ends an open reasoning block. */
  readonly begins?: 'message'
}

/** Reads the calls of one grammar. Made for each parser, so that parsers share no state. */
export interface FamilyReader {
  /** Set while `opens` waits: knows which further text changes nothing yet. */
  readonly holdBack?: HoldBack | undefined
  /** What must follow an opener, for error messages: `{` or `[`. */
  readonly expects?: string
  /** What opened when `opens` last answered true: a call, or a message without one. Default: a call. */
  readonly opened?: 'call' | 'message'
  /**
   * Of the header that was found then: `own`, if only this format's headers say what it says; `partial`, if the format itself
   * writes more.
   */
  readonly says?: 'own' | 'partial' | undefined
  /** Called before the text is read, for families whose openers begin messages: the prompt may have begun one. */
  begin?(): Read<void>
  /**
   * Is there a valid header at the cursor, which is behind the opener (before it, if that is `bare`)? It may read white
   * space, and is asked again when it answers `WAIT`. `from` is the offset of the opener.
   */
  opens(opener: Opener, from: number): boolean | typeof WAIT
  /**
   * Reads the block, including its close marker. The text from `from` on is kept until then. False if the block turned
   * out to be text, which the family has then given back itself.
   */
  read(opener: Opener, from: number): Read<boolean>
}

/** A grammar of calls: what opens them, and how to make their reader. */
export interface Family {
  readonly openers: readonly Opener[]
  /**
   * Its header is unique, although other families share its marker. It comes first where the format is not known yet.
   */
  readonly distinct?: boolean
  /** Close markers that are left out of the content where they close nothing. */
  readonly strays?: readonly string[]
  /** Those of `strays` that end the header of a message. Where one stands alone and a call's text follows, the header is lost. */
  readonly headerEnds?: readonly string[]
  /** Markers inside of calls (tags of parameters, separators). Outside of calls they stay content, with a note. */
  readonly innerMarkers?: readonly string[]
  /** Those of `innerMarkers` that close raw values, in which nothing is escaped. */
  readonly valueEnds?: readonly string[]
  /** Those of `strays` that begin values. */
  readonly valueStarts?: readonly string[]
  /**
   * Makes the reader of one text. `reading` is its `Reading` (engine/reading.ts). Its type is not named here, since
   * that would make a circular import.
   */
  create(reading: unknown): FamilyReader
}

/** The readers of one parser. */
export interface FamilyReaders {
  reader(family: Family): FamilyReader
}

/** A reasoning block. */
export interface ReasoningBlock {
  readonly open: string
  readonly close: string
  /** Other markers that models close it with: `<｜end▁of▁thinking｜>`. */
  readonly alike?: readonly string[]
  /** A stop token closes it too, so that the text does not count as cut. */
  readonly stop?: 'closes'
  /** Its markers are plain words, which any answer may hold: a closer alone is text if it is no special token. */
  readonly isWorded?: boolean
  /**
   * The block stays content, but a call in it waits for what follows, as in reasoning. `undecided`: whose words these are is not
   * known yet; `shown`: it is part of the answer.
   */
  readonly keepsText?: 'undecided' | 'shown'
}

export interface ReasoningRules {
  readonly blocks: readonly ReasoningBlock[]
}

/**
 * Markers around the answer, which are no part of it: `<response>Hello.</response>`. Plain tags count behind reasoning only, since
 * an answer may hold them; special tokens wherever they stand.
 */
export interface Frame {
  readonly open: string
  readonly close: string
}

/** What the text of a message is. `left out`: it is not meant for the user. */
export type MessageText = 'reasoning' | 'content' | 'left out'

/**
 * Messages with headers that say what each holds: `<|start|>assistant<|channel|>analysis<|message|>Let me see.<|end|>`
 */
export interface ChannelRules {
  /** Begins a header. */
  readonly start: string
  /** The role behind `start` in the model's own messages (`assistant`); empty if the format writes none. */
  readonly role: string
  /** What prompts hold of the first header behind `start`, where that is more than the role: the text goes on with a name. */
  readonly inPrompt?: string
  /** Precedes the name of the channel, if messages have one. */
  readonly channel?: string
  /** Precedes the name of the recipient. `namespace`: the prefix of that name if the recipient is a tool. */
  readonly recipient: string
  readonly namespace?: string
  /** Precedes the type of the text. The `types` may also stand without it. */
  readonly type?: string
  readonly types: readonly string[]
  /** Ends the header. */
  readonly message: string
  /** Other markers that end the header and say what the message holds: `<|content_thinking|>`. */
  readonly kinds?: Readonly<Record<string, MessageText | 'call'>>
  /** Markers that end the text of a message, the ordinary one first. */
  readonly ends: readonly string[]
  /** Those of `ends` that end only calls. */
  readonly callEnds?: readonly string[]
  /** What a message that is not a call holds, by channel; by recipient, where there are no channels. */
  readonly of: Readonly<Record<string, MessageText>>
  /** What a message with neither channel nor recipient holds. */
  readonly unnamed: MessageText
}

/** A call to render, as agents hold it. */
export interface RenderCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly id?: string | undefined
}

export interface RenderParts {
  readonly calls: readonly RenderCall[]
  readonly content: string
  readonly reasoning: string
  /** The value types that a tool's schema allows for a parameter, where tools are given. */
  readonly types: (tool: string, parameter: string) => ReadonlySet<string> | undefined
  /** The tool of a name, where tools are given. */
  readonly tool: (name: string) => Tool | undefined
}

/** A wire format: its grammar and what is known about it, as a value. */
export interface Format {
  /** Lower case, letters, digits, `-` and `.`. */
  readonly id: string
  /** Other names: engine flags, short forms. */
  readonly aliases: readonly string[]
  /** One line: what it looks like on the wire. */
  readonly wire: string
  /** The models that write it, in words for people. */
  readonly models: string
  /** Patterns of model names, most specific first. */
  readonly modelPatterns: readonly RegExp[]
  /** Patterns of names of models whose prompt opens the reasoning block, so that texts begin inside it. */
  readonly thinkingModels?: readonly RegExp[]
  /**
   * Patterns of names of models for which that is unknown or varies. The prompts of all other models do not open it.
   */
  readonly unsettledModels?: readonly RegExp[]
  /**
   * Its models write calls without a marker, so such a call is more likely of this format than of others that read
   * them.
   */
  readonly nativelyBare?: boolean
  /** Text with which only this format's calls begin: tells it from formats with the same markers. */
  readonly looks?: readonly string[]
  /**
   * Tools whose code is written raw: after a marker that does not name the tool, or behind the call. Such code has no
   * end marker, so a cut text looks whole unless the caller says that it was cut.
   */
  readonly codeTools?: readonly string[]
  /** What inference engines call the parser of this format. `auto`: they find it by the chat template. */
  readonly flags: FormatFlags
  /** In words for people: whether argument text streams as it comes, or value by value. */
  readonly streams: string
  /** Assistant headers that a model may repeat at the start of its text. */
  readonly headers: readonly string[]
  /** Stop tokens: they end the text. */
  readonly stops: readonly string[]
  /** The blocks of reasoning that its models write. `<think>…</think>` is read in every format. */
  readonly reasoning: ReasoningRules | undefined
  /** What models write around their answer. Default: nothing. */
  readonly frames?: readonly Frame[]
  /**
   * What begins a tool's result, where a model that goes on after its call makes one up: `Observation:`. Such text has no end of
   * its own, so later calls are read, but none counts as complete: they rest on a result that no tool gave.
   */
  readonly results?: readonly string[]
  /** Set where reasoning and content are messages with headers, which the families read. */
  readonly channels?: ChannelRules
  readonly families: readonly Family[]
  /**
   * How its models spell objects: as JSON (default), or as Python prints them: `{'name': 'f', 'on': True}`. That spelling is read
   * beside JSON's then, and is no repair.
   */
  readonly objects?: 'json' | 'python'
  /** Makes ids as this format's models expect them. Default `call_<index>`. */
  readonly makeId?: (index: number) => string
  /** Renders calls as the model would write them. Throws a `RenderError` for what the format cannot express. */
  readonly render: (parts: RenderParts) => string
}

/** The format cannot express what it was asked to render. */
export class RenderError extends Error {
  override name = 'RenderError'
}
