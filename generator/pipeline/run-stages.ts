import { describeConformance, houseRulesOf, type Report } from '#contract'
import { makeCheckpoints } from '../attempt/checkpoint.ts'
import { failedGates, VerificationError } from '../attempt/verification-error.ts'
import type { Account } from '../llm/account.ts'
import { testTests, type Tested } from '../stages/mutants.ts'
import type { RepairFurther } from '../stages/mutants/contested.ts'
import { makeMutantTrials } from '../stages/mutants/trials.ts'
import { tryWhileWriting } from '../stages/mutants/try-while-writing.ts'
import { storeArchive } from '../stages/pack/store-archive.ts'
import { changesOf } from '../stages/refine/next-version.ts'
import { blame } from '../stages/repair/blame.ts'
import { withExamples, type Examples } from '../stages/repair/disputes.ts'
import type { Built } from '../stages/repair/trials.ts'
import { revertToStubs } from '../stages/repair/revert-to-stub.ts'
import { compareAndAdd, notReviewed, planReview, withReview } from '../stages/review/compare-and-add.ts'
import { buildReport } from '../stages/report.ts'
import type { Written } from '../stages/write-handlers.ts'
import { countHandlers, countWritten } from '../stages/write/pending-handlers.ts'
import { planHandlers } from '../stages/write/plan-handlers.ts'
import { computeAllInProcess } from '../tasks/compute-all.ts'
import { plural } from '../verify/outcome.ts'
import { makeBuilds } from './make-builds.ts'
import type { Attempt, PipelineDeps } from './pipeline-deps.ts'
import { planConformance } from './plan-conformance.ts'
import { prepare } from './prepare.ts'
import type { Tracker } from './progress.ts'

