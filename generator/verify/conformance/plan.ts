import type { DocumentPart, Json } from '#contract'

/**
 * The calls that compare a running project with the attached document, as data: made from the document, sent by the
 * judge, and compared with the document again. A value may come from an earlier call: the id of what it created.
 */
export type Source = {
  /** The index of a call. */
  readonly call: number
  /** Where it was answered, or what was sent with it. */
  readonly in: 'answer' | 'body'
  readonly at: readonly (string | number)[]
}

/** The first source that has a text or a number, else the value. */
export type Reference = { readonly $from: readonly Source[]; readonly otherwise: Json }
/** Texts in a row, in base64 where it says so; nothing if one of them is missing. */
export type Joined = { readonly $join: readonly Value[]; readonly isBase64?: true }
/** The key that the project takes, where it takes keys. */
export type ApiKey = { readonly $apiKey: true }
/** A small file of that type. */
export type FileValue = { readonly $file: string }
export type Value =
  | Json
  | Reference
  | Joined
  | ApiKey
  | FileValue
  | readonly Value[]
  | { readonly [name: string]: Value }

export type CallBody =
  | { readonly kind: 'json'; readonly type: string; readonly value: Value }
  | { readonly kind: 'form' | 'multipart'; readonly fields: readonly (readonly [string, Value])[] }
  | { readonly kind: 'text'; readonly type: string; readonly text: string }
  /** A small file of that type. */
  | { readonly kind: 'bytes'; readonly type: string }

/** Where a request proves who sends it. */
export type Credential = {
  readonly in: 'header' | 'query' | 'cookie'
  readonly name: string
  readonly value: Value
}

/**
 * Why a call is made. `usual`: with what is required and the document's examples; `full`: with all optional parameters;
 * `anonymous`, `unknown` and `invalid`: without credentials, for a row that does not exist, and with a body of another form.
 */
export type Purpose = 'prepare' | 'usual' | 'full' | 'anonymous' | 'unknown' | 'invalid'

export type Call = {
  readonly purpose: Purpose
  /** As the document writes it; empty for a route of the project's own. */
  readonly operation: string
  readonly method: string
  /** Base paths, the document's first; the next one is tried where nothing is served under the first. */
  readonly prefixes: readonly string[]
  /** With `{name}` for each of `params`. */
  readonly path: string
  readonly params: Readonly<Record<string, Value>>
  readonly query: readonly (readonly [string, Value])[]
  readonly headers: Readonly<Record<string, Value>>
  readonly cookies: Readonly<Record<string, Value>>
  readonly body: CallBody | null
  /** Each is a way to sign in; the next one is tried where one is refused. Empty for none. */
  readonly credentials: readonly (readonly Credential[])[]
}

export type ConformancePlan = {
  /** The attached document, as OpenAPI 3. */
  readonly document: Readonly<Record<string, unknown>>
  readonly calls: readonly Call[]
  /** What the report says is served differently than the document states. */
  readonly notes: readonly DocumentPart[]
  /** Operations that no request could be made for, and why. */
  readonly uncalled: readonly { readonly operation: string; readonly reason: string }[]
}

/** What was answered to a call. */
export type CallAnswer = {
  readonly call: number
  /** 0 for none. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Text and JSON, up to `MAX_ANSWER` characters; empty for bytes. */
  readonly body: string
  readonly bytes: number
  /** Its body is too long to be compared. */
  readonly isCut: boolean
  /** No call has answered the id of its row, so a made-up one was sent. */
  readonly isMadeUp: boolean
  /** The base path that was used. */
  readonly prefix: string
  /** Which of the call's credentials was used. */
  readonly credential: number
  /** The body that was sent, where it is JSON. */
  readonly sent?: string | undefined
  readonly problem?: string | undefined
}

/** Longer answers, and those beyond a total, are not compared. */
export const MAX_ANSWER = 200_000
export const MAX_ANSWERS = 8_000_000
/** Of one call, in characters of JSON. */
export const MAX_CALL = 100_000
/** Of a body that was sent, for the report. */
export const MAX_SENT = 20_000
/** For all operations together: some for each of the 250 that a document may have. */
export const MAX_CALLS = 600
