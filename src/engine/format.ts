import type { WAIT } from '../text/cursor.js'
import type { HoldBack, Read } from '../text/step.js'
import type { Tool } from '../tools/tools-input.js'

/** Flags by which inference engines name the parser of a format. */
export interface EngineFlags {
  vllm?: string
  sglang?: string
  llamacpp?: string
  dynamo?: string
  ollama?: string
}

/** Where an opener counts. Everywhere else it is text. */
export type Where = 'anywhere' | 'line-start' | 'text-start'

/** A marker that may open a call. It does so only when the family finds a valid header behind it. */
export interface Opener {
  /** Empty: a call may begin the text without a marker (asked once nothing but white space came before). */
  readonly marker: string
  /** Default `anywhere`. */
  readonly where?: Where
  /** The marker is the first character of the payload itself (`{`, `[`): ordinary text may hold it, so stricter rules hold. */
  readonly bare?: boolean
  /** It opens nothing but before one of these characters (ASCII), so that no reader need be asked. Default: any. */
  readonly before?: string | undefined
  /**
   * May a call open at an index of a whole text, as far as a cheap look at the characters from there on tells? No for nearly
   * all ordinary text, yes in doubt; what stands before them and which tools there are does not count. Default: it may.
   */
  readonly mayOpen?: ((text: string, at: number) => boolean) | undefined
  /** The marker is only how all of several markers begin (`<｜DSML`): where the text ends behind it, it is text. */
  readonly stem?: boolean
  /** It opens nothing by itself: it stands before what does, in the place of another marker. */
  readonly prefix?: boolean
  /** It begins the header of a message, which may hold a call or not. Such a header ends reasoning that is open. */
  readonly begins?: 'message'
}

/** Reads the calls of one grammar for one parser. Made anew for each parser, so that no state is shared. */
export interface FamilyReader {
  /** While `opens` waits: who can tell that more text changes nothing yet. */
  readonly holdBack?: HoldBack | undefined
  /** What must stand behind an opener, for messages: `{` or `[`. */
  readonly expects?: string
  /** What opened when `opens` last said so: a call, or a message that holds none. Default: a call. */
  readonly opened?: 'call' | 'message'
  /** Called before any of the text is read, of families whose openers begin messages: the prompt may have begun one. */
  begin?(): Read<void>
  /**
   * Called with the cursor behind the opener (before it, where it is `bare`): does a valid header stand here? It may read
   * white space, and is asked again when it answers `WAIT`. `from` is the offset of the opener.
   */
  opens(opener: Opener, from: number): boolean | typeof WAIT
  /**
   * Reads the block, to behind its close marker. The text from `from` on is kept until then. False when it turned out to
   * be text, which the family then gave back itself.
   */
  read(opener: Opener, from: number): Read<boolean>
}

/** The grammar of calls, as a value: what opens them and who reads them. */
export interface Family {
  readonly openers: readonly Opener[]
  /** No other calls have its header, although they have its marker: where the format is not known yet, it comes first. */
  readonly distinct?: boolean
  /** Close markers that are left out of the content when they stray there. */
  readonly strays?: readonly string[]
  /** Markers that are ordinary text where they stray in the content; a note tells of them. */
  readonly mentions?: readonly string[]
  /**
   * Makes the reader of one text. `reading` is its `Reading` (engine/reading.ts), whose type is not named here: a reading
   * knows its format, and so would each know the other.
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
  /** What models close it with instead: `<｜end▁of▁thinking｜>`. */
  readonly alike?: readonly string[]
  /** A stop token closes it too, and is no sign of a text that was cut. */
  readonly stop?: 'closes'
  /** Its markers are plain words, which any answer may hold: none of them counts in a text of an unknown format, and a closer alone is text. */
  readonly isWorded?: boolean
}

export interface ReasoningRules {
  readonly blocks: readonly ReasoningBlock[]
}

/** What the text of a message is. `left out`: it is meant for somebody else. */
export type MessageText = 'reasoning' | 'content' | 'left out'

/** Messages behind headers that say what each holds: `<|start|>assistant<|channel|>analysis<|message|>Let me see.<|end|>` */
export interface ChannelRules {
  /** Begins a header. */
  readonly start: string
  /** Whose messages these are: what stands behind the start in those that the model writes itself, if anything does. */
  readonly role: string
  /** Stands before the name of the channel, where messages have one. */
  readonly channel?: string
  /** Stands before the name of whom a message is for; and what stands before that where it is a tool. */
  readonly recipient: string
  readonly namespace?: string
  /** Stands before the type of the text. These types may do without it. */
  readonly type?: string
  readonly types: readonly string[]
  /** Ends the header. */
  readonly message: string
  /** The same for messages of a kind, where it tells what they hold: `<|content_thinking|>`. */
  readonly kinds?: Readonly<Record<string, MessageText | 'call'>>
  /** End the text. The first is the ordinary one. */
  readonly ends: readonly string[]
  /** Those of them that end calls and nothing else. */
  readonly callEnds?: readonly string[]
  /** What messages hold that are no calls, by their channel; by whom they are for, where there are no channels. */
  readonly of: Readonly<Record<string, MessageText>>
  /** What a message without either holds. */
  readonly unnamed: MessageText
}

/** Calls to render, as agents hold them. */
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

/** A wire format, as a value that reads as its grammar. */
export interface Format {
  /** Lower case, letters, digits, `-` and `.`. */
  readonly id: string
  /** Other names of it: engine flags, short forms. */
  readonly aliases: readonly string[]
  /** One line: what it looks like on the wire. */
  readonly wire: string
  /** The models that write it, for people. */
  readonly models: string
  /** Patterns on model names, most specific first. */
  readonly modelPatterns: readonly RegExp[]
  /** Patterns on the names of models whose prompt opens the reasoning block, so that texts begin inside it. */
  readonly thinkingModels?: readonly RegExp[]
  /** Patterns on the names of models of which that is not known, or whose prompts differ in it. Default: of all others it is known that they do not. */
  readonly unsettledModels?: readonly RegExp[]
  /** Its models' own calls have no marker, so that without one this format is meant rather than others that read such calls. */
  readonly nativelyBare?: boolean
  /** Text that only this format's own calls begin with: tells it from formats that read the same markers. */
  readonly looks?: readonly string[]
  /**
   * Tools whose code a model writes as it is, behind a marker without naming the tool, or behind the call. Code has no end
   * of its own, so a text that was cut without a word about it looks whole.
   */
  readonly codeTools?: readonly string[]
  readonly flags: EngineFlags
  /** What streams: `argument text` as it comes, or `value` by value. */
  readonly streams: string
  /** Assistant headers that a model may repeat at the start. */
  readonly headers: readonly string[]
  /** Stop tokens: they end the text. */
  readonly stops: readonly string[]
  readonly reasoning: ReasoningRules | undefined
  /** Reasoning and content stand in messages with headers. Its families read them. */
  readonly channels?: ChannelRules
  readonly families: readonly Family[]
  /** Ids as this format's models expect them. Default `call_<index>`. */
  readonly makeId?: (index: number) => string
  /** The native text. Throws a `RenderError` for what the format cannot express. */
  readonly render: (parts: RenderParts) => string
}

/** The format cannot express what it was asked to render. */
export class RenderError extends Error {
  override name = 'RenderError'
}
