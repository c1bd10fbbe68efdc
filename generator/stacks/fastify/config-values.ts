import { configProperty, type Blueprint, type ConfigValue } from '#contract'
import { oneLine } from '../../codegen/encode/text.ts'

/** A configuration value with everything that generated code needs. */
export type Variable = {
  readonly name: string
  readonly property: string
  readonly type: ConfigValue['type']
  /** On one line, with a full stop. */
  readonly description: string
  /** Required in production. */
  readonly isRequired: boolean
  /** The value if unset: its default, or a placeholder outside of production. */
  readonly otherwise: string | number | boolean
}

const STAND_INS = {
  string: 'example',
  integer: 1,
  number: 1,
  boolean: false,
  url: 'https://example.com',
  secret: 'stand-in',
} as const satisfies Record<ConfigValue['type'], unknown>

export const variablesOf = ({ config }: Pick<Blueprint, 'config'>): Variable[] =>
  config.map((value) => ({
    name: value.name,
    property: configProperty(value),
    type: value.type,
    description: sentence(value.description),
    isRequired: value.default === undefined,
    otherwise: value.default ?? value.example ?? STAND_INS[value.type],
  }))

/** The variables required in production, each with a placeholder. */
export const requiredEnvironment = (blueprint: Pick<Blueprint, 'config'>): Record<string, string> =>
  Object.fromEntries(
    variablesOf(blueprint)
      .filter(({ isRequired }) => isRequired)
      .map(({ name, otherwise }) => [name, String(otherwise)]),
  )

const sentence = (text: string): string => oneLine(text).replace(/[^.!?…]$/u, '$&.')
