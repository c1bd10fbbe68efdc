import { ApiError } from '../errors.ts';

/** Another service did not do what was asked of it. Says nothing of its address, its answer or our secret. */
export class ServiceError extends ApiError {
  readonly service: string;
  /** What it answered, if it did. */
  readonly answered: number | undefined;

  constructor(
    service: string,
    { timedOut = false, answered }: { timedOut?: boolean; answered?: number } = {},
  ) {
    if (timedOut) super(504, 'service_timeout', `The service ${service} did not answer in time.`);
    else super(502, 'service_failed', `The service ${service} did not answer as it should.`);
    this.service = service;
    this.answered = answered;
  }
}
