import { configProperty, type Blueprint, type ConfigValue, type FieldType } from '#contract'
import { dropWhere, type Report } from './diagnostic.ts'
import { OBJECT_PROTOTYPE_KEYS } from './fields.ts'
import { coerce } from './coerce.ts'

/** Names that the generated backend, Node, the shell, containers or libraries already read. */
const TAKEN = new Set(
  `API_KEYS AUTH_RATE_LIMIT_PER_MINUTE CI CORS_ORIGIN DOCS_ACCESS DOCS_PASSWORD HOME HOST HOSTNAME HTTPS_PROXY HTTP_PROXY LANG LOG_LEVEL NO_COLOR
  NO_PROXY OLDPWD PATH PORT PWD RATE_LIMIT_PER_MINUTE SCHEDULES SHELL SHLVL TEMP TERM TMP TMPDIR TRUST_PROXY TZ USER`.split(
    /\s+/,
  ),
)
const TAKEN_STARTS = [
  'DATABASE_',
  'JWT_',
  'NODE_',
  'NPM_',
  'LD_',
  'LC_',
  'SSL_',
  'UV_',
  'DOCKER_',
  'COMPOSE_',
]

/** Names that suggest a credential. */
const SECRET = /(^|_)(SECRET|PASSWORD|PASSPHRASE|TOKEN|API_KEY|APIKEY|PRIVATE_KEY|ACCESS_KEY|SIGNING_KEY)$/

/** Configuration: available and distinct names, valid values. */
export function lintConfig(blueprint: Blueprint, report: Report): void {
  lintTwins(blueprint.config, report)
  for (const value of blueprint.config) {
    const at = `config.${value.name}`
    lintName(value, at, report)
    lintSecret(value, at, report)
    lintGiven(value, 'default', at, report)
    lintGiven(value, 'example', at, report)
  }
}

function lintTwins(config: ConfigValue[], report: Report): void {
  dropWhere(config, (value, before) => {
    const property = configProperty(value)
    const twin = before.find((other) => configProperty(other).toLowerCase() === property.toLowerCase())
    if (twin === undefined) return false
    const isSame =
      twin.name === value.name &&
      twin.type === value.type &&
      (twin.default === value.default || value.default === undefined)
    const finding = {
      code: 'config.duplicate',
      path: `config.${value.name}`,
      what:
        twin.name === value.name
          ? `Two configuration values are named ${value.name}.`
          : `${twin.name} and ${value.name} have the same name in code, ${property}.`,
      why: 'Each environment variable maps to one configuration property.',
    }
    if (isSame) report.fixed({ ...finding, fix: 'Removed the identical second one.' })
    else report.error({ ...finding, fix: 'Rename one of them, or merge them.' })
    return isSame
  })
}

function lintName({ name }: ConfigValue, path: string, report: Report): void {
  if (TAKEN.has(name) || TAKEN_STARTS.some((start) => name.startsWith(start)))
    report.error({
      code: 'config.reserved',
      path,
      what: `The variable name ${name} is reserved.`,
      why: 'The service, Node or the operating system reads it for another purpose.',
      fix: `Name it after what it is for, such as APP_${name.slice(0, 56)}, or remove it if you want its existing meaning.`,
    })
  const property = configProperty({ name })
  if (OBJECT_PROTOTYPE_KEYS.has(property.toLowerCase()))
    report.error({
      code: 'config.object-property',
      path,
      what: `${name} would be the property ${property}, which every JavaScript object has.`,
      why: 'A missing value would read as the built-in property.',
      fix: `Name it ${name.slice(0, 54)}_VALUE.`,
    })
}

/** A secret must not have a value in the design. */
function lintSecret(value: ConfigValue, at: string, report: Report): void {
  if (value.type === 'string' && SECRET.test(value.name)) {
    value.type = 'secret'
    report.fixed({
      code: 'config.secret-type',
      path: `${at}.type`,
      what: `${value.name} has the name of a secret and the type of a text.`,
      why: 'Text values may be logged.',
      fix: 'Changed its type to secret.',
    })
  }
  if (value.type !== 'secret' || (value.default === undefined && value.example === undefined)) return
  delete value.default
  delete value.example
  report.fixed({
    code: 'config.secret-value',
    path: at,
    what: `The secret ${value.name} has a value in the design.`,
    why: 'Everyone who has the project would know it.',
    fix: 'Removed the value; the operator sets it.',
  })
}

const FIELD_TYPES = {
  string: { kind: 'string' },
  secret: { kind: 'string' },
  integer: { kind: 'integer' },
  number: { kind: 'number' },
  boolean: { kind: 'boolean' },
  url: { kind: 'url' },
} as const satisfies Record<ConfigValue['type'], FieldType>

function lintGiven(value: ConfigValue, part: 'default' | 'example', at: string, report: Report): void {
  const given = value[part]
  if (given === undefined) return
  const fitted = coerce(given, FIELD_TYPES[value.type])
  // An empty environment variable counts as unset.
  if (fitted.ok && fitted.value === given && given !== '') return
  const finding = {
    code: `config.${part}`,
    path: `${at}.${part}`,
    what:
      given === ''
        ? `The ${part} of ${value.name} is an empty text.`
        : `The ${part} ${JSON.stringify(given)} of ${value.name} ${fitted.ok ? 'is not in the form of' : 'does not match'} its type (${fitted.expected}).`,
    why: 'The service parses every value by its type.',
  }
  if (fitted.ok && given !== '') {
    value[part] = fitted.value
    report.fixed({ ...finding, fix: `Changed to ${JSON.stringify(fitted.value)}.` })
  } else if (part === 'example' || given === '') {
    delete value[part]
    report.fixed({ ...finding, fix: `Removed the ${part}.` })
  } else
    report.error({
      ...finding,
      fix: `Give a default that is ${fitted.expected}, change the type, or remove the default to make it required.`,
    })
}
