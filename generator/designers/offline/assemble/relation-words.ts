import { OPERATION_VERBS } from '../read/operations.ts'
import type { DraftEntity } from './draft.ts'

/** Nouns and verbs that decide the kind of a relation and its delete rule. */

/** Shared by many rows and owned by none of them. */
export const SHARED = new Set([
  'Tag',
  'Label',
  'Keyword',
  'Genre',
  'Skill',
  'Topic',
  'Ingredient',
  'Allergen',
  'Amenity',
  'Interest',
  'Language',
  'Technology',
  'Actor',
  'Author',
  'Speaker',
])

/** References without cascade: deleting a category must not delete its products. */
export const REFERENCES = new Set([
  'Category',
  'Customer',
  'Author',
  'Department',
  'Supplier',
  'Product',
  'Publisher',
  'Client',
  'Company',
  'Brand',
  'Vendor',
  'Location',
  'Country',
  'City',
  'Teacher',
  'Doctor',
  'Room',
  'Venue',
  'Manufacturer',
  'Role',
  'Type',
  'Status',
  'Warehouse',
  'Service',
  'Employee',
])

/** One to one: `a user has a profile`. */
export const PARTS = new Set([
  'Profile',
  'Settings',
  'Setting',
  'Passport',
  'Cart',
  'Wallet',
  'Resume',
  'Address',
  'Account',
  'Preference',
  'License',
  'Avatar',
  'Dashboard',
])

export const PEOPLE = new Set([
  'User',
  'Person',
  'Account',
  'Member',
  'Employee',
  'Staff',
  'Customer',
  'Admin',
])

/** Deleting a department does not delete its people. */
export const isPerson = (entity: Pick<DraftEntity, 'name'>) =>
  PEOPLE.has(entity.name) ||
  [
    'Student',
    'Teacher',
    'Patient',
    'Doctor',
    'Player',
    'Driver',
    'Author',
    'Agent',
    'Contact',
    'Candidate',
    'Owner',
    'Tenant',
    'Instructor',
    'Guest',
  ].includes(entity.name)

/** Booking an appointment creates one; booking a room does not create a room. */
export const RESERVES = new Set([
  'book',
  'books',
  'order',
  'orders',
  'reserve',
  'view',
  'buy',
  'buys',
  'rent',
])

export const RESERVED = new Set([
  'Appointment',
  'Booking',
  'Reservation',
  'Ticket',
  'Order',
  'Session',
  'Viewing',
  'Rental',
])

/** Everyday verbs of the five operations. */
export const PLAIN_VERBS = new Set([
  ...Object.keys(OPERATION_VERBS),
  ...'assign assigns give gives award awards issue issues enter enters write writes publish publishes save saves record records log logs track tracks store stores organize'.split(
    ' ',
  ),
])
