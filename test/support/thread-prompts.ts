import { gateReportOf, noUsage } from '#contract/testing/samples'
import { designOffline } from '../../generator/designers/offline/design-offline.ts'
import { buildReport } from '../../generator/stages/report.ts'

/** Requests of many kinds and lengths. */
export const PROMPTS = [
  'a todo app',
  'a library with books, authors and loans; members sign in',
  'a shop with products, orders, customers and reviews, where orders have a total and a status',
  'Track invoices: number, customer, amount, due date, paid or not. Remind people by email a week before.',
  'a blog with posts, tags and comments; tags belong to many posts',
  'a CRM with companies, contacts, deals, tasks, notes, activities and pipelines with stages',
  'recipes with ingredients, steps and a rating',
  'A gym: members, classes, trainers, bookings. A class has a limit of seats. Nobody books twice. Make it pop, add AI.',
  'tickets with a title, a priority (low, medium, high) and an assignee; only admins delete',
  '# Requirements\n\n- users register and log in\n- **recipes** with ingredients and steps\n- favourites\n- a shopping list',
  'a parking garage with levels, spots, vehicles and sessions, and a price an hour',
  'A hospital with wards, beds, patients, doctors, nurses, visits, prescriptions, lab tests, invoices and shifts',
]

/** What the report says of such a request, as if its checks had passed. */
export function reportFor(prompt: string) {
  const design = designOffline({ prompt })
  return buildReport({
    designer: 'offline',
    design: { ...design, model: null },
    blueprint: design.blueprint,
    written: { handlers: {}, gaps: [], notes: [] },
    verification: gateReportOf(),
    ledger: noUsage,
    notices: [],
    timings: { design: 2 },
    repairRounds: 0,
    mutants: null,
    changes: null,
  })
}
