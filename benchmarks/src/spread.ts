import { median } from './median.ts';

/** How far the values lie apart: (largest − smallest) / median, so 0.1 means a tenth of the median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}
