CREATE TABLE "reviews" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "stars" INTEGER NOT NULL,
  "member_id" TEXT NOT NULL REFERENCES "members" ("id") ON DELETE CASCADE,
  "book_id" TEXT NOT NULL REFERENCES "books" ("id") ON DELETE CASCADE,
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL
) STRICT;

CREATE INDEX "reviews.member_id" ON "reviews" ("member_id");

CREATE INDEX "reviews.book_id" ON "reviews" ("book_id");
