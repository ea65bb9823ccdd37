import { compareText } from '../expression/compare-values.ts';
import { spendScan, spendSteps } from '../expression/frame.ts';
import { parseTimestamp } from '../expression/timestamp.ts';
import { describeKind } from './actual-value.ts';
import type { OrderOperator } from './condition.ts';
import { type Decide, erred, guarded } from './verdict.ts';

type Accepts = (order: number) => boolean;

const accepts: Readonly<Record<OrderOperator, Accepts>> = {
  greater_than: (order) => order > 0,
  greater_or_equal: (order) => order >= 0,
  less_than: (order) => order < 0,
  less_or_equal: (order) => order <= 0,
};

/** Orders a number against numbers, text against text by code points. Absent and null are in no order: false, not an error. */
export function compileOrder(op: OrderOperator, expected: number | string): Decide {
  const accept = accepts[op];
  return typeof expected === 'number' ? orderNumbers(accept, expected) : orderText(accept, expected);
}

function orderNumbers(accept: Accepts, expected: number): Decide {
  return (value) => {
    if (typeof value === 'number' || typeof value === 'bigint') return accept(value < expected ? -1 : value > expected ? 1 : 0);
    return value === undefined || value === null ? false : erred(`it is ${describeKind(value)}, not a number`);
  };
}

function orderText(accept: Accepts, expected: string): Decide {
  return guarded((value, frame) => {
    if (typeof value !== 'string')
      return value === undefined || value === null ? false : erred(`it is ${describeKind(value)}, not a string`);
    spendScan(frame, Math.min(value.length, expected.length) * 4);
    return accept(compareText(value, expected));
  });
}

/** `before` and `after` a moment; the field holds RFC 3339. Absent and null are false, anything else is an error. */
export function compileMoment(op: 'before' | 'after', expected: string): Decide {
  const moment = parseTimestamp(expected);
  return guarded((value, frame) => {
    if (value === undefined || value === null) return false;
    if (typeof value !== 'string') return erred(`it is ${describeKind(value)}, not an RFC 3339 timestamp`);
    spendSteps(frame, 20);
    const actual = parseTimestamp(value);
    if (actual === undefined || moment === undefined) return erred('it is no RFC 3339 timestamp');
    return op === 'before' ? actual.nanoseconds < moment.nanoseconds : actual.nanoseconds > moment.nanoseconds;
  });
}
