import { configProperty, type Blueprint, type ConfigValue, type FieldType } from '#contract'
import { dropWhere, type Report } from './diagnostic.ts'
import { OBJECT_PROTOTYPE_KEYS } from './fields.ts'
import { coerce } from './coerce.ts'

/** Read by every generated backend, by Node, by the shell, by containers or by the libraries below it. */
const TAKEN = new Set(
  `API_KEYS AUTH_RATE_LIMIT_PER_MINUTE CI CORS_ORIGIN HOME HOST HOSTNAME HTTPS_PROXY HTTP_PROXY LANG LOG_LEVEL NO_COLOR
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

/** Such a name says that whoever knows the value can do something. */
const SECRET = /(^|_)(SECRET|PASSWORD|PASSPHRASE|TOKEN|API_KEY|APIKEY|PRIVATE_KEY|ACCESS_KEY|SIGNING_KEY)$/

/** Configuration: variables that are free, have one meaning, and values that fit. */
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
          : `${twin.name} and ${value.name} are one name in the code, ${property}.`,
      why: 'Each variable of the environment has one meaning, and each property of the configuration one variable.',
    }
    if (isSame) report.fixed({ ...finding, fix: 'They say the same, so the second was left out.' })
    else report.error({ ...finding, fix: 'Rename one of them, or make them one.' })
    return isSame
  })
}

function lintName({ name }: ConfigValue, path: string, report: Report): void {
  if (TAKEN.has(name) || TAKEN_STARTS.some((start) => name.startsWith(start)))
    report.error({
      code: 'config.reserved',
      path,
      what: `The variable ${name} has a meaning already.`,
      why: 'The service, Node or the machine below reads it for something else.',
      fix: `Name it after what it is for, such as APP_${name.slice(0, 56)}, or leave it out if that meaning is the one you want.`,
    })
  const property = configProperty({ name })
  if (OBJECT_PROTOTYPE_KEYS.has(property.toLowerCase()))
    report.error({
      code: 'config.object-property',
      path,
      what: `${name} would be the property ${property}, which every JavaScript object has.`,
      why: 'Reading it where it is missing would find the built-in one.',
      fix: `Name it ${name.slice(0, 54)}_VALUE.`,
    })
}

/** What a person typed as a secret may be one: it goes, whatever it was. */
function lintSecret(value: ConfigValue, at: string, report: Report): void {
  if (value.type === 'string' && SECRET.test(value.name)) {
    value.type = 'secret'
    report.fixed({
      code: 'config.secret-type',
      path: `${at}.type`,
      what: `${value.name} is a text by its type and a secret by its name.`,
      why: 'A text may be logged and shown.',
      fix: 'It is a secret now.',
    })
  }
  if (value.type !== 'secret' || (value.default === undefined && value.example === undefined)) return
  delete value.default
  delete value.example
  report.fixed({
    code: 'config.secret-value',
    path: at,
    what: `The secret ${value.name} has a value in the design.`,
    why: 'Whatever is written into a project is known to everybody who has the project.',
    fix: 'The value was left out; whoever runs the service gives one.',
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
  // An environment has no text of nothing: a variable that is set to it counts as left out.
  if (fitted.ok && fitted.value === given && given !== '') return
  const finding = {
    code: `config.${part}`,
    path: `${at}.${part}`,
    what:
      given === ''
        ? `The ${part} of ${value.name} is an empty text.`
        : `The ${part} ${JSON.stringify(given)} of ${value.name} ${fitted.ok ? 'has another form than' : 'does not fit'} its type (${fitted.expected}).`,
    why: 'The service reads every value by its type, also this one.',
  }
  if (fitted.ok && given !== '') {
    value[part] = fitted.value
    report.fixed({ ...finding, fix: `It is ${JSON.stringify(fitted.value)} now.` })
  } else if (part === 'example' || given === '') {
    delete value[part]
    report.fixed({ ...finding, fix: `The ${part} was left out.` })
  } else
    report.error({
      ...finding,
      fix: `Give a default that is ${fitted.expected}, change the type, or leave the default out, so that it has to be set.`,
    })
}
