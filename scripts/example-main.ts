import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EXAMPLE, makeExample } from '../test/support/example.ts'

// Generates the recorded example.

for (const [name, text] of await makeExample()) {
  await writeFile(join(EXAMPLE, name), text)
  console.log(`${EXAMPLE}/${name}`)
}
