/** An invalid document: where, why, and how to fix it. */
export class SpecError extends Error {
  override readonly name = 'SpecError'
  readonly code: 'spec_invalid' | 'spec_unsupported' | 'design_invalid'
  readonly hint: string
  constructor(
    reason: string,
    given: {
      readonly place?: SourcePosition | undefined
      readonly hint: string
      readonly code?: SpecError['code']
    },
    options?: ErrorOptions,
  ) {
    const { place } = given
    super(
      `The attached document cannot be used. ${place ? `Line ${place.line}, column ${place.column}: ` : ''}${reason}`,
      options,
    )
    this.code = given.code ?? 'spec_invalid'
    this.hint = given.hint
  }
}

/** Both count from 1. */
export type SourcePosition = { readonly line: number; readonly column: number }
