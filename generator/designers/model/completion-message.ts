import { relationProperty, successesOf, type Blueprint } from '#contract'
import type { Intent } from '../designer.ts'
import { enclose } from './design-message.ts'

/** The draft as a model needs it: the shapes of bodies and answers are in the document. */
export function summaryOfDraft(draft: Blueprint) {
  const { auth, entities, operations } = draft
  return {
    signingIn: auth,
    entities: entities.map(({ name, key, stamps, fields, belongsTo, owner }) => ({
      name,
      key: key ?? { name: 'id', kind: 'uuid' },
      ...(stamps && { timestamps: stamps }),
      fields: fields.map(({ name, type, required, unique }) => ({ name, type: type.kind, required, unique })),
      belongsTo: belongsTo.map((relation) => ({
        name: relation.name,
        property: relationProperty(relation),
        target: relation.target,
        required: relation.required,
      })),
      ...(owner && { owner }),
    })),
    operations: operations.map((operation) => ({
      id: operation.id,
      route: `${operation.method} ${operation.path}`,
      signedIn: operation.access,
      rows: operation.implementation
        ? `${operation.implementation.action} ${operation.implementation.entity}`
        : null,
      rules: operation.rules,
      statuses: [
        ...successesOf(operation).map(({ status }) => status),
        ...operation.responses.errors.map(({ status }) => status),
      ],
    })),
  }
}

/** Request, document and draft as data. */
export function describeDraft({ prompt, spec }: Intent, draft: Blueprint, marker: () => string): string {
  return [
    enclose('request', prompt, marker),
    enclose('document', spec ?? '', marker),
    enclose('draft', JSON.stringify(summaryOfDraft(draft)), marker),
  ].join('\n\n')
}
