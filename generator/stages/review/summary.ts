import { describeSchedule, type Blueprint } from '#contract'
import { routesOf } from '../../blueprint/routes-of.ts'

/** What a Blueprint becomes, for a reader who compares it with the request: no code, no samples. */
export function summaryOf(blueprint: Blueprint, notBuilt: readonly string[]): object {
  const { auth, entities, manyToMany, operations, schedules, services, config, seeds } = blueprint
  return {
    title: blueprint.title,
    signIn: auth,
    routes: routesOf(blueprint).map(({ method, path }) => `${method} ${path}`),
    entities: entities.map((entity) => ({
      name: entity.name,
      description: entity.description,
      access: entity.access,
      policies: entity.policies,
      owner: entity.owner,
      fields: entity.fields.map(({ name, type, required, unique, default: value, description, setBy }) => ({
        name,
        ...type,
        required,
        unique,
        default: value,
        description,
        setBy,
      })),
      relations: entity.belongsTo.map(({ name, target, required, unique, onDelete }) => ({
        name,
        target,
        required,
        unique,
        onDelete,
      })),
      unique: (entity.indexes ?? []).filter(({ unique }) => unique).map(({ properties }) => properties),
    })),
    links: manyToMany.map(({ left, right }) => `${left} and ${right}`),
    operations: operations.map((operation) => ({
      route: `${operation.method} ${operation.path}`,
      summary: operation.summary,
      rules: operation.rules,
      access: operation.roles ?? operation.access,
      input: [...operation.params, ...operation.query, ...(operation.headers ?? [])].map(({ name }) => name),
      errors: operation.responses.errors,
      tests: operation.examples.map(({ title, expect }) => `${title}: ${expect.status}`),
      uses: operation.uses,
    })),
    tasks: schedules.map(({ when, description, rules }) => ({
      when: describeSchedule(when),
      description,
      rules,
    })),
    services: services.map(({ name, description, calls }) => ({
      name,
      description,
      calls: calls.map(({ method, path, summary }) => `${method} ${path}: ${summary}`),
    })),
    config: config.map(({ name, description, default: value }) => ({ name, description, default: value })),
    startsWith: seeds.map(({ entity, values }) => ({ entity, values })),
    notBuilt,
  }
}
