import type { GateReport, Report } from '#contract'
import { GenerateError } from './failure.ts'

/** The project failed its gates; the report says which. The message distinguishes a timeout from a failure. */
export class VerificationError extends GenerateError {
  readonly report: Report
  constructor(report: Report, files: number) {
    const { verification } = report
    const why = failedGates(verification)
    super(
      hasTimedOut(verification)
        ? {
            code: 'verification_timed_out',
            message: `Checking the generated project took too long, so there is no archive. ${why}`,
            hint: `No fault was found in it. Ask for a smaller backend, or for several (this one has ${files} files), or try again when the machine is less busy. The operator can allow more time with SANDBOX_SECONDS.`,
          }
        : {
            code: 'verification_failed',
            message: `The generated project did not pass its own checks, so there is no archive. ${why}`,
            hint: 'This is a fault of the generator, not of the prompt. The report lists every check.',
          },
    )
    this.report = report
  }
}

const failuresOf = ({ gates }: GateReport) => gates.filter(({ status }) => status === 'failed')

/** No gate failed for anything but a lack of time. */
export function hasTimedOut(report: GateReport): boolean {
  const failures = failuresOf(report)
  return failures.length > 0 && failures.every(({ timedOut }) => timedOut)
}

export const failedGates = (report: GateReport): string =>
  failuresOf(report)
    .map(({ name, detail }) => `${name}: ${detail}`)
    .join('; ')