/** Runs the stages in order. Each reports one line of progress; an expensive one stores a checkpoint. */
export async function runStages(
  deps: PipelineDeps,
  attempt: Attempt,
  {
    tracker,
    account,
    now,
  }: { readonly tracker: Tracker; readonly account: Account; readonly now: () => number },
) {
  const { record, signal } = attempt
  const { store, compute = computeAllInProcess } = deps
  const once = makeCheckpoints({ store, jobId: record.jobId })
  const context = { once, account, signal, compute, onProgress: tracker.detail }

  const prepared = await prepare(deps, attempt, { tracker, account, context, now })
  if ('planVersion' in prepared) return prepared
  const { request, design, writer } = prepared
  const { intent, designer, source } = request
  let { blueprint } = design
  // Of what runs beside the stages, nothing outlives them.
  await using beside = new AsyncDisposableStack()
  const plan = planReview(deps.review ?? null, { designer, design })
  const reviewing =
    plan.review &&
    plan.review(
      { prompt: intent.prompt, blueprint, notBuilt: design.notUnderstood },
      { ...context, onProgress: tracker.detailOf('review') },
    )
  // Its answer is paid for, so it is waited for wherever the stages end.
  beside.defer(async () => void (await Promise.allSettled([reviewing])))

  const { stubs, next } = await tracker.stage(
    'render',
    async () => {
      const { version, prompt, createdAt } = record
      const planned = { record: { version, prompt, createdAt }, source, after: blueprint }
      const next =
        source && (await compute('planNextVersion', { ...planned, source, renames: design.renames }, signal))
      return { stubs: await deps.render(blueprint, { handlers: {}, ...next?.rendered, signal }), next }
    },
    ({ stubs }) => plural(stubs.length, 'file'),
  )
  signal.throwIfAborted()

  const found = writer || source ? await compute('handlerSpecs', { blueprint, files: stubs }, signal) : []
  // A document describes an operation; the prompt may say more about it.
  const specs =
    designer.kind === 'import' ? found.map((spec) => ({ ...spec, request: intent.prompt })) : found
  const kept = source ? await compute('reuseHandlers', { source, after: blueprint, specs }, signal) : {}
  const { toWrite, unwritten, keptDetail, skipReason } = planHandlers(
    blueprint,
    specs,
    kept,
    design.beyondRows,
  )
  // Only of the version that the document was attached to.
  const spec = designer.kind === 'import' && source === null ? record.spec : null
  const notes = design.document?.parts ?? []
  const compared = await planConformance({ spec, blueprint, notes }, { compute, signal })
  const builds = makeBuilds(deps, {
    conformance: compared.plan,
    rendered: next?.rendered,
    fromDocument: record.spec !== null,
    compute,
    signal,
    onProgress: tracker.detail,
  })
  const trials =
    deps.tests &&
    beside.use(
      makeMutantTrials({
        ...deps.tests,
        ...context,
        projectOf: builds.projectOf,
        onProgress: tracker.detailOf('mutants'),
      }),
    )
  let written = unwritten
  if (writer && toWrite.length > 0) {
    written = await tracker.stage(
      'write',
      async () => {
        const onWritten = tryWhileWriting(trials, { blueprint, specs, kept, render: builds.render })
        const { handlers, ...rest } = await writer.write(toWrite, { ...context, kept, onWritten })
        // Two processors have enough to do with the gates.
        trials?.rest()
        return { handlers: { ...kept, ...handlers }, ...rest }
      },
      ({ handlers }) => `${countWritten(Object.keys(handlers).length, specs)}${keptDetail}`,
    )
  } else tracker.skip('write', skipReason)
  signal.throwIfAborted()

  let repairRounds = 0
  let mutants: Tested['mutants'] = null
  let reviewed = notReviewed
  const report = ({ files, verification }: Built): Report => {
    const ledger = account.spent()
    return buildReport({
      designer: designer.kind,
      design: withReview(design, reviewed),
      blueprint,
      written,
      verification,
      ledger,
      notices: [
        ...(design.model === null && ledger.calls === 0 ? [] : noticesOf(deps)),
        ...compared.notices,
        ...reviewed.notices,
      ],
      timings: tracker.timings,
      repairRounds,
      mutants,
      houseRules: houseRulesOf(record.preferences),
      changes:
        source && next && changesOf({ source, next, blueprint, files, handlers: written.handlers, kept }),
    })
  }
  const build = (handlers: Written['handlers'], examples: Examples = {}): Promise<Built> => {
    const isPlain = Object.keys(handlers).length === 0
    return isPlain
      ? builds.verify(blueprint, stubs)
      : builds.build(handlers, withExamples(blueprint, examples))
  }

  let built = await tracker.stage(
    'verify',
    async () => {
      const first = await build(written.handlers)
      const isRepairable = Object.keys(written.handlers).length > 0
      if (!first.verification.passed && !isRepairable)
        throw new VerificationError(report(first), first.files.length)
      return first
    },
    ({ verification }) =>
      verification.passed
        ? `${plural(verification.tests.passed, 'test')} passed${verification.conformance ? `; ${describeConformance(verification.conformance)}` : ''}`
        : `not passed: ${failedGates(verification)}`,
  )
  signal.throwIfAborted()
  // Beside the calls of repair and review. What failed is written again first.
  const failing = new Set(blame(built, specs).map(({ spec }) => spec))
  const { files: verified } = built
  trials?.begin({
    blueprint,
    handlers: written.handlers,
    specs: specs.filter((spec) => !failing.has(spec)),
    files: async () => verified,
  })

  if (built.verification.passed) tracker.skip('repair', 'nothing to repair')
  else {
    const before = written
    await tracker.stage(
      'repair',
      async () => {
        const repaired = writer
          ? await writer.repair({
              specs,
              written,
              built,
              build,
              accepts: builds.acceptsFor(blueprint),
              context,
            })
          : await revertToStubs({ specs, written, built, build, once, signal, onDetail: tracker.detail })
        ;({ written, built, rounds: repairRounds } = repaired)
        blueprint = withExamples(blueprint, repaired.examples)
        if (!built.verification.passed) throw new VerificationError(report(built), built.files.length)
        return repaired
      },
      ({ rounds }) => {
        const dropped = specs.filter(
          ({ id, kind }) =>
            kind !== 'helper' && Object.hasOwn(before.handlers, id) && !Object.hasOwn(written.handlers, id),
        )
        return `${plural(rounds, 'round')}${dropped.length > 0 ? `, ${countHandlers(dropped)} left as stubs` : ''}`
      },
    )
  }
  signal.throwIfAborted()

  if (reviewing === null) tracker.skip('review', plan.reason)
  else {
    const result = { blueprint, specs, written, built }
    reviewed = await tracker.stage(
      'review',
      () =>
        compareAndAdd(
          { prompt: intent.prompt, result, reviewed: reviewing },
          {
            // A refinement also has a migration and a list of changes, which belong to its one design.
            canAdd: source === null,
            designer,
            writer,
            ...builds.forAdditions,
            log: deps.log,
            context,
          },
        ),
      ({ detail }) => detail,
    )
    if (reviewed.result !== null) ({ blueprint, written, built } = reviewed.result)
    repairRounds += reviewed.rounds
  }
  signal.throwIfAborted()

  const { handlers: final } = written
  if (deps.tests && trials && Object.keys(final).length > 0) {
    const { render, verify } = builds
    const { furtherExamples, judge } = deps.tests
    const tests = { trials, furtherExamples: writer && furtherExamples, judge }
    const repair: RepairFurther = ({ blueprint: extended, ...failed }) => {
      const build = (handlers: Written['handlers'], examples: Examples = {}) =>
        builds.build(handlers, withExamples(extended, examples))
      return writer!.repair({ ...failed, written, build, accepts: builds.acceptsFor(extended), context })
    }
    const asked = reviewed.result?.specs ?? specs
    const given = { specs: asked, handlers: final, blueprint, built, render, verify, repair, context }
    await tracker.stage(
      'mutants',
      async () => {
        const tested = await testTests(tests, given)
        const { repaired } = tested
        ;({ blueprint, built, mutants } = tested)
        if (repaired === null) return
        ;({ written } = repaired)
        blueprint = withExamples(blueprint, repaired.examples)
        repairRounds += repaired.rounds
      },
      () =>
        mutants === null
          ? 'nothing could be tried'
          : `tests noticed ${mutants.killed} of ${mutants.all} faults`,
    )
  } else
    tracker.skip(
      'mutants',
      Object.keys(final).length === 0 ? 'no code was written by a model' : 'switched off',
    )
  signal.throwIfAborted()

  return tracker.stage(
    'pack',
    async () => {
      const { files } = built
      const { handlers } = written
      const history = next?.history ?? null
      const packed = { record, blueprint, files, handlers, history, report: report(built) }
      const stored = await storeArchive({ ...packed, pack: deps.pack, store })
      return { ...stored, report: report(built) }
    },
    ({ archive }) => `${archive.filename}, ${Math.ceil(archive.bytes / 1024)} KiB`,
  )
}

const noticesOf = ({ modelNotice }: PipelineDeps): string[] => {
  const notice = modelNotice?.() ?? null
  return notice === null ? [] : [notice]
}
