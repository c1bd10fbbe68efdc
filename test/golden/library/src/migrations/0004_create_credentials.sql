-- Apart from the account, so that no query about accounts can answer a password's hash.
CREATE TABLE "_credentials" (
  "account_id" TEXT PRIMARY KEY NOT NULL REFERENCES "members" ("id") ON DELETE CASCADE,
  "password_hash" TEXT NOT NULL
) STRICT;
