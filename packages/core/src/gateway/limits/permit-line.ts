import Bottleneck from 'bottleneck';

/** A line that work goes through with permits. */
export interface PermitLine {
  /** Does the work when the line turns to it; each piece takes it some milliseconds, whatever it weighs. */
  pass<Result>(weight: number, work: () => Promise<Result>): Promise<Result>;
}

/** Makes one. Permits are bought from its reservoir by weight; it waits for nothing but them. */
export function createPermitLine(): PermitLine {
  const limiter = new Bottleneck({ reservoir: 0 });
  return {
    async pass(weight, work) {
      await limiter.incrementReservoir(weight);
      return limiter.schedule({ weight }, work);
    },
  };
}
