import { randomBytes } from 'node:crypto'
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
  /**
   * The value if unset: its default, or a placeholder outside of production. A secret has none, since everyone who has the
   * project would know it: it is random at each start.
   */
  readonly otherwise: string | number | boolean | null
}

const PLACEHOLDERS = {
  string: 'example',
  integer: 1,
  number: 1,
  boolean: false,
  url: 'https://example.com',
} as const satisfies Record<Exclude<ConfigValue['type'], 'secret'>, unknown>

export const variablesOf = ({ config }: Pick<Blueprint, 'config'>): Variable[] =>
  config.map((value) => ({
    name: value.name,
    property: configProperty(value),
    type: value.type,
    description: sentence(value.description),
    isRequired: value.type === 'secret' || value.default === undefined,
    otherwise: value.type === 'secret' ? null : (value.default ?? value.example ?? PLACEHOLDERS[value.type]),
  }))

/** The variables required in production, each with a placeholder or, for secrets, random text. */
export const requiredEnvironment = (blueprint: Pick<Blueprint, 'config'>): Record<string, string> =>
  Object.fromEntries(
    variablesOf(blueprint)
      .filter(({ isRequired }) => isRequired)
      .map(({ name, otherwise }) => [name, otherwise === null ? randomText() : String(otherwise)]),
  )

const sentence = (text: string): string => oneLine(text).replace(/[^.!?…]$/u, '$&.')

const randomText = (): string => randomBytes(32).toString('base64url')
