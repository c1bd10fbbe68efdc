import { relationProperty, describeSchedule, type Blueprint, type GateReport, type Report } from '#contract'
import type { Design, Designer } from '../designers/designer.ts'
import { describeNeverCreated } from '../blueprint/never-created.ts'
import { routesOf } from '../blueprint/routes-of.ts'
import type { Written } from './write-handlers.ts'

/** A stub that the report does not name is no stub: its answer is not what the document says. */
function withKnownStubs(verification: GateReport, gaps: Written['gaps']): GateReport {
  const { conformance } = verification
  if (conformance === undefined) return verification
  const plain = (route: string) => route.replaceAll('::', ':').replaceAll(/\{[^{}]*\}|:\w+/g, '{}')
  const known = gaps.map(({ operation }) => plain(operation))
  const isKnown = (stub: string) => {
    const [method = '', path = ''] = plain(stub).split(' ')
    return known.some((one) => one.startsWith(`${method} `) && one.endsWith(path))
  }
  const unknown = conformance.stubs.filter((stub) => !isKnown(stub))
  if (unknown.length === 0) return verification
  const findings = unknown.map((operation) => ({
    operation,
    kind: 'differs' as const,
    what: 'it answers 501',
    noted: null,
  }))
  return {
    ...verification,
    conformance: {
      ...conformance,
      stubs: conformance.stubs.filter(isKnown),
      findings: [...findings, ...conformance.findings],
    },
  }
}

/** The report of a built project: what it has, how it was checked, and what is left to do. Pure. */
export function buildReport(input: {
  readonly designer: Designer['kind']
  readonly design: Design
  /** The linted Blueprint. */
  readonly blueprint: Blueprint
  readonly written: Written
  readonly verification: GateReport
  readonly ledger: Report['ledger']
  readonly notices: Report['notices']
  readonly timings: Report['timings']
  readonly repairRounds: number
  /** Null where none were tried. */
  readonly mutants: NonNullable<Report['mutants']> | null
  /** Null for a first version. */
  readonly changes: Report['changes'] | null
  /** Absent where none applied. */
  readonly houseRules?: Report['houseRules'] | null
}): Report {
  const { design, blueprint, written, changes } = input
  return {
    designer: { kind: input.designer, model: design.model },
    title: blueprint.title,
    entities: blueprint.entities.map((entity) => ({
      name: entity.name,
      fields: [...entity.fields.map((field) => field.name), ...entity.belongsTo.map(relationProperty)],
    })),
    routes: routesOf(blueprint),
    schedules: blueprint.schedules.map(({ id, when, description }) => ({
      id,
      when: describeSchedule(when),
      description,
    })),
    services: blueprint.services.map(({ name, description, calls }) => ({
      name,
      description,
      calls: calls.map(({ method, path }) => `${method} ${path}`),
    })),
    settings: blueprint.config
      .filter((value) => value.default === undefined)
      .map(({ name, description }) => ({ name, description })),
    ...(input.houseRules && { houseRules: input.houseRules }),
    assumptions: [...design.assumptions, ...written.notes],
    notUnderstood: [...design.notUnderstood, ...describeNeverCreated(blueprint)],
    coverage: design.coverage ?? null,
    ...(design.document && { document: design.document }),
    gaps: [...written.gaps],
    verification: withKnownStubs(input.verification, written.gaps),
    ledger: input.ledger,
    notices: input.notices,
    timings: { ...input.timings },
    repairRounds: input.repairRounds,
    ...(input.mutants && { mutants: input.mutants }),
    ...(changes && { changes }),
  }
}
