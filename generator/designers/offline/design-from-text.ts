import type { Design, Intent, Refinement, RefineIntent } from '../designer.ts'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { designOffline } from './design-offline.ts'
import { refineOffline } from './refine/refine-offline.ts'

export function designFromText({ prompt, spec, options }: Intent): Design {
  const { name, auth } = options
  const { blueprint, assumptions, notUnderstood, coverage } = designOffline({
    prompt,
    ...(name === undefined ? {} : { name }),
    ...(auth === undefined ? {} : { auth }),
  })
  const unread =
    'The attached document: it is neither OpenAPI 3 nor SQL, the only formats that the offline designer supports.'
  return {
    blueprint,
    assumptions: [...assumptions],
    notUnderstood: spec === null ? [...notUnderstood] : [...notUnderstood, unread],
    coverage,
    model: null,
  }
}

export function refineFromText({ prompt, present }: RefineIntent): Refinement {
  const refined = refineOffline({ prompt, present })
  const { blueprint, diagnostics } = lintBlueprint(refined.blueprint)
  const fixed = diagnostics.filter(({ severity }) => severity === 'fixed')
  return {
    ...refined,
    blueprint,
    assumptions: [...refined.assumptions, ...fixed.map(({ what, fix }) => `${what} ${fix}`)],
    model: null,
  }
}
