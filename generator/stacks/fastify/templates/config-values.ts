import { envLine } from '../../../codegen/encode/env-file.ts'
import { commentText, literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import type { Variable } from '../config-values.ts'
import type { ProjectModel } from '../model.ts'

const TYPES = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  url: 'string',
  secret: 'Secret',
} as const satisfies Record<Variable['type'], string>

/** The type of a value in the generated code. */
export const typeOf = ({ type }: Pick<Variable, 'type'>): string => TYPES[type]

/** How each type is parsed from a variable: the name of the schema, and the schema. */
const READERS: Readonly<Record<Variable['type'], readonly [name: string, schema: string]>> = {
  string: ['z.string()', ''],
  integer: [
    'wholeNumber',
    `z.string().regex(/^-?\\d+$/, 'expected a whole number').transform(Number).pipe(z.int())`,
  ],
  number: [
    'anyNumber',
    `z.string().regex(/^-?\\d+(\\.\\d+)?(e[+-]?\\d+)?$/i, 'expected a number, such as 0.5').transform(Number).pipe(z.number())`,
  ],
  boolean: [
    'yesOrNo',
    `z.enum(['true', 'false'], 'expected true or false').transform((text) => text === 'true')`,
  ],
  url: [
    'address',
    `z.url({ protocol: /^https?$/, error: 'expected an address such as https://example.com' })`,
  ],
  secret: ['secret', 'z.string().transform(makeSecret)'],
}

/** `src/config-values.ts`: configuration specific to this service. */
export function configValuesFile({ variables }: ProjectModel): string {
  const readers = new Map(variables.map(({ type }) => READERS[type]))
  const used = [...readers].filter(([, schema]) => schema !== '')
  const hasSecret = variables.some(({ type }) => type === 'secret')
  const required = variables.filter(({ isRequired }) => isRequired)
  return `import { z } from 'zod';
${hasSecret ? "import { makeSecret, randomSecret, type Secret } from './secret.ts';\n" : ''}
/** Configuration specific to this service. Operations read it from \`context.config\`. */
export type ConfigValues = {
${variables
  .map(
    (variable) =>
      `/** ${commentText(variable.description)} (\`${variable.name}\`) */\nreadonly ${variable.property}: ${typeOf(variable)};`,
  )
  .join('\n')}
};

${used.map(([name, schema]) => `const ${name} = ${schema};`).join('\n')}

/** The environment variables, and how each is parsed. */
export const configVariables = {
${variables.map((variable) => `${variable.name}: ${READERS[variable.type][0]}.default(${otherwise(variable)}),`).join('\n')}
};
${
  required.length === 0
    ? ''
    : `
/** Variables without a default, which production requires; elsewhere the values above are used. */
export const requiredValues = {
${required.map((variable) => `${variable.name}: { expected: ${stringLiteral(variable.description)}, without: ${stringLiteral(without(variable))} },`).join('\n')}
};
`
}
export function toConfigValues(variables: z.infer<z.ZodObject<typeof configVariables>>): ConfigValues {
  return {
${variables.map(({ name, property }) => `${property}: variables.${name},`).join('\n')}
  };
}
`
}

const otherwise = ({ otherwise: value }: Variable): string =>
  value === null ? 'randomSecret' : literal(value)

const without = ({ otherwise: value }: Variable): string =>
  value === null
    ? 'it is random, another one at every start, and opens nothing'
    : `${String(value)} is used in its place`

/** The lines of `.env.example`. */
export const configExample = ({ variables }: ProjectModel): string =>
  variables
    .flatMap((variable) => {
      const { name, description, isRequired, type, otherwise: value } = variable
      const expected = {
        string: '',
        integer: ' A whole number.',
        number: ' A number.',
        boolean: ' true or false.',
        url: ' A web address.',
        secret: ' A secret.',
      }[type]
      const rule = isRequired
        ? `\n# Required when NODE_ENV is production. Left out otherwise: ${without(variable)}.`
        : ''
      const line = envLine(name, value === null ? '' : String(value), { isComment: isRequired })
      return ['', `# ${description}${expected}${rule}`, line]
    })
    .join('\n')

/** The import in `src/config.ts`. */
export function configImport({ variables }: ProjectModel): string {
  const required = variables.some(({ isRequired }) => isRequired) ? ', requiredValues' : ''
  return `import { type ConfigValues, configVariables${required}, toConfigValues } from './config-values.ts';`
}

