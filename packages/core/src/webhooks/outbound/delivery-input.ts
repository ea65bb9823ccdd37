import type { ReplayMark } from '../../automation/run-state.ts';
import type { ErrorRecord } from '../../errors/error-record.ts';
import { isJsonObject } from '../../json/is-json-object.ts';

/** What is stored with a delivery: rendered once, when it is planned, and the same at every attempt. */
export interface DeliveryInput {
  /** JSON text of the data that its transformation has rendered; absent: the event's own. */
  readonly data?: string;
  /** Why the transformation could not be rendered: nothing is sent. */
  readonly fault?: ErrorRecord;
  /** The replay that made it. */
  readonly mark?: ReplayMark;
}

/** The input as JSON text; `null` where there is nothing to be kept. */
export function writeDeliveryInput({ data, fault, mark }: DeliveryInput): string | null {
  const isMarked = (mark?.replayKey ?? null) !== null;
  if (data === undefined && fault === undefined && !isMarked) return null;
  return JSON.stringify({ ...(isMarked ? mark : {}), ...(data === undefined ? {} : { data }), ...(fault === undefined ? {} : { fault }) });
}

/** What {@link writeDeliveryInput} wrote, but for the mark, which a replay reads. */
export function readDeliveryInput(input: string | null): Omit<DeliveryInput, 'mark'> {
  const written: unknown = input === null ? null : JSON.parse(input);
  if (!isJsonObject(written)) return {};
  const { data, fault } = written;
  return {
    ...(typeof data === 'string' ? { data } : {}),
    ...(isJsonObject(fault) ? { fault: { code: String(fault['code']), message: String(fault['message']) } } : {}),
  };
}
