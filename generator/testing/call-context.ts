import { UNLIMITED_BUDGET, openAccount } from '../llm/account.ts'
import type { DesignContext } from '../designers/designer.ts'

/** For a designer that is asked outside of a pipeline: nothing is kept, and nothing is limited. */
export const callContext = (over: Partial<DesignContext> = {}): DesignContext => ({
  once: (_stage, _inputs, _schema, work) => work(),
  account: openAccount({ budget: UNLIMITED_BUDGET, price: null }),
  signal: new AbortController().signal,
  onProgress: () => {},
  ...over,
})
