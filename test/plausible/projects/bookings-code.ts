import type { Mistake } from '../plausible-project.ts'

export const bookingHandlers = {
  bookRoom: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { BookRoomInput, BookRoomResult } from '../schemas/operations/book-room.ts';

export function bookRoom({ params, body, account }: BookRoomInput, { repositories, transaction }: OperationContext): BookRoomResult {
  const { startsOn, endsOn, guests } = body;
  return transaction(() => {
    const room = repositories.rooms.find(params.id);
    if (!room) throw new ApiError(404, 'not_found', 'There is no such room.');
    if (endsOn <= startsOn) throw new ApiError(422, 'wrong_dates', 'The end is not after the start.');
    if (guests > room.beds) throw new ApiError(422, 'too_many_guests', 'There are more guests than beds.');
    let offset = 0;
    let found = 1;
    while (offset < found) {
      const { data, pagination } = repositories.bookings.page({
        limit: 1000,
        offset,
        sort: 'createdAt',
        order: 'asc',
        where: { roomId: room.id, status: 'booked' },
      });
      if (data.some((one) => one.startsOn < endsOn && startsOn < one.endsOn))
        throw new ApiError(409, 'room_taken', 'The room is booked for one of the nights.');
      found = pagination.total;
      offset += 1000;
    }
    return repositories.bookings.insert({ startsOn, endsOn, guests, status: 'booked', roomId: room.id, guestId: account.id });
  });
}
`,
  freeRooms: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { FreeRoomsInput, FreeRoomsResult } from '../schemas/operations/free-rooms.ts';

export function freeRooms({ query }: FreeRoomsInput, { repositories }: OperationContext): FreeRoomsResult {
  const { from, to } = query;
  if (to <= from) throw new ApiError(422, 'wrong_dates', 'The end is not after the start.');
  const everything = { limit: 1000, offset: 0, sort: 'createdAt', order: 'asc' } as const;
  const { data: booked } = repositories.bookings.page({ ...everything, where: { status: 'booked' } });
  const taken = new Set(booked.filter((one) => one.startsOn < to && from < one.endsOn).map(({ roomId }) => roomId));
  const { data: rooms } = repositories.rooms.page(everything);
  return rooms
    .filter(({ id }) => !taken.has(id))
    .sort((a, b) => b.beds - a.beds || (a.name < b.name ? -1 : 1));
}
`,
  cancelBooking: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { CancelBookingInput, CancelBookingResult } from '../schemas/operations/cancel-booking.ts';

export function cancelBooking({ params, account }: CancelBookingInput, { repositories, transaction, now }: OperationContext): CancelBookingResult {
  return transaction(() => {
    const booking = repositories.bookings.find(params.id, { guestId: account.id });
    if (!booking) throw new ApiError(404, 'not_found', 'There is no such booking.');
    if (booking.status === 'cancelled') throw new ApiError(409, 'already_cancelled', 'The booking is cancelled already.');
    const today = now().toISOString().slice(0, 10);
    if (booking.startsOn <= today) throw new ApiError(409, 'too_late', 'The booking starts today or has started.');
    return { booking: repositories.bookings.update(booking.id, { status: 'cancelled' }) ?? booking };
  });
}
`,
}

export const bookingMistakes: readonly Mistake[] = [
  {
    name: 'the last day of a time counts, and should not',
    in: 'bookRoom',
    instead: [
      ['one.startsOn < endsOn && startsOn < one.endsOn', 'one.startsOn <= endsOn && startsOn <= one.endsOn'],
    ],
    by: 'tests',
  },
  {
    name: 'only a start within the time overlaps',
    in: 'bookRoom',
    instead: [
      ['one.startsOn < endsOn && startsOn < one.endsOn', 'one.startsOn >= startsOn && one.startsOn < endsOn'],
    ],
    by: 'tests',
  },
  {
    name: 'rows that are cancelled count',
    in: 'bookRoom',
    instead: [[`where: { roomId: room.id, status: 'booked' }`, 'where: { roomId: room.id }']],
    by: 'tests',
  },
  {
    name: 'rows of other parents count',
    in: 'bookRoom',
    instead: [[`where: { roomId: room.id, status: 'booked' }`, `where: { status: 'booked' }`]],
    by: 'further examples',
  },
  {
    name: 'a time without a length is let through',
    in: 'bookRoom',
    instead: [['endsOn <= startsOn', 'endsOn < startsOn']],
    by: 'further examples',
  },
  {
    name: 'a place more than there is',
    in: 'bookRoom',
    instead: [['guests > room.beds', 'guests > room.beds + 1']],
    by: 'tests',
  },
  {
    name: 'a missing parent is not refused',
    in: 'bookRoom',
    instead: [
      [`    if (!room) throw new ApiError(404, 'not_found', 'There is no such room.');\n`, ''],
      ['guests > room.beds', 'room && guests > room.beds'],
      ['where: { roomId: room.id, ', 'where: { roomId: params.id, '],
      ['roomId: room.id, guestId', 'roomId: params.id, guestId'],
    ],
    by: 'tests',
  },
  {
    name: 'the name of a property is wrong',
    in: 'bookRoom',
    instead: [['one.startsOn < endsOn', 'one.start < endsOn']],
    by: 'types',
  },
  {
    name: 'numbers are sorted as text',
    in: 'freeRooms',
    instead: [['b.beds - a.beds', 'String(b.beds).localeCompare(String(a.beds))']],
    by: 'tests',
  },
  {
    name: 'a condition is the wrong way round',
    in: 'freeRooms',
    instead: [['!taken.has(id)', 'taken.has(id)']],
    by: 'tests',
  },
  {
    name: 'a list has more than it should',
    in: 'freeRooms',
    instead: [['!taken.has(id)', "!taken.has(id) || id !== ''"]],
    by: 'tests',
  },
  {
    name: 'the first day of the next time counts, and should not',
    in: 'freeRooms',
    instead: [['one.startsOn < to', 'one.startsOn <= to']],
    by: 'further examples',
  },
  {
    name: 'the whole table is read again for each row',
    in: 'freeRooms',
    instead: [
      [
        '.filter(({ id }) => !taken.has(id))',
        `.filter(({ id }) => !taken.has(id) && !repositories.bookings.page({ ...everything, where: { status: 'booked' } }).data.some((one) => one.roomId === id && taken.has(id)))`,
      ],
    ],
    by: null,
    why: 'It answers the same, only slower.',
  },
  {
    name: 'what starts today is treated as to come',
    in: 'cancelBooking',
    instead: [['booking.startsOn <= today', 'booking.startsOn < today']],
    by: 'further examples',
  },
  {
    name: 'the row is answered as it was before',
    in: 'cancelBooking',
    instead: [
      [
        `return { booking: repositories.bookings.update(booking.id, { status: 'cancelled' }) ?? booking };`,
        `repositories.bookings.update(booking.id, { status: 'cancelled' });\n    return { booking };`,
      ],
    ],
    by: 'tests',
  },
  {
    name: 'the owner is looked at after the write',
    in: 'cancelBooking',
    instead: [
      [
        'const booking = repositories.bookings.find(params.id, { guestId: account.id });',
        `const booking = repositories.bookings.find(params.id);`,
      ],
      [
        `return { booking: repositories.bookings.update(booking.id, { status: 'cancelled' }) ?? booking };`,
        `const changed = repositories.bookings.update(booking.id, { status: 'cancelled' }) ?? booking;
    if (changed.guestId !== account.id) throw new ApiError(404, 'not_found', 'There is no such booking.');
    return { booking: changed };`,
      ],
      ['  return transaction(() => {', '  {'],
      ['  });\n}', '  }\n}'],
      ['{ repositories, transaction, now }', '{ repositories, now }'],
    ],
    by: 'tests',
  },
]
