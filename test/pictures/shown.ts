/** What one person sees after one thing that happened, as it went over the wire. */
export type Shown = {
  readonly as: 'message' | 'ephemeral' | 'modal' | 'home'
  readonly content: Readonly<Record<string, unknown>>
  readonly file?: { readonly name: string; readonly bytes: number } | undefined
}

/** A picture of one state in one chat. */
export type Picture = {
  readonly sheet: string
  readonly caption: string
  /** Of a job: folded under "see more" where it is too long, and never to be. */
  readonly part?: 'parent-message' | 'card' | 'plan' | 'result' | undefined
  readonly shown: Shown
}
