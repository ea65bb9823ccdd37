import type { ReplayMark } from '../../automation/run-state.ts';
import type { EndpointRecord } from '../../contracts/webhook-records.ts';
import type { ErrorRecord } from '../../errors/error-record.ts';
import { isJsonObject } from '../../json/is-json-object.ts';

/** What is stored with a delivery: rendered once, when it is planned, and the same at every attempt. */
export interface DeliveryInput {
  /** JSON text of the data that its transformation has rendered; absent: the event's own. */
  readonly data?: string;
  /** What its endpoint had as its body when it was planned; absent: that of Standard Webhooks. */
  readonly payload?: EndpointRecord['payload'];
  /** Why the transformation could not be rendered: nothing is sent. */
  readonly fault?: ErrorRecord;
  /** The replay that made it. */
  readonly mark?: ReplayMark;
}

/** The input as JSON text; `null` where there is nothing to be kept. */
export function writeDeliveryInput({ data, payload = 'standard', fault, mark }: DeliveryInput): string | null {
  const isMarked = (mark?.replayKey ?? null) !== null;
  if (data === undefined && payload === 'standard' && fault === undefined && !isMarked) return null;
  return JSON.stringify({
    ...(isMarked ? mark : {}),
    ...(data === undefined ? {} : { data }),
    ...(payload === 'standard' ? {} : { payload }),
    ...(fault === undefined ? {} : { fault }),
  });
}

/** What {@link writeDeliveryInput} wrote, but for the mark, which a replay reads. */
export function readDeliveryInput(input: string | null): Omit<DeliveryInput, 'mark'> {
  const written: unknown = input === null ? null : JSON.parse(input);
  if (!isJsonObject(written)) return {};
  const { data, payload, fault } = written;
  return {
    ...(typeof data === 'string' ? { data } : {}),
    ...(payload === 'cloudevents' || payload === 'data' ? { payload } : {}),
    ...(isJsonObject(fault) ? { fault: { code: String(fault['code']), message: String(fault['message']) } } : {}),
  };
}
