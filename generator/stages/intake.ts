import { JobSource, houseRulesOf, type JobId, type JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'
import type { Once } from '../attempt/checkpoint.ts'
import { GenerateError } from '../attempt/failure.ts'
import type { ComputeDesign } from '../designers/compute-design.ts'
import type { Designer, Intent } from '../designers/designer.ts'
import { detectSpec } from '../designers/import/detect-spec.ts'
import type { DocumentLimits } from '../designers/import/document-limits.ts'
import { makeImportDesigner } from '../designers/import/import-designer.ts'
import type { CompleteDocument } from '../designers/model/complete-document.ts'

export type Designers = {
  readonly offline: Designer
  readonly openai: Designer | null
  /** Completes the draft of a document; null without a model. */
  readonly complete?: CompleteDocument | null
  /** Absent for the usual ones. */
  readonly documentLimits?: DocumentLimits
}

export type Intake = {
  readonly intent: Intent
  readonly designer: Designer
  /** Changes the design by words, also where a document was designed from. */
  readonly refiner: Designer
  /** The version that a refinement starts from; null for a new backend. */
  readonly source: JobSource | null
}

/** Reads the request, selects its designer, and copies the parent's source where there is one. */
export async function intake(input: {
  readonly record: JobRecord
  readonly designers: Designers
  readonly store: JobStore
  readonly once: Once
  readonly compute: ComputeDesign
}): Promise<Intake> {
  const { record, designers, store, once, compute } = input
  // Equal requests have equal designs, whether or not a person looks at them.
  const { plan: _plan, model: _model, ...options } = record.options
  const houseRules = houseRulesOf(record.preferences)?.words
  return {
    intent: { prompt: record.prompt, spec: record.spec, options, ...(houseRules && { houseRules }) },
    refiner: designerOfOptions(designers, record),
    designer: chooseDesigner(designers, record, compute),
    source: record.parent === null ? null : await readSource(store, record.parent, once),
  }
}

/** Stored with the refining job, so that every attempt starts from the same source. */
async function readSource(store: JobStore, parent: JobId, once: Once): Promise<JobSource> {
  return once('source', [parent], JobSource, async () => {
    const source = await store.readSource(parent)
    if (source) return source
    throw new GenerateError({
      code: 'source_gone',
      message: 'The previous version has expired, so it cannot be refined.',
      hint: 'Request the whole backend again, including the change.',
    })
  })
}

/** An attached document takes precedence over every other designer. */
function chooseDesigner(designers: Designers, record: JobRecord, compute: ComputeDesign): Designer {
  const chosen = designerOfOptions(designers, record)
  // A refinement starts from the earlier version, whatever that was made from.
  const isDocument = record.parent === null && record.spec !== null && detectSpec(record.spec) !== null
  if (!isDocument) return chosen
  const complete = chosen.kind === 'offline' ? null : (designers.complete ?? null)
  return makeImportDesigner(compute, complete, designers.documentLimits)
}

function designerOfOptions(designers: Designers, { options }: JobRecord): Designer {
  switch (options.designer ?? 'auto') {
    case 'offline':
      return designers.offline
    case 'auto':
      return designers.openai ?? designers.offline
    case 'openai':
      if (designers.openai) return designers.openai
      throw new GenerateError({
        code: 'openai_not_configured',
        message: 'The OpenAI designer was requested, but this installation has no OpenAI key.',
        hint: 'Set OPENAI_API_KEY on the worker, or request the designer "offline".',
      })
  }
}
