import { availableParallelism } from 'node:os'
import { todoPath } from './todo-path.ts'

/** One command, ratios against a floor that is measured in the same run: absolute times depend on the machine. */
console.log(`Node ${process.version}, ${availableParallelism()} cores\n`)
console.log(await todoPath({ runs: Number(process.argv[2] ?? 7) }))
