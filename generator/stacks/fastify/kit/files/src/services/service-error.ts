import { ApiError } from '../errors.ts';

/** A call of another service failed. Contains no URL, response or secret. */
export class ServiceError extends ApiError {
  readonly service: string;
  /** The status of the response, if any. */
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
