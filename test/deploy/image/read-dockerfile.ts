import { DockerfileParser, type ModifiableInstruction } from 'dockerfile-ast'

/** An instruction of a stage. */
export type Step =
  | { readonly kind: 'run'; readonly command: string; readonly caches: readonly string[] }
  | {
      readonly kind: 'copy'
      /** A stage; null for the build context. */
      readonly from: string | null
      readonly sources: readonly string[]
      readonly to: string
    }
  | { readonly kind: 'env'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'workdir' | 'user'; readonly value: string }
  | { readonly kind: 'cmd' | 'healthcheck'; readonly argv: readonly string[] }

export type Stage = { readonly name: string; readonly from: string; readonly steps: readonly Step[] }

/**
 * Parses a Dockerfile into stages. Throws on unsupported instructions, flags or forms, so that the image never differs from
 * what an engine would build.
 */
export function readDockerfile(text: string): Stage[] {
  const stages: { name: string; from: string; steps: Step[] }[] = []
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword()
    const content = instruction.getArgumentsContent() ?? ''
    const flags = 'getFlags' in instruction ? flagsOf(instruction as ModifiableInstruction) : []
    const rest = content.replace(/^(?:--\S+\s+)*/, '')
    const steps = stages.at(-1)?.steps
    if (keyword === 'FROM') {
      const [, from, name] = /^(\S+) AS (\S+)$/.exec(content) ?? []
      if (from === undefined || name === undefined) throw unknown(content)
      stages.push({ name, from, steps: [] })
    } else if (keyword === 'RUN') {
      const caches = flags.map((flag) => {
        const target = /^--mount=type=cache,target=(\S+)$/.exec(flag)?.[1]
        if (target === undefined) throw unknown(flag)
        return target
      })
      steps?.push({ kind: 'run', command: rest, caches })
    } else if (keyword === 'COPY') {
      const [flag, ...more] = flags
      const from = flag === undefined ? null : /^--from=(\S+)$/.exec(flag)?.[1]
      if (from === undefined || more.length > 0) throw unknown(content)
      const paths = rest.split(/\s+/)
      steps?.push({ kind: 'copy', from, sources: paths.slice(0, -1), to: paths.at(-1)! })
    } else if (keyword === 'ENV') {
      const values = Object.fromEntries(content.split(/\s+/).map((pair) => pair.split(/=(.*)/s).slice(0, 2)))
      steps?.push({ kind: 'env', values })
    } else if (keyword === 'WORKDIR' || keyword === 'USER')
      steps?.push({ kind: keyword === 'USER' ? 'user' : 'workdir', value: content })
    else if (keyword === 'CMD') steps?.push({ kind: 'cmd', argv: JSON.parse(content) })
    else if (keyword === 'HEALTHCHECK')
      steps?.push({ kind: 'healthcheck', argv: JSON.parse(rest.replace(/^CMD\s+/, '')) })
    else if (keyword !== 'LABEL' && keyword !== 'EXPOSE') throw unknown(keyword)
  }
  return stages
}

const flagsOf = (instruction: ModifiableInstruction): string[] =>
  instruction.getFlags().map((flag) => flag.toString())

const unknown = (what: string) =>
  new Error(`test/deploy/image/read-dockerfile.ts does not know ${JSON.stringify(what)} yet: teach it.`)