/** The environment variables passed to a container. */
export const configCompose = ({ variables }: ProjectModel): string =>
  variables
    .map(({ name, isRequired }) =>
      isRequired
        ? `      ${name}: \${${name}:?Set ${name}, in .env or the shell}`
        : `      ${name}: \${${name}:-}`,
    )
    .join('\n')

/** `tests/config-values.test.ts`. */
export function configValuesTestFile(model: ProjectModel): string {
  const { variables } = model
  const required = variables.filter(({ isRequired }) => isRequired)
  const defaults = variables.filter(({ isRequired }) => !isRequired)
  const misfits = variables.filter(({ type }) => type in MISFITS)
  const secrets = variables.filter(({ type }) => type === 'secret')
  const set = variables.map(({ name, type }) => `${name}: ${stringLiteral(SAMPLES[type][0])},`).join('\n')
  const read = variables
    .map(
      ({ property, type }) =>
        `assert.equal(values.${property}${type === 'secret' ? '.reveal()' : ''}, ${literal(SAMPLES[type][1])});`,
    )
    .join('\n')
  return `import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
${secrets.length > 0 ? "import { inspect } from 'node:util';\n" : ''}import { ${misfits.length + required.length > 0 ? 'ConfigError, ' : ''}readConfig } from '../src/config.ts';

describe('what this service alone is configured with', () => {
  it('is read from the environment, each by its type', () => {
    const { values } = readConfig({
${set}
    });
${read}
  });
${
  defaults.length === 0
    ? ''
    : `
  it('has defaults', () => {
    const { values } = readConfig({});
${defaults.map(({ property, otherwise: value }) => `assert.equal(values.${property}, ${literal(value)});`).join('\n')}
  });
`
}${
    misfits.length === 0
      ? ''
      : `
  const wrong = {
${misfits.map(({ name, type }) => `${name}: ${stringLiteral(MISFITS[type as keyof typeof MISFITS])},`).join('\n')}
  };
  for (const [name, value] of Object.entries(wrong)) {
    it(\`refuses \${name}=\${value} and names it\`, () => {
      const refused = (error: unknown) => error instanceof ConfigError && error.message.startsWith(\`\${name}: \`);
      assert.throws(() => readConfig({ [name]: value }), refused);
    });
  }
`
  }${
    required.length === 0
      ? ''
      : `
  for (const name of [${required.map(({ name }) => stringLiteral(name)).join(', ')}]) {
    it(\`requires \${name} in production, and warns elsewhere\`, () => {
      const names = (error: unknown) => error instanceof ConfigError && error.message.includes(\`\${name}: required\`);
      assert.throws(() => readConfig({ NODE_ENV: 'production' }), names);
      assert.ok(readConfig({}).warnings.some((warning) => warning.startsWith(\`\${name} is not set\`)));
    });
  }
`
  }${
    secrets.length === 0
      ? ''
      : `
  it('makes a new secret at each start where none is set', () => {
    const [first, second] = [readConfig({}).values, readConfig({}).values];
${secrets
  .map(
    ({ property }) => `    assert.ok(first.${property}.reveal().length >= 32);
    assert.notEqual(first.${property}.reveal(), second.${property}.reveal());`,
  )
  .join('\n')}
  });

  it('shows no secret, however it is printed', () => {
    const { values } = readConfig({ ${secrets.map(({ name }) => `${name}: 'hush-hush'`).join(', ')} });
    for (const shown of [JSON.stringify(values), inspect(values, { depth: null }), \`\${values.${secrets[0]!.property}}\`]) {
      assert.doesNotMatch(shown, /hush-hush/);
    }
  });
`
  }});
`
}

const SAMPLES: Readonly<Record<Variable['type'], readonly [text: string, value: string | number | boolean]>> =
  {
    string: ['some text', 'some text'],
    integer: ['42', 42],
    number: ['-0.5', -0.5],
    boolean: ['true', true],
    url: ['https://other.example.com/v2', 'https://other.example.com/v2'],
    secret: ['a text of theirs', 'a text of theirs'],
  }

const MISFITS = { integer: '4.2', number: 'half', boolean: 'yes', url: 'example.com' }
