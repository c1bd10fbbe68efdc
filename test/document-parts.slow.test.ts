import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { designFromDocument } from '../generator/designers/import/design-from-document.ts'
import { lintBlueprint } from '../generator/blueprint/lint-blueprint.ts'
import { renderProject } from '../generator/stages/render-project.ts'
import { computeAllInProcess } from '../generator/tasks/compute-all.ts'
import { verifyHere } from './support/verify-here.ts'

/** Files, bytes, cookies, verbs in paths, styles of lists, HTTP Basic, media types of JSON, headers of responses and numbered accounts, at once. */

const handlers = {
  addPoster: `import type { OperationContext } from '../operation-context.ts';
import type { AddPosterInput, AddPosterResult } from '../schemas/operations/add-poster.ts';

export function addPoster({ body }: AddPosterInput, context: OperationContext): AddPosterResult {
  const files = [body.picture, ...(body.proofs ?? [])];
  context.log.info({ width: body.size?.width }, 'printing');
  return {
    status: 201,
    headers: { Location: '/v1/posters/1', 'X-Bytes': files.reduce((sum, { bytes }) => sum + bytes.length, 0) },
    body: { id: 1, title: body.title, pictures: files.map(({ name, type }) => \`\${name} \${type}\`) },
  };
}
`,
  replaceLogo: `import type { OperationContext } from '../operation-context.ts';
import type { ReplaceLogoInput, ReplaceLogoResult } from '../schemas/operations/replace-logo.ts';

export function replaceLogo({ body }: ReplaceLogoInput, context: OperationContext): ReplaceLogoResult {
  context.log.info({ bytes: body.length, start: body.subarray(0, 4).toString('hex') }, 'replaced');
  return body;
}
`,
  cancelPoster: `import type { OperationContext } from '../operation-context.ts';
import type { CancelPosterInput, CancelPosterResult } from '../schemas/operations/cancel-poster.ts';

export function cancelPoster({ params }: CancelPosterInput, context: OperationContext): CancelPosterResult {
  context.log.info({ id: params.posterId }, 'cancelled');
}
`,
  pricePosters: `import type { OperationContext } from '../operation-context.ts';
import type { PricePostersInput, PricePostersResult } from '../schemas/operations/price-posters.ts';

export function pricePosters({ query, cookies }: PricePostersInput, _context: OperationContext): PricePostersResult {
  const price = query.widths.reduce((sum, width) => sum + width, cookies.visits ?? 0);
  return { price, currency: cookies.currency, colours: query.colours ?? [] };
}
`,
}

it(
  'a project serves what such a document says, and every operation conforms',
  { timeout: 240_000 },
  async () => {
    const signal = AbortSignal.timeout(240_000)
    const spec = await readFile(join(import.meta.dirname, 'fixtures/specs/print-shop.yaml'), 'utf8')
    const design = await designFromDocument({ prompt: 'Build this', spec, options: {} })
    const { blueprint, diagnostics } = lintBlueprint(design.blueprint)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const verify = await verifyHere(signal)
    const notes = design.document?.parts ?? []
    const plan = await computeAllInProcess('planConformance', { spec, blueprint, notes }, signal)
    const report = await verify({ files: await renderProject(blueprint, { handlers }), plan, signal })
    expect(report.diagnostics).toEqual([])
    expect(report.gates.filter((gate) => gate.status !== 'passed')).toEqual([])
    expect(report.conformance).toMatchObject({ operations: 11, conforming: 11, stubs: [], findings: [] })
  },
)
