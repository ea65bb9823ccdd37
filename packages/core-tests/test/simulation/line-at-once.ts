import type { PermitLine } from '../../../core/src/gateway/limits/permit-line.ts';

/**
 * Stands in for the function of this name in core, whose line waits by timers of its own that belong to no world: work goes at once. A test file puts it
 * there with `vi.mock`.
 */
export const createPermitLine = (): PermitLine => ({ pass: (_weight, work) => work() });
