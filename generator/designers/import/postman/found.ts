import type { PostmanRequest } from './collection.ts'
import type { PostmanUrl } from './path-of-url.ts'

/** A request of a collection, with its address. */
export type Found = { readonly one: PostmanRequest; readonly url: PostmanUrl; readonly method: string }
