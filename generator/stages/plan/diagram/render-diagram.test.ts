import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlanEntity } from '#contract'
import { arbitraryBlueprint } from '../../../blueprint/testing/arbitrary-blueprint.ts'
import { planEntities } from '../plan-entities.ts'
import { layOut } from './layout.ts'
import { renderDiagram } from './render-diagram.ts'

const entity = (name: string, targets: string[] = [], fields = 3): PlanEntity => ({
  name,
  fields: Array.from({ length: fields }, (_, at) => ({
    name: `field${at}`,
    type: 'text',
    required: at > 0,
    unique: false,
  })),
  relations: targets.map((target) => ({
    name: `${target.toLowerCase()}Id`,
    target,
    kind: 'one',
    required: true,
  })),
})

/** Forty entities that refer to earlier ones. */
const forty = Array.from({ length: 40 }, (_, at) =>
  entity(
    `Entity${at}`,
    at === 0 ? [] : [`Entity${(at * 7) % at}`, `Entity${(at * 3) % at}`].slice(at % 3),
    1 + (at % 18),
  ),
)

describe('the picture of the entities', () => {
  it('shows what refers to something right of it, and draws the line between the two', () => {
    const shop = [entity('Order', ['Customer']), entity('Customer')]
    const [order, customer] = layOut(shop).boxes
    expect(order!.x).toBeGreaterThan(customer!.x + customer!.width)
    const svg = renderDiagram('Shop', shop)
    expect(svg).toContain(`<path d="M${order!.x} `)
    expect(svg).toContain(` ${customer!.x + customer!.width} ${customer!.y + 14}"/>`)
    expect(svg).toContain('>customerId</text>')
  })

  it.each([0, 1, 2, 8, 40])('puts no box on another one, with %i entities', (count) => {
    const { boxes, width, height } = layOut(forty.slice(0, count))
    expect(boxes).toHaveLength(count)
    for (const [at, a] of boxes.entries()) {
      expect(a.x).toBeGreaterThan(0)
      expect(a.x + a.width).toBeLessThan(width)
      expect(a.y + a.height).toBeLessThan(height)
      for (const b of boxes.slice(at + 1))
        expect(
          a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y,
        ).toBe(true)
    }
    // Of a shape that a screen can show.
    expect(width / height).toBeLessThan(12)
  })

  it('says how much of a large entity it leaves out, and keeps the relations', () => {
    const svg = renderDiagram('Large', [entity('Large', ['Other'], 60), entity('Other')])
    expect(svg).toContain('and 48 more')
    expect(svg).toContain('>otherId</text>')
  })

  it('copes with circles and references to itself', () => {
    expect(renderDiagram('Circle', [entity('A', ['B', 'A']), entity('B', ['A'])])).toContain('</svg>')
  })

  it('is the same for equal entities, and well-formed whatever their texts are', () => {
    fc.assert(
      fc.property(arbitraryBlueprint(), (blueprint) => {
        const entities = planEntities(blueprint)
        const svg = renderDiagram(blueprint.title, entities)
        expect(renderDiagram(blueprint.title, structuredClone(entities))).toBe(svg)
        const text = svg.replaceAll(/<[^<>]*>/g, '')
        expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/)
        // Nothing that a content security policy would block, or that loads something.
        expect(svg).not.toMatch(/<(style|script|image|foreignObject|a)\b|\son\w+=|\sstyle=|href/i)
      }),
      { numRuns: 40 },
    )
  })
})
