import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GOLDEN, goldenProjects, renderGolden } from '../test/support/golden.ts'

// Renders the golden projects.

for (const project of goldenProjects) {
  const folder = join(GOLDEN, project.name)
  await rm(folder, { recursive: true, force: true })
  const files = await renderGolden(project)
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  console.log(`test/golden/${project.name}: ${files.size} files`)
}
