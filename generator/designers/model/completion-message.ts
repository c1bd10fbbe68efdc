import { relationProperty, successesOf, type Blueprint, type CustomOperation } from '#contract'
import type { Intent } from '../designer.ts'
import { describeHouseRules, enclose } from './design-message.ts'

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
      rows: builtAs(operation, auth),
      rules: operation.rules,
      statuses: [
        ...successesOf(operation).map(({ status }) => status),
        ...operation.responses.errors.map(({ status }) => status),
      ],
    })),
  }
}

/** How an operation is built without a model; null where its code is to be written. */
function builtAs({ implementation, signIn }: CustomOperation, auth: Blueprint['auth']): string | null {
  if (implementation) return `${implementation.action} ${implementation.entity}`
  return signIn && auth.kind === 'jwt' ? `${signIn.action} ${auth.account}` : null
}

/** Request, document and draft as data. */
export function describeDraft(
  { prompt, spec, houseRules }: Intent,
  draft: Blueprint,
  marker: () => string,
): string {
  return [
    enclose('request', prompt, marker),
    enclose('document', spec ?? '', marker),
    enclose('draft', JSON.stringify(summaryOfDraft(draft)), marker),
    ...describeHouseRules(houseRules, marker),
  ].join('\n\n')
}
