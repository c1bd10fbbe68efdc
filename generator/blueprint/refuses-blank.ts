import type { Field } from '#contract'

export const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === ''

/** Whether requests refuse a blank value: required text says something, unless the design allows for none. */
export const refusesBlank = ({ type, required, blank, default: value }: Field): boolean =>
  required && blank !== true && (type.kind === 'string' || type.kind === 'text') && !isBlank(value)
