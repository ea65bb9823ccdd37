import type { CelFunction } from './cel-function.ts';
import { fail, spendScan } from './frame.ts';
import { memberNames } from './member-names.ts';
import { isBytes, isList, isMap, kindOf } from './value.ts';

/** `size(x)` or `x.size()`: characters (code points) of text, items of a list, members of a map, bytes. */
export const sizeFunction: CelFunction = {
  name: 'size',
  style: 'either',
  arity: [1, 1],
  run: (frame, [value]) => {
    if (typeof value === 'string') {
      spendScan(frame, value.length * 4);
      return BigInt(countCharacters(value));
    }
    if (value === undefined || value === null) return fail(frame, 'size needs a string, list, map or bytes, not null');
    if (isList(value) || isBytes(value)) return BigInt(value.length);
    return isMap(value)
      ? BigInt(memberNames(frame, value).length)
      : fail(frame, `size needs a string, list, map or bytes, not ${kindOf(value)}`);
  },
};

function countCharacters(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index++) {
    const isPair = (text.charCodeAt(index) & 0xfc00) === 0xdc00 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
    if (isPair) count--;
  }
  return count;
}
