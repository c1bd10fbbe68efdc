// Longer than most files: a design with its examples.
import { Blueprint } from '#contract'
import { belongsTo, blueprint, entity, field } from '../../../generator/codegen/testing/blueprints.ts'
import {
  changed,
  created,
  example,
  json,
  listOf,
  NOT_FOUND,
  object,
  operation,
  plain,
  propertiesOf,
  refusal,
  row,
} from '../design.ts'
import type { PlausibleProject } from '../plausible-project.ts'
import { bookingHandlers, bookingMistakes } from './bookings-code.ts'

/** Rooms by the night: bounds of dates, what overlaps, owners. */

const design = blueprint(
  'guest-house',
  [
    entity('Guest', {
      fields: [
        field('email', 'email', { required: true, unique: true }),
        field('name', 'string', { required: true }),
      ],
      operations: ['read', 'update'],
      access: { read: 'owner', write: 'owner' },
    }),
    entity('Room', {
      fields: [
        field('name', 'string', { required: true, unique: true }),
        field('beds', { kind: 'integer', min: 1 }, { required: true }),
      ],
      access: { read: 'public', write: 'authenticated' },
    }),
    entity('Booking', {
      fields: [
        field('startsOn', 'date', { required: true }),
        field('endsOn', 'date', { required: true }),
        field('guests', { kind: 'integer', min: 1 }, { required: true }),
        field(
          'status',
          { kind: 'enum', values: ['booked', 'cancelled'] },
          { required: true, default: 'booked' },
        ),
      ],
      belongsTo: [belongsTo('room', 'Room', { onDelete: 'restrict' }), belongsTo('guest', 'Guest')],
      owner: 'guest',
      operations: ['list', 'read'],
      access: { read: 'owner', write: 'owner' },
    }),
  ],
  { auth: { kind: 'jwt', account: 'Guest' } },
)

const attic = ['Room', { name: 'Attic', beds: 2 }] as const
const booking = (startsOn: string, endsOn: string, more: Record<string, string> = {}) =>
  ['Booking', { startsOn, endsOn, guests: 1, roomId: '$room.id', guestId: '$me.id', ...more }] as const
const asked = (startsOn: string, endsOn: string, guests = 2) => ({
  params: { id: '$room.id' },
  body: { startsOn, endsOn, guests },
})
const wrongDates = refusal(422, 'wrong_dates', 'The end is not after the start.')

const bookRoom = operation({
  id: 'bookRoom',
  entity: 'Room',
  method: 'POST',
  path: '/rooms/:id/bookings',
  summary: 'Book a room',
  rules: [
    'The end must be after the start, and there are no more guests than beds.',
    'A room that is booked for any of the nights is refused. The night of endsOn is not part of a booking: one may start on the day on which another ends.',
    'Cancelled bookings do not count.',
    'The booking belongs to the account that asks.',
  ],
  body: {
    kind: 'object',
    nullable: false,
    properties: propertiesOf({
      startsOn: plain('date'),
      endsOn: plain('date'),
      guests: plain('integer', { min: 1 }),
    }),
  },
  success: json(row('Booking'), 201),
  errors: [
    NOT_FOUND,
    refusal(409, 'room_taken', 'The room is booked for one of the nights.'),
    wrongDates,
    refusal(422, 'too_many_guests', 'There are more guests than beds.'),
  ],
  examples: [
    example(
      'books between two other bookings',
      {
        room: attic,
        before: booking('2100-05-01', '2100-05-03'),
        after: booking('2100-05-06', '2100-05-08'),
      },
      asked('2100-05-03', '2100-05-06'),
      { status: 201, body: { roomId: '$room.id', guestId: '$me.id', startsOn: '2100-05-03' } },
      [
        created('Booking', {
          roomId: '$room.id',
          guestId: '$me.id',
          startsOn: '2100-05-03',
          endsOn: '2100-05-06',
          guests: 2,
          status: 'booked',
        }),
      ],
    ),
    example(
      'refuses a room that is taken',
      { room: attic, other: booking('2100-05-01', '2100-05-04') },
      asked('2100-05-03', '2100-05-06'),
      { status: 409, code: 'room_taken' },
      [],
    ),
    example(
      'books over one that is cancelled',
      { room: attic, other: booking('2100-05-01', '2100-05-04', { status: 'cancelled' }) },
      asked('2100-05-03', '2100-05-06'),
      { status: 201 },
    ),
    example(
      'refuses dates the wrong way round',
      { room: attic },
      asked('2100-05-06', '2100-05-03'),
      { status: 422, code: 'wrong_dates' },
      [],
    ),
    example(
      'refuses a guest without a bed',
      { room: attic },
      asked('2100-05-03', '2100-05-06', 3),
      { status: 422, code: 'too_many_guests' },
      [],
    ),
    example(
      'knows no such room',
      {},
      {
        params: { id: '00000000-0000-4000-8000-000000000000' },
        body: { startsOn: '2100-05-03', endsOn: '2100-05-06', guests: 1 },
      },
      { status: 404, code: 'not_found' },
      [],
    ),
  ],
})

