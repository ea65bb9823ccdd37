import type Bottleneck from 'bottleneck';

/** A line that work goes through with permits. */
export interface PermitLine {
  /** Does the work when the line turns to it; each piece takes it some milliseconds, whatever it weighs. */
  pass<Result>(weight: number, work: () => Promise<Result>): Promise<Result>;
}

/** Makes one. Permits are bought from its reservoir by weight; it waits for nothing but them. */
export function createPermitLine(): PermitLine {
  // Loaded when something waits for the first time.
  let line: Promise<Bottleneck> | undefined;
  const begin = async (): Promise<Bottleneck> => {
    const { default: Limiter } = await import('bottleneck');
    return new Limiter({ reservoir: 0 });
  };
  return {
    async pass(weight, work) {
      line ??= begin();
      const limiter = await line;
      await limiter.incrementReservoir(weight);
      return limiter.schedule({ weight }, work);
    },
  };
}
