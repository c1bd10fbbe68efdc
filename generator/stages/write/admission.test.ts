import { expect, it } from 'vitest'
import { admissionIn } from './admission.ts'

it.each([
  'Sign-in cannot work, since accounts store no password.',
  'Note: this can’t actually work without a mail service.',
  'Refunds are not implemented.',
  'E-mail is unimplemented.',
  'The exchange rate is a placeholder.',
  'It always answers 501, as there is no stored hash.',
  'The route does not work yet.',
])('finds what a note admits: %s', (sentence) => {
  expect(admissionIn(sentence)).toBe(sentence)
  expect(admissionIn(`Rows are sorted by name. ${sentence} Ties keep their order.`)).toBe(sentence)
})

it.each([
  '',
  'An order that is paid cannot be changed.',
  'A missing date counts as today; times are not kept.',
  'Removing a row never fails where it is gone already.',
  'It always answers with the newest row first.',
  'What is not done stays open.',
  'A row of another account always answers 404.',
  'A barber does not work on Sundays, so no slot is offered then.',
  'Whoever does not work for the shop sees no prices.',
])('leaves decisions alone: %s', (notes) => {
  expect(admissionIn(notes)).toBeNull()
})
