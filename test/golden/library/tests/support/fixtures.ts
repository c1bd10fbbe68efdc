import type { Repositories } from '../../src/database/repositories.ts';
import type { Book, BookBody } from '../../src/schemas/book.ts';
import type { Member, MemberBody } from '../../src/schemas/member.ts';
import type { Review, ReviewBody } from '../../src/schemas/review.ts';

/** What the rows go into; those that have an owner belong to `me`, once there is one. */
type Target = {
  repositories: Repositories;
  nextNumber: (key: keyof Repositories) => number;
  me?: Member;
};

/** A valid body: Member. */
export function memberBody(target: Target, given: Partial<MemberBody> = {}): MemberBody {
  const n = target.nextNumber('members');
  return { email: `person${n}@example.com`, ...given };
}

export const insertMemberRow = (target: Target, given: Partial<MemberBody> = {}): Member =>
  target.repositories.members.insert(memberBody(target, given));

/** A valid body: Book. */
export function bookBody(target: Target, given: Partial<BookBody> = {}): BookBody {
  const n = target.nextNumber('books');
  return { title: 'The Left Hand of Darkness', isbn: `978044147 ${n}`, ...given };
}

export const insertBookRow = (target: Target, given: Partial<BookBody> = {}): Book =>
  target.repositories.books.insert(bookBody(target, { isbn: null, ...given }));

/** A valid body: Review. What it has to refer to is inserted first. */
export function reviewBody(target: Target, given: Partial<ReviewBody> = {}): ReviewBody {
  return { stars: 4, bookId: given.bookId ?? insertBookRow(target).id, ...given };
}

export function insertReviewRow(
  target: Target,
  values: Partial<ReviewBody> & { memberId?: string } = {},
): Review {
  const { memberId = (target.me ?? insertMemberRow(target)).id, ...given } = values;
  return target.repositories.reviews.insert({ ...reviewBody(target, given), memberId });
}

/** An account without a password: it cannot sign in, but a token of it is valid. */
export const insertAccount = insertMemberRow;
