import type { FuelUse } from '../expression/frame.ts';

/** What one call over stored events may work out, and hold: its report has the inputs that it tells of. */
export const callFuel: Readonly<FuelUse> = { steps: 20_000_000, bytes: 64 * 1_048_576 };