const freeRooms = operation({
  id: 'freeRooms',
  entity: 'Room',
  method: 'GET',
  path: '/free-rooms',
  summary: 'Which rooms are free',
  rules: [
    'Rooms without a booking of the status booked for any night from the day from to the day before to.',
    'Sorted by the number of beds, the most first, and by name where these are equal.',
    'to must be after from.',
  ],
  access: 'public',
  query: propertiesOf({ from: plain('date'), to: plain('date') }),
  success: json(listOf(row('Room'))),
  errors: [wrongDates],
  examples: [
    example(
      'leaves out what is booked',
      {
        ann: ['Guest', { email: 'ann@example.com', name: 'Ann' }],
        room: attic,
        hall: ['Room', { name: 'Hall', beds: 9 }],
        loft: ['Room', { name: 'Loft', beds: 10 }],
        taken: booking('2100-05-01', '2100-05-04', { guestId: '$ann.id' }),
        gone: booking('2100-05-01', '2100-05-04', {
          guestId: '$ann.id',
          roomId: '$hall.id',
          status: 'cancelled',
        }),
      },
      { query: { from: '2100-05-02', to: '2100-05-03' } },
      { status: 200, body: [{ id: '$loft.id', beds: 10 }, { id: '$hall.id' }] },
    ),
    example(
      'is empty where there are no rooms',
      {},
      { query: { from: '2100-05-02', to: '2100-05-03' } },
      { status: 200, body: [] },
    ),
    example(
      'refuses dates the wrong way round',
      {},
      { query: { from: '2100-05-02', to: '2100-05-01' } },
      { status: 422, code: 'wrong_dates' },
    ),
  ],
})

const cancelBooking = operation({
  id: 'cancelBooking',
  entity: 'Booking',
  method: 'POST',
  path: '/bookings/:id/cancel',
  summary: 'Cancel a booking',
  rules: [
    'Only the guest may cancel a booking; for everybody else it is not found.',
    'A booking that is cancelled already, or that starts today or has started (UTC), is refused.',
  ],
  success: json(object({ booking: row('Booking') })),
  errors: [
    NOT_FOUND,
    refusal(409, 'already_cancelled', 'The booking is cancelled already.'),
    refusal(409, 'too_late', 'The booking starts today or has started.'),
  ],
  examples: [
    example(
      'cancels a booking to come',
      { room: attic, booking: booking('2100-05-01', '2100-05-04') },
      { params: { id: '$booking.id' } },
      { status: 200, body: { booking: { id: '$booking.id', status: 'cancelled' } } },
      [changed('booking', { status: 'cancelled', startsOn: '2100-05-01' })],
    ),
    example(
      'refuses one of the past',
      { room: attic, booking: booking('2000-05-01', '2000-05-04') },
      { params: { id: '$booking.id' } },
      { status: 409, code: 'too_late' },
      [],
    ),
    example(
      'refuses one that is cancelled',
      { room: attic, booking: booking('2100-05-01', '2100-05-04', { status: 'cancelled' }) },
      { params: { id: '$booking.id' } },
      { status: 409, code: 'already_cancelled' },
      [],
    ),
    example(
      'refuses one of another account',
      {
        ann: ['Guest', { email: 'ann@example.com', name: 'Ann' }],
        room: attic,
        booking: booking('2100-05-01', '2100-05-04', { guestId: '$ann.id' }),
      },
      { params: { id: '$booking.id' } },
      { status: 404, code: 'not_found' },
      [],
    ),
  ],
})

export const bookings: PlausibleProject = {
  blueprint: Blueprint.parse({ ...design, operations: [bookRoom, freeRooms, cancelBooking] }),
  handlers: bookingHandlers,
  mistakes: bookingMistakes,
  further: {
    bookRoom: [
      example(
        'refuses a stay without a night',
        { room: attic },
        asked('2100-05-03', '2100-05-03'),
        { status: 422, code: 'wrong_dates' },
        [],
      ),
      example(
        'books another room in the same nights',
        {
          room: attic,
          hall: ['Room', { name: 'Hall', beds: 9 }],
          other: booking('2100-05-01', '2100-05-09', { roomId: '$hall.id' }),
        },
        asked('2100-05-03', '2100-05-06'),
        { status: 201 },
      ),
    ],
    freeRooms: [
      example(
        'has a room that becomes free on the day',
        {
          ann: ['Guest', { email: 'ann@example.com', name: 'Ann' }],
          room: attic,
          hall: ['Room', { name: 'Hall', beds: 2 }],
          before: booking('2100-05-01', '2100-05-02', { guestId: '$ann.id', roomId: '$hall.id' }),
          after: booking('2100-05-03', '2100-05-04', { guestId: '$ann.id', roomId: '$hall.id' }),
        },
        { query: { from: '2100-05-02', to: '2100-05-03' } },
        { status: 200, body: [{ id: '$room.id' }, { id: '$hall.id' }] },
      ),
      example(
        'sorts by name where there are as many beds',
        {
          hall: ['Room', { name: 'Hall', beds: 2 }],
          room: attic,
          loft: ['Room', { name: 'Loft', beds: 2 }],
        },
        { query: { from: '2100-05-02', to: '2100-05-03' } },
        { status: 200, body: [{ id: '$room.id' }, { id: '$hall.id' }, { id: '$loft.id' }] },
      ),
      example(
        'refuses a time without a night',
        {},
        { query: { from: '2100-05-02', to: '2100-05-02' } },
        { status: 422, code: 'wrong_dates' },
      ),
    ],
    cancelBooking: [
      example(
        'refuses one that starts today',
        { room: attic, booking: booking('$now', '$now+3d') },
        { params: { id: '$booking.id' } },
        { status: 409, code: 'too_late' },
        [],
      ),
    ],
  },
  wrongExamples: [
    {
      name: 'an example forgets that the night of the end is free',
      in: 'bookRoom',
      title: 'books between two other bookings',
      expect: { status: 409, code: 'room_taken' },
      why: 'By the rules, one may start on the day on which another ends.',
    },
  ],
}
